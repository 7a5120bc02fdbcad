/// @file
/// The parts of chapter 2's program. Each prints its section, draws its figures and notes its numbers.
#pragma once

#include "plotting/plot.hpp"
#include "program.hpp"

namespace plaingrad {

void show_neuron(const Options& options);                      ///< 2.2
void show_activations(const Options& options);                 ///< 2.3
void show_network(const Options& options, Results& results);   ///< 2.4 to 2.6: Fig. 2.3, 2.4, 2.5
void show_training(const Options& options, Results& results);  ///< 2.6: epoch after epoch
void show_judge(Results& results);                             ///< 2.6: numerical differences decide
void show_step_sizes(const Options& options);                  ///< how small the differences should be

}  // namespace plaingrad
