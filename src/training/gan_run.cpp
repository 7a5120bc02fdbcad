#include "training/gan_run.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <limits>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "data/json_text.hpp"
#include "data/mini_batches.hpp"
#include "math/decimal.hpp"
#include "math/floating_point.hpp"
#include "models/gan.hpp"
#include "training/fit.hpp"
#include "training/gan_trainer.hpp"
#include "training/stop.hpp"
#include "training/weight_average.hpp"

namespace plaingrad {

namespace {

AdamSettings generator_settings(const GanSettings& settings) {
  return {.learning_rate = settings.learning_rate, .beta1 = settings.beta1};
}

AdamSettings discriminator_settings(const GanSettings& settings) {
  return {.learning_rate = settings.discriminator_rate * settings.learning_rate, .beta1 = settings.beta1};
}

const GanSettings& checked(const GanSettings& settings) {
  if (settings.batch_size < 1 || settings.batch_size > max_batch_size || settings.digits < 1 ||
      settings.digits > max_batch_size)
    throw std::invalid_argument(
        "GanRun: batch size and digits must be 1 to " + std::to_string(max_batch_size) + ", got " +
        std::to_string(settings.batch_size) + " and " + std::to_string(settings.digits));
  if (!(settings.real_target >= 0 && settings.real_target <= 1))
    throw std::invalid_argument("GanRun: the target of real images must be 0 to 1, got " +
                                std::to_string(settings.real_target));
  if (!(settings.average >= 0 && settings.average < 1))
    throw std::invalid_argument("GanRun: average must be at least 0 and less than 1, got " +
                                std::to_string(settings.average));
  const Adam generator_adam(generator_settings(settings));  // throw before any weight is drawn
  const Adam discriminator_adam(discriminator_settings(settings));
  return settings;
}

std::optional<Sequential> copy_of(const Sequential& generator) {
  Random unused(1);  // the weights that it draws are replaced
  Sequential copy = make_generator(unused);
  average_weights(copy, generator, 1);
  return copy;
}

bool all_finite(Sequential& model) {
  return std::all_of(model.parameters().begin(), model.parameters().end(),
                     [](const Parameter* p) { return all_finite(p->value); });
}

std::string describe(const GanEpoch& epoch) {
  return "loss D " + fixed(epoch.discriminator_loss, 3) + ", G " + fixed(epoch.generator_loss, 3);
}

}  // namespace

GanRun::GanRun(const GanSettings& settings)
    : settings_(checked(settings)),
      random_(settings.seed),
      generator_(make_generator(random_)),
      discriminator_(make_discriminator(random_)),
      average_(settings.average > 0 ? copy_of(generator_) : std::nullopt),
      generator_adam_(generator_settings(settings)),
      discriminator_adam_(discriminator_settings(settings)),
      digit_noise_({settings.digits, gan_noise_size}) {
  random_.fill_normal(digit_noise_);
}

//! [run_epoch]
GanEpoch& GanRun::run_epoch(const Dataset& images, Progress* progress,
                            const std::function<void(GanEpoch&)>& keep) {
  if (images.count() < 1) throw std::invalid_argument("GanRun: there are no training images");
  if (images.height != 28 || images.width != 28)
    throw std::invalid_argument("GanRun: expected images of 28 x 28, got " + std::to_string(images.height) +
                                " x " + std::to_string(images.width));
  const FloatingPointSettings standard;
  const auto start = std::chrono::steady_clock::now();
  GanTrainer trainer(generator_, discriminator_, generator_adam_, discriminator_adam_,
                     GeneratorLoss::non_saturating, settings_.real_target);
  GanEpoch epoch{.number = static_cast<int>(history_.size()) + 1};
  Tensor x, z;
  const auto train_step = [&](Index step, std::span<const Index> batch) {
    throw_if_stopped();
    gather_images(images, batch, Real(1) / Real(127.5), -1, x);
    z.resize({std::ssize(batch), gan_noise_size});
    random_.fill_normal(z);
    const GanLosses losses = trainer.train_step(x, z);
    if (average_)
      average_weights(*average_, generator_, average_share(settings_.average, generator_adam_.t()));

    require_finite_numbers(isfinite(losses.discriminator) && isfinite(losses.generator), step);
    const auto count = static_cast<double>(step);
    epoch.discriminator_loss +=
        (value_of(losses.discriminator) - epoch.discriminator_loss) / count;  // running means
    epoch.generator_loss += (value_of(losses.generator) - epoch.generator_loss) / count;
    if (progress) progress->step(epoch.number, step, describe(epoch));
  };
  for_each_mini_batch(images.count(), settings_.batch_size, random_, train_step);
  epoch.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  Tensor digits = generate(digit_noise_);
  require_finite_numbers(
      all_finite(digits) && all_finite(generator_) && all_finite(discriminator_),
      mini_batch_count(images.count(), settings_.batch_size));  // the last update is in no loss
  digits_.push_back(std::move(digits));
  history_.push_back(epoch);
  if (keep) keep(history_.back());
  if (progress) progress->epoch_done(epoch.number, describe(epoch));
  return history_.back();
}
//! [run_epoch]

void GanRun::require_finite_numbers(bool finite, Index step) {
  if (finite) return;
  // Every gradient of this step is spoiled; the weights, not yet updated, show which network it started in.
  generator_.zero_gradients();
  discriminator_.zero_gradients();
  Sequential& origin = all_finite(generator_) ? discriminator_ : generator_;
  require_finite(std::numeric_limits<double>::quiet_NaN(), static_cast<int>(history_.size()) + 1, step,
                 origin);
}

Tensor generated_images(Sequential& generator, const Tensor& noise) {
  require_shape(noise, {noise.shape.empty() ? 0 : noise.extent(0), gan_noise_size}, "GAN: noise");
  Tensor images({noise.extent(0), 28, 28, 1});
  for_each_slice(noise, 256, [&](Index first, const Tensor& z) {
    throw_if_stopped();
    const Tensor& y = generator.forward(z, Mode::inference);
    std::copy_n(y.data(), y.size(), images.data() + first * 28 * 28);
  });
  return images;
}

// ---- checkpoints -----------------------------------------------------------------------------------------

namespace {

using Json = nlohmann::json;

// Identifies the run. A checkpoint of a run with other settings is not resumed: the result would be
// neither's.
Json settings_json(const GanSettings& settings) {
  const GanSettings listing;
  Json all = {{"batch size", settings.batch_size},
              {"learning rate", settings.learning_rate},
              {"digits", settings.digits},
              {"images", settings.images},
              {"seed", settings.seed}};
  // Those that the first checkpoints did not have.
  if (settings.discriminator_rate != listing.discriminator_rate)
    all["discriminator rate"] = settings.discriminator_rate;
  if (settings.beta1 != listing.beta1) all["beta1"] = settings.beta1;
  if (settings.real_target != listing.real_target) all["real target"] = settings.real_target;
  if (settings.average != listing.average) all["average"] = settings.average;
  return all;
}

// The name that the scores had in the first checkpoints, kept so that those can be read.
constexpr const char* scores_key = "marks";

Json history_json(const std::vector<GanEpoch>& history) {
  Json list = Json::array();
  for (const GanEpoch& epoch : history)
    list.push_back({{"epoch", epoch.number},
                    {"discriminator loss", epoch.discriminator_loss},
                    {"generator loss", epoch.generator_loss},
                    {"seconds", epoch.seconds},
                    {scores_key, epoch.scores}});
  return list;
}

double number_in(const Json& value) {
  if (!value.is_number() || !std::isfinite(value.get<double>()))
    throw std::runtime_error("expected a finite number, found " + value.dump().substr(0, 40));
  return value;
}

/// @throws Json::exception or std::runtime_error at the first entry that is not as history_json() makes it
std::vector<GanEpoch> history_from(const Json& list) {
  if (!list.is_array()) throw std::runtime_error("expected a list");
  std::vector<GanEpoch> history;
  for (const Json& entry : list) {
    const int number = static_cast<int>(history.size()) + 1;
    if (const Json& found = entry.at("epoch"); !found.is_number_integer() || found != number)
      throw std::runtime_error("expected epoch " + std::to_string(number) + ", found " +
                               found.dump().substr(0, 40));
    history.push_back({.number = number,
                       .discriminator_loss = number_in(entry.at("discriminator loss")),
                       .generator_loss = number_in(entry.at("generator loss")),
                       .seconds = number_in(entry.at("seconds"))});
    for (const auto& [name, score] : entry.at(scores_key).items())
      history.back().scores[name] = number_in(score);
  }
  return history;
}

std::string digits_key(std::size_t epoch) {
  char text[40];
  std::snprintf(text, sizeof text, "digits/epoch_%04zu", epoch);
  return text;
}

}  // namespace

Checkpoint GanRun::checkpoint() {
  Checkpoint all;
  all.add("generator/", generator_);
  if (average_) all.add("average/", *average_);
  all.add("discriminator/", discriminator_);
  all.add("generator_adam/", generator_adam_, generator_);
  all.add("discriminator_adam/", discriminator_adam_, discriminator_);
  all.tensors["digits/noise"] = digit_noise_;
  for (std::size_t i = 0; i < digits_.size(); ++i) all.tensors[digits_key(i + 1)] = digits_[i];
  all.metadata["model"] = "gan";
  all.metadata["settings"] = settings_json(settings_).dump();
  all.metadata["history"] = history_json(history_).dump();
  all.metadata["random"] = random_.state();
  return all;
}

void GanRun::restore(const Checkpoint& checkpoint) {
  if (!checkpoint.metadata.contains("model") || checkpoint.text("model") != "gan")
    checkpoint.refuse("is of another model: it is not one of a GAN's training");
  const std::string ours = settings_json(settings_).dump(), theirs = checkpoint.text("settings");
  if (ours != theirs)
    checkpoint.refuse("is of a run with other settings: it has " + theirs + ", expected " + ours);
  const std::string text = checkpoint.text("history");
  std::vector<GanEpoch> history;
  try {
    history = history_from(parse_json(text, "history"));
  } catch (const std::exception& problem) {
    checkpoint.refuse(std::string("has a history that cannot be read: ") + problem.what());
  }
  const Tensor digit_noise = checkpoint.tensor("digits/noise", digit_noise_.shape);
  std::vector<Tensor> digits;
  for (std::size_t i = 0; i < history.size(); ++i)
    digits.push_back(checkpoint.tensor(digits_key(i + 1), {settings_.digits, 28, 28, 1}));
  const Random random = checkpoint.random("random");
  checkpoint.require_fits("generator/", generator_);
  if (average_) checkpoint.require_fits("average/", *average_);
  checkpoint.require_fits("discriminator/", discriminator_);
  checkpoint.require_fits("generator_adam/", generator_adam_, generator_);
  checkpoint.require_fits("discriminator_adam/", discriminator_adam_, discriminator_);

  // Nothing is refused from here on.
  checkpoint.restore("generator/", generator_);
  if (average_) checkpoint.restore("average/", *average_);
  checkpoint.restore("discriminator/", discriminator_);
  checkpoint.restore("generator_adam/", generator_adam_, generator_);
  checkpoint.restore("discriminator_adam/", discriminator_adam_, discriminator_);
  random_ = random;
  digit_noise_ = digit_noise;
  history_ = std::move(history);
  digits_ = std::move(digits);
}

}  // namespace plaingrad
