/// @file
/// The sections of chapter 7. Each prints what it works out, draws its figures and adds its numbers to the
/// results.
#pragma once

#include "data/dataset.hpp"
#include "program.hpp"

namespace plaingrad::chapter7 {

/// The two data sets: counts, and the first images of each class.
void section_7_1(const Options& options, const TrainAndTest& mnist, const TrainAndTest& fashion,
                 Results& results);
/// The CNN layer by layer, and its dense layers' equation (7.1) in numbers.
/// @param train  of MNIST
void section_7_3_1(const Options& options, const Dataset& train, Results& results);
/// The autoencoder layer by layer.
void section_7_3_2(const Options& options, Results& results);
/// Generator and discriminator layer by layer.
void section_7_3_3(const Options& options, Results& results);
/// Whether this installation computes the same bits as ours: a short training of each network.
/// @param train  of MNIST
void same_bits(const Dataset& train, Results& results);

}  // namespace plaingrad::chapter7
