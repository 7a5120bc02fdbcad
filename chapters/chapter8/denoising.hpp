/// @file
/// What section 8.7 shares between the report's own figures and those beyond it.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "chapter8/common.hpp"

namespace plaingrad::chapter8 {

/// A way to restore noisy images.
struct Restorer {
  std::string name;
  std::function<Tensor(const Tensor&)> restore;
};

/// Noise 0 to 1.5 and every restorer: the accuracy of the CNN on what comes out, its PSNR and its SSIM, as
/// tables and curves, and training noise against test noise as matrices.
/// @param test  clean images @param labels  the digits they show
/// @param cnn  classifies the restored images
void noise_curves(const Options& options, const Tensor& test, std::span<const std::uint8_t> labels,
                  Sequential& cnn, const std::vector<Restorer>& restorers, Results& results);

/// One digit under the three noises of the report, after each restorer.
void draw_restorers(const Options& options, const Tensor& test, const std::vector<Restorer>& restorers);

}  // namespace plaingrad::chapter8
