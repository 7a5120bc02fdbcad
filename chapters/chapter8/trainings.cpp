#include "chapter8/trainings.hpp"

#include <unistd.h>

#include <algorithm>
#include <iostream>
#include <stdexcept>

#include "chapter8/common.hpp"
#include "math/decimal.hpp"
#include "models/cnn.hpp"
#include "optimizers/adam.hpp"
#include "optimizers/sgd.hpp"
#include "training/fingerprint.hpp"
#include "training/stop.hpp"

namespace plaingrad::chapter8 {

namespace fs = std::filesystem;

const TrainAndTest& Context::dataset(DatasetName name) {
  const auto found = datasets_.find(name);
  if (found != datasets_.end()) return found->second;
  return datasets_.emplace(name, load_dataset(name, options.data, options.sample)).first->second;
}

Training Context::training(const std::string& title, const std::string& experiment, DatasetName data,
                           int training_epochs, std::uint64_t seed,
                           std::map<std::string, std::string> settings) {
  std::string& images = digests_[data];
  if (images.empty()) images = digest(dataset(data).train) + ' ' + digest(dataset(data).test);
  settings["images"] = images;
  settings["epochs"] = std::to_string(training_epochs);
  const std::string which = seed == options.seed ? "" : ", seed " + std::to_string(seed);
  return {title + which, training_epochs, {experiment, std::move(settings), seed}};
}

// ---- records ---------------------------------------------------------------------------------------------

namespace {

constexpr const char* digest_key = "digest";

const std::string remedy = "; remove this file, and the training is done again";

fs::path records_folder(const Options& options) {
  return options.out / "runs";
}

}  // namespace

fs::path Context::beside_record(const Training& training, const std::string& ending) const {
  const fs::path json = record_path(records_folder(options), training.id);
  return json.parent_path() / (json.stem().string() + ending);
}

bool Context::is_recorded(const Training& training) const {
  if (options.again && !made_.contains(training.id.name())) return false;
  return read_record(records_folder(options), training.id) &&
         (!training.weights || fs::exists(beside_record(training, ".safetensors")));
}

Record Context::record(const Training& training) const {
  auto found = read_record(records_folder(options), training.id);
  if (!found)
    throw std::runtime_error(beside_record(training, ".json").string() + ": the record of " + training.title +
                             " is not there; chapter8 makes it");
  return *found;
}

std::vector<Record> Context::records(const Training& training) const {
  return read_records(records_folder(options), training.id);
}

Checkpoint Context::weights(const Training& training) const {
  const fs::path path = beside_record(training, ".safetensors");
  try {
    Checkpoint kept = load_checkpoint(path);
    if (kept.text(digest_key) != digest(kept)) kept.refuse("is damaged: it is not what was written");
    return kept;
  } catch (const std::runtime_error& error) {
    throw std::runtime_error(error.what() + remedy);
  }
}

Checkpoint Context::restore(const Training& training, Sequential& model) const {
  Checkpoint kept = weights(training);
  kept.restore("", model);
  if (weights_hash(model) != record(training).weights)
    kept.refuse("has other weights than its record says" + remedy);
  return kept;
}

void Context::keep(const Training& training, Record record, Sequential& model,
                   const std::map<std::string, Tensor>& more) {
  record.id = training.id;
  record.weights = weights_hash(model);
  if (training.weights) {
    Checkpoint kept{.tensors = more};
    kept.add("", model);
    kept.metadata[digest_key] = digest(kept);
    save_checkpoint(beside_record(training, ".safetensors"), kept);
  }
  write_record(records_folder(options), record);
  made_.insert(training.id.name());
  runs_.at(training.id.name()).finish();
  std::cerr << training.title << ": finished, recorded in " << beside_record(training, ".json").string()
            << std::endl;
}

// ---- checkpoints -----------------------------------------------------------------------------------------

RunFile& Context::find_run(const Training& training) {
  const std::string name = training.id.name();
  const RunFile run(options.out / "checkpoints", training.id, training.title, training.epochs,
                    options.again && !made_.contains(name));
  return runs_.insert_or_assign(name, run).first->second;
}

ActiveRun Context::start_run(const Training& training) {
  auto lock = std::make_unique<FileLock>(options.out / "checkpoints" / (training.id.name() + ".lock"));
  for (bool waiting = false; !lock->try_lock(); waiting = true) {
    if (!waiting) std::cerr << training.title << ": another process is at it; waiting" << std::endl;
    throw_if_stopped();
    usleep(200'000);
  }
  RunFile& run = find_run(training);
  std::cerr << training.title << ": ";
  if (run.epochs_kept() == 0)
    std::cerr << "kept after every epoch in " << run.path().string() << std::endl;
  else
    std::cerr << "going on after epoch " << run.epochs_kept() << " of " << run.epochs() << ", kept in "
              << run.kept_in().string() << " (remove it to start anew)" << std::endl;
  return {std::move(lock), run};
}

std::string Context::kept() const {
  std::string lines;
  for (const auto& [name, run] : runs_)
    if (made_.contains(name))
      lines += "\n  " + run.title() + ": finished and recorded";
    else if (run.epochs_kept() > 0)
      lines += "\n  " + run.title() + ": " + std::to_string(run.epochs_kept()) + " of " +
               std::to_string(run.epochs()) + " epochs, in " + run.kept_in().string();
  return lines;
}

// ---- the CNN ---------------------------------------------------------------------------------------------

namespace {

/// Of section 8.5, chosen on the last 10,000 training images (section_8_5_rates.cpp).
constexpr LearningRate decaying = {.initial = 0.2, .decay = 1e-3};

std::unique_ptr<Optimizer> make_optimizer(const std::string& name) {
  if (name == "Adam") return std::make_unique<Adam>();
  if (name == "SGD") return std::make_unique<SGD>(LearningRate{.initial = 0.01});  // Keras's default
  return std::make_unique<SGD>(decaying);
}

/// The weights after each epoch take megabytes, and are needed for one network only.
bool keeps_every_epoch(const CnnSettings& settings) {
  return settings.data == DatasetName::mnist && settings.optimizer == "Adam" && settings.images == 0;
}

}  // namespace

std::vector<Misclassified> misclassified(const Evaluation& evaluation, const Dataset& test) {
  std::vector<Misclassified> all;
  for (std::size_t i = 0; i < test.labels.size(); ++i)
    if (evaluation.predicted[i] != test.labels[i])
      all.push_back({static_cast<Index>(i), evaluation.predicted[i]});
  return all;
}

CnnSettings cnn_on_mnist(const Options& options) {
  return {.epochs = epochs(options)};
}

CnnSettings cnn_trained_by(const Options& options, const std::string& optimizer) {
  return {.optimizer = optimizer, .epochs = epochs(options)};
}

CnnSettings fashion_cnn(const Options& options, int convolutions) {
  return {.data = DatasetName::fashion_mnist, .epochs = epochs(options), .convolutions = convolutions};
}

CnnSettings cnn_of_three_epochs(const Options&) {
  return {.epochs = 3};
}

Training cnn_training(Context& context, const CnnSettings& settings, std::uint64_t seed) {
  const bool digits = settings.data == DatasetName::mnist;
  const std::string number = settings.convolutions == 3 ? "three" : "two";
  const std::map<std::string, std::string> names = {
      {"Adam", "adam"}, {"SGD", "sgd"}, {"SGD with decay", "sgd-with-decay"}};
  std::map<std::string, std::string> all = {{"optimizer", settings.optimizer},
                                            {"batch size", "32"},
                                            {"convolutions", std::to_string(settings.convolutions)}};
  if (settings.optimizer == "SGD with decay") {
    all["initial rate"] = significant(decaying.initial, 9);
    all["decay"] = significant(decaying.decay, 9);
  }
  Training training = context.training(
      "CNN on " + (digits ? "MNIST, " + settings.optimizer : "Fashion-MNIST, " + number + " convolutions"),
      digits ? "cnn-mnist-" + names.at(settings.optimizer) : "cnn-fashion-mnist-" + number + "-convolutions",
      settings.data, settings.epochs, seed, all);
  if (settings.images > 0) {
    const std::string count = std::to_string(settings.images);
    training.title += ", " + count + " images";
    training.id.experiment += "-" + count + "-images";
  }
  if (keeps_every_epoch(settings)) {
    // Sections 8.3, 8.4 and 8.7 make figures from the one; section 8.8 only uses the other.
    training.weights = settings.epochs == epochs(context.options) && seed == context.options.seed;
    if (settings.epochs != epochs(context.options)) training.title = "CNN of 3 epochs";
  }
  return training;
}

//! [train_cnn]
TrainedClassifier train_cnn(Context& context, const CnnSettings& settings, std::uint64_t seed) {
  const Training training = cnn_training(context, settings, seed);
  const TrainAndTest& data = context.dataset(settings.data);
  Random random(seed);
  TrainedClassifier trained{make_cnn(random, settings.convolutions), {}, {}};
  const std::unique_ptr<Optimizer> optimizer = make_optimizer(settings.optimizer);
  const ActiveRun run = context.start_run(training);
  Progress progress(training.title, std::cerr, isatty(STDERR_FILENO) == 1);
  const FitOptions fit{.epochs = training.epochs,
                       .batch_size = 32,
                       .progress = &progress,
                       .run = &run.file,
                       .weights = keeps_every_epoch(settings) ? &trained.after_epoch : nullptr};
  const Dataset train = settings.images > 0 ? part_of(data.train, settings.images, seed) : data.train;
  trained.history = fit_classifier(trained.model, *optimizer, train, data.test, fit, random);
  trained.test = evaluate_classifier(trained.model, data.test);
  if (!context.is_recorded(training)) {
    Record record;
    set_history(record, trained.history, true);
    record.misclassified = misclassified(trained.test, data.test);
    context.keep(training, record, trained.model);
  }
  return trained;
}
//! [train_cnn]

Job cnn_job(Context& context, const CnnSettings& settings, std::uint64_t seed) {
  return {{cnn_training(context, settings, seed)},
          [settings, seed](Context& with) { train_cnn(with, settings, seed); }};
}

Sequential recorded_cnn(Context& context, const CnnSettings& settings) {
  Random replaced(1);
  Sequential model = make_cnn(replaced, settings.convolutions);
  context.restore(cnn_training(context, settings, context.options.seed), model);
  return model;
}

std::vector<std::uint8_t> recorded_predictions(const Record& record, const Dataset& test) {
  std::vector<std::uint8_t> predicted = test.labels;
  for (const Misclassified& m : record.misclassified) {
    if (m.image >= test.count() || m.predicted > 9)
      record.refuse("image " + std::to_string(m.image) + " taken for " + std::to_string(m.predicted) +
                    " is not one of " + std::to_string(test.count()) + " test images and 10 classes");
    predicted[static_cast<std::size_t>(m.image)] = static_cast<std::uint8_t>(m.predicted);
  }
  return predicted;
}

void set_weights(Sequential& model, const Weights& weights) {
  const std::vector<Parameter*>& parameters = model.parameters();
  if (parameters.size() != weights.size())
    throw std::invalid_argument("set_weights: " + std::to_string(weights.size()) + " tensors for " +
                                std::to_string(parameters.size()) + " parameters");
  for (std::size_t i = 0; i < weights.size(); ++i) {
    require_shape(weights[i], parameters[i]->value.shape, "set_weights: " + parameters[i]->name);
    parameters[i]->value = weights[i];
  }
}

}  // namespace plaingrad::chapter8
