#include "training/fit_state.hpp"

#include <cstdio>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "data/json_text.hpp"
#include "optimizers/sgd.hpp"
#include "training/run.hpp"

namespace plaingrad {
namespace {

using Json = nlohmann::json;

constexpr const char *model_key = "model/", *optimizer_key = "optimizer/", *kind_key = "optimizer",
                     *step_key = "optimizer/k", *history_key = "history", *random_key = "random";

// ---- optimizers ------------------------------------------------------------------------------------------

std::string kind_of(const Optimizer& optimizer) {
  if (dynamic_cast<const Adam*>(&optimizer)) return "Adam";
  if (dynamic_cast<const SGD*>(&optimizer)) return "SGD";
  throw std::invalid_argument("only runs of SGD and of Adam can be kept");
}

void add(Checkpoint& checkpoint, const Optimizer& optimizer, Sequential& model) {
  checkpoint.metadata[kind_key] = kind_of(optimizer);
  if (const auto* adam = dynamic_cast<const Adam*>(&optimizer)) checkpoint.add(optimizer_key, *adam, model);
  if (const auto* sgd = dynamic_cast<const SGD*>(&optimizer))
    checkpoint.metadata[step_key] = std::to_string(sgd->k());
}

// @throws std::runtime_error naming the entry that does not fit
void require_fits(const Checkpoint& checkpoint, const Optimizer& optimizer, Sequential& model) {
  if (checkpoint.text(kind_key) != kind_of(optimizer))
    checkpoint.refuse("is of a run with " + checkpoint.text(kind_key) + ", expected " + kind_of(optimizer));
  if (const auto* adam = dynamic_cast<const Adam*>(&optimizer))
    checkpoint.require_fits(optimizer_key, *adam, model);
  else if (checkpoint.step(step_key) < 1)
    checkpoint.refuse(std::string("has an entry ") + step_key + " below 1");
}

void restore(const Checkpoint& checkpoint, Optimizer& optimizer, Sequential& model) {
  if (auto* adam = dynamic_cast<Adam*>(&optimizer)) checkpoint.restore(optimizer_key, *adam, model);
  if (auto* sgd = dynamic_cast<SGD*>(&optimizer)) sgd->set_k(checkpoint.step(step_key));
}

// ---- history ---------------------------------------------------------------------------------------------

Json to_json(const History& history) {
  Json list = Json::array();
  for (const Epoch& epoch : history)
    list.push_back({{"epoch", epoch.number},
                    {"loss", epoch.loss},
                    {"accuracy", epoch.accuracy},
                    {"validation loss", epoch.validation_loss},
                    {"validation accuracy", epoch.validation_accuracy},
                    {"seconds", epoch.seconds}});
  return list;
}

History history_from(const Checkpoint& checkpoint) {
  const std::string text = checkpoint.text(history_key);
  History history;
  try {
    for (const Json& entry : parse_json(text, history_key))
      history.push_back({entry.at("epoch"), entry.at("loss"), entry.at("accuracy"),
                         entry.at("validation loss"), entry.at("validation accuracy"), entry.at("seconds")});
  } catch (const std::exception& problem) {
    checkpoint.refuse(std::string("has a history that cannot be read: ") + problem.what());
  }
  return history;
}

// ---- weights after each epoch ----------------------------------------------------------------------------

std::string weights_key(std::size_t epoch, const Parameter& parameter) {
  char text[40];
  std::snprintf(text, sizeof text, "epoch_%04zu/", epoch);
  return text + parameter.name;
}

void add(Checkpoint& checkpoint, const std::vector<Weights>& all, Sequential& model) {
  for (std::size_t epoch = 0; epoch < all.size(); ++epoch)
    for (std::size_t i = 0; i < all[epoch].size(); ++i)
      checkpoint.tensors[weights_key(epoch + 1, *model.parameters()[i])] = all[epoch][i];
}

std::vector<Weights> weights_from(const Checkpoint& checkpoint, std::size_t epochs, Sequential& model) {
  std::vector<Weights> all(epochs);
  for (std::size_t epoch = 0; epoch < epochs; ++epoch)
    for (const Parameter* parameter : model.parameters())
      all[epoch].push_back(checkpoint.tensor(weights_key(epoch + 1, *parameter), parameter->value.shape));
  return all;
}

// ---- all of it -------------------------------------------------------------------------------------------

// Checks everything, then changes everything.
void restore(const Checkpoint& checkpoint, const FitState& state) {
  History history = history_from(checkpoint);
  std::vector<Weights> weights;
  if (state.weights) weights = weights_from(checkpoint, history.size(), state.model);
  const Random random = checkpoint.random(random_key);
  checkpoint.require_fits(model_key, state.model);
  require_fits(checkpoint, state.optimizer, state.model);

  checkpoint.restore(model_key, state.model);
  restore(checkpoint, state.optimizer, state.model);
  state.random = random;
  state.history = std::move(history);
  if (state.weights) *state.weights = std::move(weights);
}

}  // namespace

void resume(const FitState& state, const FitOptions& options) {
  if (!options.run) return;
  kind_of(state.optimizer);  // fails before the first epoch
  const std::optional<Checkpoint> kept = options.run->load();
  if (!kept) return;
  try {
    restore(*kept, state);
  } catch (const std::exception& error) {
    options.run->refuse(error.what());
  }
}

void keep(const FitState& state, const FitOptions& options) {
  if (state.weights) {
    Weights& now = state.weights->emplace_back();
    for (const Parameter* parameter : state.model.parameters()) now.push_back(parameter->value);
  }
  if (!options.run) return;
  Checkpoint checkpoint;
  checkpoint.add(model_key, state.model);
  add(checkpoint, state.optimizer, state.model);
  if (state.weights) add(checkpoint, *state.weights, state.model);
  checkpoint.metadata[history_key] = to_json(state.history).dump();
  checkpoint.metadata[random_key] = state.random.state();
  options.run->save(std::move(checkpoint), state.history.back().number);
}

}  // namespace plaingrad
