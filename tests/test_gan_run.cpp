/// @file
/// The GAN's training run: interrupted and resumed it gives the same bits; checkpoints of something else are
/// refused, and numbers that are not finite are reported with the layer.
#define BOOST_TEST_DYN_LINK
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <limits>
#include <sstream>

#include "errors.hpp"
#include "models/gan.hpp"
#include "small_network.hpp"
#include "temporary_folder.hpp"
#include "training/fit.hpp"
#include "training/gan_run.hpp"

using namespace plaingrad;

namespace {

// Few images, and 3 of them in the last mini-batch.
const GanSettings tiny{.batch_size = 4, .digits = 2, .seed = 3};

}  // namespace

BOOST_AUTO_TEST_SUITE(gan_run)

// What is off leaves no trace: checkpoints of earlier versions, which knew nothing of it, are resumed.
BOOST_AUTO_TEST_CASE(the_listings_checkpoint_is_what_it_was) {
  const Checkpoint listing = GanRun(tiny).checkpoint();
  BOOST_TEST(listing.metadata.at("settings") ==
             R"({"batch size":4,"digits":2,"images":"","learning rate":0.0001,"seed":3})");
  for (const auto& [name, tensor] : listing.tensors) BOOST_TEST(!name.starts_with("average/"), name);
}

// Two epochs at once, and one epoch, a file, another one: everything that a checkpoint holds is the same,
// dropout masks, shuffling, Adam's moments and averaged weights included.
BOOST_AUTO_TEST_CASE(resumed_run_gives_the_same_bits) {
  const TemporaryFolder folder;
  GanSettings averaged = tiny;
  averaged.average = 0.9;
  const auto path = folder.path / "gan.safetensors";
  const Dataset images = random_images(7, 28, 28);
  GanRun whole(averaged);
  whole.run_epoch(images).scores["score"] = 1.1;
  save_checkpoint(path, whole.checkpoint());
  whole.run_epoch(images);

  GanRun resumed(averaged);
  resumed.restore(load_checkpoint(path));
  BOOST_TEST(resumed.history().size() == 1u);
  BOOST_TEST(resumed.history()[0].scores.at("score") == 1.1);
  resumed.run_epoch(images);

  Checkpoint a = whole.checkpoint(), b = resumed.checkpoint();
  BOOST_TEST(a.tensors.size() == b.tensors.size());
  for (const auto& [name, tensor] : a.tensors) BOOST_TEST((b.tensors.at(name).values == tensor.values), name);
  for (const auto& [name, text] : a.metadata)
    if (name != "history") BOOST_TEST((b.metadata.at(name) == text), name);  // it has the seconds
  for (std::size_t i = 0; i < 2; ++i) {
    BOOST_TEST(whole.history()[i].discriminator_loss == resumed.history()[i].discriminator_loss);
    BOOST_TEST(whole.history()[i].generator_loss == resumed.history()[i].generator_loss);
  }
  // Not because nothing moves: the two epochs' digits differ.
  BOOST_TEST((whole.digits()[0].values != whole.digits()[1].values));
  BOOST_TEST(a.tensors.contains("generator/conv2d_transpose/kernel"));
  BOOST_TEST(a.tensors.contains("average/conv2d_transpose/kernel"));
  BOOST_TEST(a.tensors.contains("generator/batch_normalization/moving_variance"));
  BOOST_TEST(a.tensors.contains("discriminator_adam/v/dense/kernel"));
  BOOST_TEST(a.metadata.contains("discriminator/dropout_1/random"));
}

BOOST_AUTO_TEST_CASE(checkpoints_of_something_else_are_refused) {
  GanRun run(tiny);
  const Checkpoint good = run.checkpoint();
  run.restore(good);

  GanSettings other_seed = tiny;
  other_seed.seed = 4;
  GanRun other(other_seed);
  BOOST_TEST(contains(message_of<std::runtime_error>([&] { other.restore(good); }), "other settings"));
  for (const GanSettings& changed : {GanSettings{.discriminator_rate = 2}, GanSettings{.beta1 = 0.5},
                                     GanSettings{.real_target = 0.9}, GanSettings{.average = 0.9}}) {
    GanSettings with = tiny;
    with.discriminator_rate = changed.discriminator_rate, with.beta1 = changed.beta1;
    with.real_target = changed.real_target, with.average = changed.average;
    GanRun beyond(with);
    BOOST_TEST(contains(message_of<std::runtime_error>([&] { beyond.restore(good); }), "other settings"));
  }
  GanSettings other_images = tiny;
  other_images.images = "clothes";
  GanRun another(other_images);
  BOOST_TEST(contains(message_of<std::runtime_error>([&] { another.restore(good); }), "clothes"));

  Checkpoint bad = good;
  bad.metadata.erase("model");
  BOOST_TEST(contains(message_of<std::runtime_error>([&] { run.restore(bad); }), "another model"));
  bad = good;
  bad.tensors.erase("generator/dense/kernel");
  BOOST_TEST(contains(message_of<std::runtime_error>([&] { run.restore(bad); }), "generator/dense/kernel"));
  bad = good;
  bad.tensors.erase("digits/noise");
  BOOST_TEST(contains(message_of<std::runtime_error>([&] { run.restore(bad); }), "digits/noise"));
  bad = good;
  bad.metadata["history"] = "[{";
  BOOST_TEST(contains(message_of<std::runtime_error>([&] { run.restore(bad); }), "history"));
  bad = good;
  bad.metadata["history"] = "[{\"epoch\":1}]";
  BOOST_TEST(contains(message_of<std::runtime_error>([&] { run.restore(bad); }), "history"));
  bad = good;
  bad.metadata.erase("random");
  BOOST_TEST(contains(message_of<std::runtime_error>([&] { run.restore(bad); }), "random"));
}

BOOST_AUTO_TEST_CASE(absurd_settings_are_refused_before_the_work) {
  const double nan = std::nan("");
  for (const double rate : {0.0, -1e-4, nan, HUGE_VAL})
    BOOST_CHECK_THROW(GanRun({.learning_rate = rate}), std::invalid_argument);
  for (const double multiple : {0.0, -1.0, nan, HUGE_VAL})
    BOOST_CHECK_THROW(GanRun({.discriminator_rate = multiple}), std::invalid_argument);
  for (const Index count : {Index(0), Index(-1), max_batch_size + 1, std::numeric_limits<Index>::max()}) {
    BOOST_CHECK_THROW(GanRun({.batch_size = count}), std::invalid_argument);
    BOOST_CHECK_THROW(GanRun({.digits = count}), std::invalid_argument);
  }
  for (const double beta1 : {-0.1, 1.0, nan})
    BOOST_CHECK_THROW(GanRun({.beta1 = beta1}), std::invalid_argument);
  for (const double target : {-0.1, 1.1, nan})
    BOOST_CHECK_THROW(GanRun({.real_target = target}), std::invalid_argument);
  for (const double average : {-0.1, 1.0, nan})
    BOOST_CHECK_THROW(GanRun({.average = average}), std::invalid_argument);
  for (const double edge : {0.0, 1.0}) GanRun({.real_target = edge, .digits = 1});
  GanRun run(tiny);
  const Dataset wide{14, 56, random_images(7, 28, 28).pixels, std::vector<std::uint8_t>(7)};
  BOOST_CHECK_THROW(run.run_epoch(wide), std::invalid_argument);
  BOOST_TEST(run.history().empty());
}

// With any one entry missing or spoiled: nothing of the run, not even its generator, is replaced.
BOOST_AUTO_TEST_CASE(a_restore_that_fails_changes_nothing) {
  GanSettings averaged = tiny;
  averaged.average = 0.9;
  GanRun other(averaged), run(averaged);
  other.run_epoch(random_images(7, 28, 28));
  const Checkpoint good = other.checkpoint(), before = run.checkpoint();
  std::vector<Checkpoint> bad;
  for (const char* name :
       {"generator/dense/kernel", "average/dense/kernel", "discriminator/dense/bias",
        "discriminator_adam/v/dense/bias", "generator_adam/s/dense/kernel", "digits/epoch_0001"}) {
    bad.push_back(good);
    bad.back().tensors.erase(name);
  }
  bad.push_back(good);
  bad.back().tensors.at("discriminator_adam/s/dense/bias").values[0] = NAN;
  bad.push_back(good);
  bad.back().tensors.at("generator_adam/v/dense/kernel").values[0] = -1;
  for (const char* name : {"random", "settings", "discriminator/dropout_1/random", "discriminator_adam/t"}) {
    bad.push_back(good);
    bad.back().metadata[name] = "12 13";
  }
  for (const char* history :
       {"null", "{}", "[null]", "[{\"epoch\":1}]", "[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]"}) {
    bad.push_back(good);
    bad.back().metadata["history"] = history;
  }
  for (const char* epoch : {"1.9", "1.0", "2", "0", "1e300", "-1", "true", "\"1\""}) {
    bad.push_back(good);
    bad.back().metadata["history"] =
        R"([{"discriminator loss":1,"generator loss":1,"marks":{},"seconds":1,"epoch":)" +
        std::string(epoch) + "}]";
  }
  for (std::size_t i = 0; i < bad.size(); ++i) {
    BOOST_TEST(contains(message_of<std::runtime_error>([&] { run.restore(bad[i]); }), "the checkpoint "), i);
    const Checkpoint after = run.checkpoint();
    for (const auto& [name, tensor] : before.tensors)
      BOOST_REQUIRE((after.tensors.at(name).values == tensor.values));
    BOOST_REQUIRE((after.tensors.size() == before.tensors.size()));
    BOOST_REQUIRE((after.metadata == before.metadata));
  }
  run.restore(good);
  BOOST_TEST((run.checkpoint().metadata == good.metadata));
}

BOOST_AUTO_TEST_CASE(numbers_that_are_not_finite_stop_the_run_and_name_the_layer) {
  const Dataset images = random_images(7, 28, 28);
  {
    GanRun run(tiny);
    run.generator().parameters().back()->value[0] = NAN;  // the last transposed convolution
    const std::string message = message_of<std::runtime_error>([&] { run.run_epoch(images); });
    for (const char* part : {"epoch 1", "step 1", "generator", "conv2d_transpose_2/kernel"})
      BOOST_TEST(contains(message, part), message);
    BOOST_TEST(run.history().empty());
  }
  GanRun run(tiny);
  run.discriminator().parameters().back()->value[0] = INFINITY;  // the bias of its one neuron
  const std::string message = message_of<std::runtime_error>([&] { run.run_epoch(images); });
  for (const char* part : {"epoch 1", "step 1", "discriminator", "dense/bias"})
    BOOST_TEST(contains(message, part), message);
}

// The step itself had finite losses; the weights that it left have not.
BOOST_AUTO_TEST_CASE(a_last_step_that_spoils_the_weights_is_noticed) {
  GanRun run({.batch_size = 7, .learning_rate = 1e308, .digits = 2});
  const std::string message =
      message_of<std::runtime_error>([&] { run.run_epoch(random_images(7, 28, 28)); });
  BOOST_TEST(contains(message, "epoch 1, step 1"), message);
  BOOST_TEST(run.history().empty());
  BOOST_TEST(run.digits().empty());
}

BOOST_AUTO_TEST_CASE(one_image_is_enough) {
  GanRun run({.batch_size = 1, .digits = 1});
  run.run_epoch(random_images(1, 28, 28));
  BOOST_TEST(run.history().size() == 1u);
  BOOST_TEST(run.digits().size() == 1u);
}

BOOST_AUTO_TEST_CASE(digits_are_those_of_the_fixed_noise) {
  GanRun run(tiny);
  run.run_epoch(random_images(7, 28, 28));
  BOOST_TEST((run.generate(run.digit_noise()).values == run.digits()[0].values));
  BOOST_TEST((run.digits()[0].shape == Shape{2, 28, 28, 1}));
  for (const Real pixel : run.digits()[0].values) BOOST_TEST(std::abs(pixel) <= 1);
}

BOOST_AUTO_TEST_CASE(progress_shows_the_epoch) {
  std::ostringstream out;
  Progress progress("GAN", out, false);
  progress.begin(2, 2);
  GanRun run(tiny);
  run.run_epoch(random_images(7, 28, 28), &progress);
  BOOST_TEST(contains(out.str(), "epoch 1/2"));
  BOOST_TEST(contains(out.str(), "left"));
}

BOOST_AUTO_TEST_CASE(bad_settings_are_refused) {
  BOOST_CHECK_THROW(GanRun({.batch_size = 0}), std::invalid_argument);
  BOOST_CHECK_THROW(GanRun({.digits = 0}), std::invalid_argument);
  BOOST_CHECK_THROW(GanRun({.learning_rate = -1}), std::invalid_argument);
  GanRun run(tiny);
  BOOST_CHECK_THROW(run.run_epoch(Dataset{}), std::invalid_argument);
  BOOST_CHECK_THROW(run.generate(Tensor({2, 99})), std::invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()
