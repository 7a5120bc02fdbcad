#include "chapter8/trainings.hpp"

#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <iostream>
#include <stdexcept>

#include "chapter8/common.hpp"
#include "models/cnn.hpp"
#include "optimizers/adam.hpp"

namespace plaingrad::chapter8 {

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

const TrainAndTest& Context::dataset(DatasetName name) {
  const auto found = datasets_.find(name);
  if (found != datasets_.end()) return found->second;
  return datasets_.emplace(name, load_dataset(name, options.data, options.sample)).first->second;
}

Training Context::training(const std::string& title, const std::string& experiment, DatasetName data,
                           int training_epochs, std::map<std::string, std::string> settings) {
  std::string& images = digests_[data];
  if (images.empty()) images = digest(dataset(data).train) + ' ' + digest(dataset(data).test);
  settings["images"] = images;
  settings["epochs"] = std::to_string(training_epochs);
  return {title, training_epochs, {experiment, std::move(settings), options.seed}};
}

Training cnn_training(Context& context, DatasetName data, const std::string& optimizer, int epochs,
                      int convolutions) {
  const bool digits = data == DatasetName::mnist, three = convolutions == 3;
  const std::string number = three ? "three" : "two";
  const std::string title = digits ? "MNIST, " + optimizer : "Fashion-MNIST, " + number + " convolutions";
  std::string experiment =
      digits ? "cnn-mnist-" + optimizer : "cnn-fashion-mnist-" + number + "-convolutions";
  std::transform(experiment.begin(), experiment.end(), experiment.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return context.training(
      "CNN on " + title, experiment, data, epochs,
      {{"optimizer", optimizer}, {"batch size", "32"}, {"convolutions", std::to_string(convolutions)}});
}

//! [train_cnn]
TrainedClassifier train_cnn(Context& context, const Training& training, DatasetName name,
                            Optimizer& optimizer, int convolutions) {
  const TrainAndTest& data = context.dataset(name);
  Random random(context.options.seed);
  TrainedClassifier trained{make_cnn(random, convolutions), {}, {}};
  Progress progress(training.title, std::cerr, isatty(STDERR_FILENO) == 1);
  const FitOptions fit{.epochs = training.epochs,
                       .batch_size = 32,
                       .progress = &progress,
                       .run = &context.begin_run(training),
                       .weights = &trained.after_epoch};
  trained.history = fit_classifier(trained.model, optimizer, data.train, data.test, fit, random);
  trained.test = evaluate_classifier(trained.model, data.test);
  return trained;
}
//! [train_cnn]

Training cnn_on_mnist(Context& context) {
  return cnn_training(context, DatasetName::mnist, "Adam", epochs(context.options));
}

Training cnn_of_three_epochs(Context& context) {
  Training training = cnn_training(context, DatasetName::mnist, "Adam", 3);
  if (epochs(context.options) != 3)
    training.title = "CNN of 3 epochs";  // else the same run as cnn_on_mnist()
  return training;
}

TrainedClassifier& Context::cnn_on_mnist() {
  if (!cnn_) {
    Adam adam;
    cnn_ = train_cnn(*this, chapter8::cnn_on_mnist(*this), DatasetName::mnist, adam);
  }
  return *cnn_;
}

Sequential& Context::cnn_of_three_epochs() {
  if (epochs(options) == 3) return cnn_on_mnist().model;  // the same run
  if (!cnn_of_three_epochs_) {
    Adam adam;
    cnn_of_three_epochs_ = train_cnn(*this, chapter8::cnn_of_three_epochs(*this), DatasetName::mnist, adam);
  }
  return cnn_of_three_epochs_->model;
}

// ---- files of the trainings ------------------------------------------------------------------------------

RunFile& Context::find_run(const Training& training) {
  const RunFile run(options.out / "checkpoints", training.id, training.title, training.epochs);
  return runs_.insert_or_assign(training.id.name(), run).first->second;
}

RunFile& Context::begin_run(const Training& training) {
  RunFile& run = find_run(training);
  std::cerr << training.title << ": ";
  if (run.epochs_kept() == 0)
    std::cerr << "kept after every epoch in " << run.path().string() << std::endl;
  else
    std::cerr << "going on after epoch " << run.epochs_kept() << " of " << run.epochs() << ", kept in "
              << run.path().string() << " (remove it to start anew)" << std::endl;
  return run;
}

std::string Context::kept() const {
  std::string lines;
  for (const auto& [name, run] : runs_)
    if (run.epochs_kept() > 0)
      lines += "\n  " + run.title() + ": " + std::to_string(run.epochs_kept()) + " of " +
               std::to_string(run.epochs()) + " epochs, in " + run.path().string();
  return lines;
}

void Context::finish_runs() {
  for (auto& [name, run] : runs_) {
    if (run.epochs_kept() < run.epochs()) continue;
    run.finish();
    std::cerr << run.title() << ": finished; its last state is in " << run.finished_path().string()
              << std::endl;
  }
}

}  // namespace plaingrad::chapter8
