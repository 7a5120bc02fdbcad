/// @file
/// The sections of chapter 2. Each prints what it works out, draws its figures and adds its numbers to the
/// results.
#pragma once

#include "plotting/plot.hpp"
#include "program.hpp"

namespace plaingrad::chapter2 {

/// The artificial neuron, Fig. 2.2.
void section_2_2(const Options& options);
/// The table of activation functions.
void section_2_3(const Options& options);
/// Fig. 2.3, 2.4 and 2.5: the network, propagation, backpropagation and one update, in numbers.
void section_2_4_to_2_6(const Options& options, Results& results);
/// Training, epoch after epoch.
void section_2_6_training(const Options& options, Results& results);
/// The rule as printed and the corrected one, against numerical differences.
void section_2_6_gradient_check(Results& results);
/// How small the differences should be.
void section_2_6_step_sizes(const Options& options);

}  // namespace plaingrad::chapter2
