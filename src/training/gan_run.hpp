/// @file
/// A whole training run of the GAN of section 7.3.3, as in listing 11.1.3: epoch by epoch, with digits drawn
/// after each, and such that it can be stopped and resumed.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "data/dataset.hpp"
#include "layers/sequential.hpp"
#include "optimizers/adam.hpp"
#include "training/checkpoint.hpp"
#include "training/progress.hpp"

namespace plaingrad {

/// What makes one run different from another. The defaults are the listing's; what it does not have is off.
struct GanSettings {
  Index batch_size = 256;
  double learning_rate = 1e-4;    ///< of G's Adam
  double discriminator_rate = 1;  ///< the rate of D's Adam, in multiples of G's
  double beta1 = 0.9;             ///< of both Adams
  double real_target = 1;         ///< what D shall say of real images, 0 ... 1 (GanTrainer)
  double average = 0;             ///< 0 ... 1: digits are drawn by averaged weights of G (average_weights())
  Index digits = 20;              ///< how many are drawn after each epoch
  std::uint64_t seed = 1;
  std::string images{};  ///< what it learns from, in words: a checkpoint of a run with others is refused
};

/// The history's entry for one epoch.
struct GanEpoch {
  int number = 0;                                     ///< 1, 2, ...
  double discriminator_loss = 0, generator_loss = 0;  ///< means over the epoch's steps
  double seconds = 0;                                 ///< for the training alone
  std::map<std::string, double> scores{};  ///< whatever the caller measures after the epoch, by name
};

/// A generator's images for the given noise, (count, 28, 28, 1), in [-1, 1]; in inference mode.
/// @param noise  (count, 100)
/// @throws std::invalid_argument if it has another shape
Tensor generated_images(Sequential& generator, const Tensor& noise);

/// The two networks, their optimizers, the source of randomness and the history: all that a run consists of,
/// and all that its checkpoint holds.
class GanRun {
 public:
  /// Draws the networks' weights, then the noise of the digits, from the seed.
  /// @throws std::invalid_argument if batch_size or digits is not 1 ... max_batch_size, either learning rate
  /// or beta1 is none that Adam takes, real_target is not in 0 ... 1, or average not in 0 ... 1, 1 excluded
  explicit GanRun(const GanSettings& settings);
  GanRun(const GanRun&) = delete;
  GanRun& operator=(const GanRun&) = delete;

  /// Every image once, in random order, in mini-batches (the last one may be smaller), scaled to [-1, 1]; a
  /// training step for each. Then draws the digits.
  /// @return the history's new entry
  /// @throws std::invalid_argument if there are no images, or they are not 28 x 28
  /// @throws std::runtime_error naming epoch, step and the first layer with a value that is not finite, if a
  /// loss is not finite, or a weight after the last step. Only a checkpoint can then be resumed.
  /// @throws Stopped after the mini-batch in which a signal came; likewise
  /// @param keep  called with the new entry before progress shows the epoch: to add scores, to save
  GanEpoch& run_epoch(const Dataset& images, Progress* progress = nullptr,
                      const std::function<void(GanEpoch&)>& keep = nullptr);

  /// drawing_generator()'s images for the given noise, as generated_images().
  Tensor generate(const Tensor& noise) { return generated_images(drawing_generator(), noise); }

  /// Epochs so far.
  const std::vector<GanEpoch>& history() const { return history_; }
  /// The digits of the fixed noise after each epoch, each (digits, 28, 28, 1) in [-1, 1].
  const std::vector<Tensor>& digits() const { return digits_; }
  /// The fixed noise, (digits, 100).
  const Tensor& digit_noise() const { return digit_noise_; }
  /// The generator that learns.
  Sequential& generator() { return generator_; }
  /// The generator that draws: the one that learns, or one of its averaged weights if the settings say so.
  Sequential& drawing_generator() { return average_ ? *average_ : generator_; }
  /// The discriminator.
  Sequential& discriminator() { return discriminator_; }

  /// Everything: weights, moving statistics, moments and steps of both Adams, all random states, history,
  /// digits.
  Checkpoint checkpoint();
  /// Resumes from there: every later bit is what it would have been without the interruption.
  /// @throws std::runtime_error if the checkpoint is of another model or of a run with other settings, or
  /// lacks anything; the run then is as it was
  void restore(const Checkpoint& checkpoint);

 private:
  void require_finite_numbers(bool finite, Index step);

  GanSettings settings_;
  Random random_;
  Sequential generator_, discriminator_;
  std::optional<Sequential> average_;  // of the generator's weights
  Adam generator_adam_, discriminator_adam_;
  Tensor digit_noise_;
  std::vector<GanEpoch> history_;
  std::vector<Tensor> digits_;
};

}  // namespace plaingrad
