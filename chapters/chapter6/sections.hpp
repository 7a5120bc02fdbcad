/// @file
/// Chapter 6 step by step. Each function prints what it finds and draws its figures.
#pragma once

#include "program.hpp"

namespace plaingrad::chapter6 {

/// 6.1: the value (6.1) for several discriminators, and the best one.
void the_game(const Options& options, Results& results);
/// 6.1: the saturating and the non-saturating loss and their gradients.
void generator_losses(const Options& options, Results& results);
/// 6.2: the algorithm, and Fig. 6.1.
void training(const Options& options, Results& results);
/// 6.1, 6.2: both losses from a start where the discriminator is sure of everything, and several k.
void ways_to_play(const Options& options, Results& results);

}  // namespace plaingrad::chapter6
