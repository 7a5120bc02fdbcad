/// @file
/// The sections of chapter 8, one function and one file each. Each prints what it finds, draws its figures
/// and writes its entry of results.json; none needs another to have run.
#pragma once

#include "program.hpp"

namespace plaingrad {

void section_8_1(
    const Options& options);  ///< how long 1,000,000 evaluations of each activation function take
void section_8_2(const Options& options);  ///< a digit, and how many there are of each
void section_8_3(const Options& options);  ///< two predictions of the trained network
void section_8_4(const Options& options);  ///< accuracy epoch by epoch, with Adam
void section_8_5(const Options& options);  ///< the same with SGD
void section_8_6(const Options& options);  ///< Fashion-MNIST with three and with two convolutions
void section_8_7(const Options& options);  ///< autoencoders that remove noise, judged by the CNN
void section_8_8(const Options& options);  ///< digits made up by a GAN, and what the CNN makes of them

}  // namespace plaingrad
