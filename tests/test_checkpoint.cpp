/// @file
/// Checkpoints: round trips to the bit, the format itself, and every kind of bad file.
#define BOOST_TEST_DYN_LINK
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <cstring>
#include <nlohmann/json.hpp>

#include "layers/batch_normalization.hpp"
#include "layers/conv2d.hpp"
#include "layers/dense.hpp"
#include "layers/dropout.hpp"
#include "layers/reshape.hpp"
#include "losses/loss.hpp"
#include "temporary_folder.hpp"
#include "training/checkpoint.hpp"

using namespace plaingrad;

namespace {

Sequential small_model(Random& random, Index units = 3) {
  Sequential model("small", {4, 4, 1});
  model.add<Conv2D>(2, 3);
  model.add<BatchNormalization>();
  model.add<Dropout>(0.5);
  model.add<Flatten>();
  model.add<Dense>(units);
  model.build(random);
  return model;
}

void train(Sequential& model, Adam& adam, Random& random, int steps) {
  Tensor x({6, 4, 4, 1}), gradient;
  const std::vector<std::uint8_t> labels = {0, 1, 2, 0, 1, 2};
  for (int step = 0; step < steps; ++step) {
    random.fill_normal(x);
    softmax_cross_entropy(model.forward(x, Mode::training), labels, gradient);
    model.zero_gradients();
    model.backward(gradient);
    adam.step(model.parameters());
  }
}

// A file whose header is the given text.
std::string with_header(const std::string& header, const std::string& data = "") {
  const std::uint64_t length = header.size();
  return std::string(reinterpret_cast<const char*>(&length), 8) + header + data;
}

// Whether loading throws a message that contains the path and `what`.
bool refuses(const std::filesystem::path& path, const std::string& what) {
  try {
    load_checkpoint(path);
  } catch (const std::runtime_error& error) {
    const std::string message = error.what();
    BOOST_TEST_MESSAGE(message);
    return message.find(path.string()) != std::string::npos && message.find(what) != std::string::npos;
  }
  return false;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(checkpoint)

// Three steps, saved, loaded into a fresh model, three more: the same bits as six steps at once.
BOOST_AUTO_TEST_CASE(resumed_training_gives_the_same_bits) {
  const TemporaryFolder folder;
  const auto path = folder.path / "model.safetensors";
  Random random(1);
  Sequential whole = small_model(random);
  Adam adam;
  train(whole, adam, random, 3);
  Checkpoint saved;
  saved.add("small/", whole);
  saved.add("adam/", adam, whole);
  saved.metadata["random"] = random.state();
  save_checkpoint(path, saved);
  train(whole, adam, random, 3);

  Random other(99);
  Sequential resumed = small_model(other);
  Adam resumed_adam;
  const Checkpoint loaded = load_checkpoint(path);
  loaded.restore("small/", resumed);
  loaded.restore("adam/", resumed_adam, resumed);
  other.restore(loaded.text("random"));
  train(resumed, resumed_adam, other, 3);
  for (std::size_t i = 0; i < whole.parameters().size(); ++i)
    BOOST_TEST(resumed.parameters()[i]->value.values == whole.parameters()[i]->value.values);
}

BOOST_AUTO_TEST_CASE(the_file_is_safetensors_with_keras_names) {
  const TemporaryFolder folder;
  const auto path = folder.path / "model.safetensors";
  Random random(2);
  Sequential model = small_model(random);
  Checkpoint saved;
  saved.add("", model);
  save_checkpoint(path, saved);
  const std::string bytes = read_file(path);
  std::uint64_t length;
  std::memcpy(&length, bytes.data(), 8);
  BOOST_TEST(length % 8 == 0);
  const auto header = nlohmann::json::parse(bytes.substr(8, length));
  BOOST_TEST((header.at("conv2d/kernel").at("shape") == nlohmann::json({3, 3, 1, 2})));
  BOOST_TEST((header.at("dense/kernel").at("shape") == nlohmann::json({8, 3})));
  BOOST_TEST(header.contains("batch_normalization/moving_variance"));
  const auto& entry = header.at("dense/kernel");
  const std::uint64_t first = entry.at("data_offsets").at(0);
  Real number;
  std::memcpy(&number, bytes.data() + 8 + length + first, sizeof number);
  BOOST_TEST(number == saved.tensors.at("dense/kernel")[0]);
  BOOST_TEST(!std::filesystem::exists(path.string() + ".tmp"));
}

BOOST_AUTO_TEST_CASE(the_first_layer_may_be_the_one_that_drops_out) {
  Random random(1);
  Sequential model("model", {4});
  model.add<Dropout>(0.5);
  model.add<Dense>(2);
  model.build(random);
  Checkpoint saved;
  saved.add("model/", model);
  BOOST_TEST(saved.metadata.contains("model/dropout/random"));
  saved.metadata.erase(
      "model/dropout/random");  // of another tool's checkpoint it is not asked for, of ours it is
  BOOST_CHECK_THROW(saved.restore("model/", model), std::runtime_error);
}

BOOST_AUTO_TEST_CASE(a_checkpoint_of_another_model_is_refused_and_changes_nothing) {
  Random random(3);
  Sequential model = small_model(random), other = small_model(random, 4);
  Checkpoint saved;
  saved.add("m/", model);
  const auto before = other.parameters()[0]->value.values;
  BOOST_CHECK_THROW(saved.restore("m/", other), std::runtime_error);
  BOOST_TEST(other.parameters()[0]->value.values == before);
  BOOST_CHECK_THROW(saved.restore("n/", model), std::runtime_error);
  saved.tensors["m/extra"] = Tensor({1});
  BOOST_CHECK_THROW(saved.restore("m/", model), std::runtime_error);
  Adam adam;
  BOOST_CHECK_THROW(saved.restore("adam/", adam, model), std::runtime_error);
}

BOOST_AUTO_TEST_CASE(damaged_files_are_refused) {
  const TemporaryFolder folder;
  const auto good = folder.path / "good", bad = folder.path / "bad";
  BOOST_TEST(refuses(bad, "no such"));
  BOOST_TEST(refuses(folder.path, "no such"));
  Checkpoint saved;
  saved.tensors["a"] = Tensor({2, 3}, {1, 2, 3, 4, 5, 6});
  save_checkpoint(good, saved);
  const std::string bytes = read_file(good);
  for (std::size_t kept = 0; kept < bytes.size(); ++kept) {  // cut anywhere
    write_file(bad, bytes.substr(0, kept));
    BOOST_TEST(refuses(bad, "truncated"), "cut to " << kept << " bytes");
  }
  write_file(bad, "<!DOCTYPE html><html><head><title>404</title></head></html>");
  BOOST_TEST(refuses(bad, "not a safetensors file"));
  write_file(bad, with_header("{not json"));
  BOOST_TEST(refuses(bad, "not a safetensors file"));
  write_file(bad, with_header(R"({"a":{"dtype":"I8","shape":[1],"data_offsets":[0,1]}})", "x"));
  BOOST_TEST(refuses(bad, "I8"));
  write_file(bad, with_header(R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}})", "xxxx"));
  BOOST_TEST(refuses(bad, "expected 8"));
  write_file(bad, with_header(R"({"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}})", "xxxx"));
  BOOST_TEST(refuses(bad, "impossible"));
  write_file(bad, with_header(R"({"a":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,4]}})",
                              "xxxx"));
  BOOST_TEST(refuses(bad, "impossible"));
  write_file(bad, with_header(R"({"__metadata__":{"plaingrad_version":"2"}})"));
  BOOST_TEST(refuses(bad, "newer version"));
  write_file(bad, with_header(R"({"__metadata__":{"plaingrad_version":"x"}})"));
  BOOST_TEST(refuses(bad, "not a number"));
}

BOOST_AUTO_TEST_CASE(a_checkpoint_that_cannot_be_written_leaves_the_old_one) {
  Checkpoint saved;
  saved.tensors["a"] = Tensor({1000});
  BOOST_CHECK_THROW(save_checkpoint("/nonexistent/folder/a", saved), std::runtime_error);
  BOOST_CHECK_THROW(save_checkpoint("/dev/full", saved), std::runtime_error);
  const TemporaryFolder folder;
  const auto path = folder.path / "model";
  save_checkpoint(path, saved);
  saved.tensors["__metadata__"] = Tensor({1});
  BOOST_CHECK_THROW(save_checkpoint(path, saved), std::invalid_argument);
  BOOST_TEST(load_checkpoint(path).tensors.at("a").size() == 1000);
}

// ---- a restore that fails changes nothing ----------------------------------------------------------------

namespace {

/// Everything that a restore could change, and a checkpoint that would change all of it.
struct Restoring {
  Restoring() {
    Random other(8);
    Sequential theirs = small_model(other);
    Adam their_adam;
    train(theirs, their_adam, other, 2);
    good.add("m/", theirs);
    good.add("adam/", their_adam, theirs);
    train(model, adam, random, 1);
  }

  std::string model_dropout_state() { return state().metadata.at("m/dropout/random"); }

  Checkpoint state() {
    Checkpoint all;
    all.add("m/", model);
    all.add("adam/", adam, model);
    return all;
  }

  /// Restoring from `bad` throws a message with `word`, and model and optimizer are as before.
  void require_refused(const Checkpoint& bad, const std::string& word) {
    const Checkpoint before = state();
    std::string message;
    try {
      bad.restore("m/", model);
      bad.restore("adam/", adam, model);
    } catch (const std::runtime_error& error) {
      message = error.what();
    }
    BOOST_TEST(message.find(word) != std::string::npos, '"' << word << "\" is not in: " << message);
    const bool of_adam = word.starts_with("adam/");
    for (const auto& [name, tensor] : state().tensors)
      if (!of_adam || name.starts_with("adam/"))
        BOOST_TEST((before.tensors.at(name).values == tensor.values), name);
    for (const auto& [name, text] : state().metadata)
      if (!of_adam || name.starts_with("adam/")) BOOST_TEST((before.metadata.at(name) == text), name);
  }

  Random random{3};
  Sequential model = small_model(random);
  Adam adam;
  Checkpoint good;
};

}  // namespace

BOOST_FIXTURE_TEST_CASE(a_restore_that_fails_changes_nothing, Restoring) {
  for (const auto& [name, tensor] : good.tensors) {
    Checkpoint bad = good;
    bad.tensors.erase(name);
    require_refused(bad, name.starts_with("adam/") ? name : "no " + name);
    bad = good;
    bad.tensors[name] = Tensor({7, 7});
    require_refused(bad, name);
    bad = good;
    bad.tensors[name].values.pop_back();
    require_refused(bad, name);
    bad = good;
    bad.tensors[name].values.back() = NAN;
    require_refused(bad, name);
  }
  for (const char* name : {"m/dropout/random", "adam/t"}) {
    Checkpoint bad = good;
    bad.metadata.erase(name);
    require_refused(bad, name);
  }
  Checkpoint bad = good;
  bad.tensors["m/extra"] = Tensor({1});
  require_refused(bad, "m/...");
  bad = good;
  bad.tensors["m/batch_normalization/moving_variance"].values[0] = -1;
  require_refused(bad, "m/batch_normalization/moving_variance");
  bad = good;
  bad.tensors["adam/v/dense/bias"].values[0] = -1;
  require_refused(bad, "adam/v/dense/bias");
  Checkpoint zeros = good;  // a variance may be 0
  for (const char* name : {"m/batch_normalization/moving_variance", "adam/v/dense/bias"})
    zeros.tensors[name].fill(0);
  zeros.restore("m/", model);
  zeros.restore("adam/", adam, model);
  good.restore("m/", model);
  good.restore("adam/", adam, model);
  for (const auto& [name, tensor] : state().tensors)
    BOOST_TEST((good.tensors.at(name).values == tensor.values), name);
}

BOOST_FIXTURE_TEST_CASE(numbers_that_do_not_parse_are_named, Restoring) {
  for (const char* t :
       {"", "x", "1x", " 1", "1.5", "-1", "1e3", "99999999999999999999", "9223372036854775807"}) {
    Checkpoint bad = good;
    bad.metadata["adam/t"] = t;
    require_refused(bad, "adam/t");
  }
}

BOOST_FIXTURE_TEST_CASE(random_states_that_are_none_are_refused, Restoring) {
  const std::string state = good.metadata.at("m/dropout/random");
  const std::string table = state.substr(0, state.rfind(' '));
  std::string zeros = "0";
  for (int i = 1; i < 312; ++i) zeros += " 0";
  for (const std::string& text :
       {std::string(), std::string("x"), table, state + " 1", table + " 313", table + " 1000000000",
        table + " -1", "-" + state, state + "x", zeros + " 312"}) {
    Checkpoint bad = good;
    bad.metadata["m/dropout/random"] = text;
    require_refused(bad, "m/dropout/random");
  }
}

BOOST_FIXTURE_TEST_CASE(errors_name_the_file, Restoring) {
  const TemporaryFolder folder;
  const auto path = folder.path / "model.safetensors";
  good.metadata["adam/t"] = "many";
  save_checkpoint(path, good);
  const Checkpoint loaded = load_checkpoint(path);
  BOOST_CHECK_EXCEPTION(loaded.restore("adam/", adam, model), std::runtime_error, [&](const auto& error) {
    return std::string(error.what()).starts_with(path.string() + ": the checkpoint has \"many\" as adam/t");
  });
}

// What another tool wrote has no texts of ours; without all of its weights it is refused all the same.
BOOST_FIXTURE_TEST_CASE(weights_of_another_tool_are_restored, Restoring) {
  good.metadata.clear();
  const std::string masks = model_dropout_state();
  good.restore("m/", model);
  for (const Parameter* p : model.parameters())
    BOOST_TEST((p->value.values == good.tensors.at("m/" + p->name).values));
  BOOST_TEST(model_dropout_state() == masks);
  good.tensors.erase("m/dense/bias");
  require_refused(good, "no m/dense/bias");
}

BOOST_AUTO_TEST_SUITE_END()
