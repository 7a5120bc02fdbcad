/// @file
/// The minimax game of chapter 6: its value by hand, the gradients of both networks by numerical differences,
/// and which way a step of each moves it.
#define BOOST_TEST_DYN_LINK
#include <boost/test/unit_test.hpp>
#include <cmath>

#include "check_gradients.hpp"
#include "layers/dense.hpp"
#include "losses/loss.hpp"
#include "math/statistics.hpp"
#include "neuron/activation.hpp"
#include "training/gan_trainer.hpp"

using namespace plaingrad;
using boost::test_tools::tolerance;

namespace {

// Records the gradients and leaves the parameters as they are.
struct Recorder : Optimizer {
  std::vector<Tensor> gradients;
  void step(const std::vector<Parameter*>& parameters) override {
    gradients.clear();
    for (const Parameter* p : parameters) gradients.push_back(p->gradient);
  }
};

// A step against the gradient.
struct Descent : Optimizer {
  double rate = 0.01;
  void step(const std::vector<Parameter*>& parameters) override {
    for (Parameter* p : parameters)
      for (Index i = 0; i < p->value.size(); ++i) p->value[i] -= rate * p->gradient[i];
  }
};

std::vector<Tensor> weights_of(Sequential& model) {
  std::vector<Tensor> weights;
  for (const Parameter* p : model.parameters()) weights.push_back(p->value);
  return weights;
}

bool same(const std::vector<Tensor>& a, const std::vector<Tensor>& b) {
  bool equal = a.size() == b.size();
  for (std::size_t i = 0; equal && i < a.size(); ++i) equal = a[i].values == b[i].values;
  return equal;
}

// A generator of points in the plane and a discriminator of them, without any randomness in their layers, and
// samples that stay the same.
struct Game {
  Random random{7};
  Sequential G{"generator", {3}}, D{"discriminator", {2}};
  Tensor x{Shape{6, 2}}, z{Shape{6, 3}};

  Game() {
    G.add<Dense>(4, Activation::tanh);
    G.add<Dense>(2);
    G.build(random);
    D.add<Dense>(5, Activation::tanh);
    D.add<Dense>(1);
    D.build(random);
    random.fill_normal(x, 1, 0.5);
    random.fill_normal(z);
  }

  // D as a probability, for real and for generated samples.
  std::vector<double> D_of(const Tensor& samples) {
    std::vector<double> probabilities;
    for (const Real logit : D.forward(samples, Mode::inference).values)
      probabilities.push_back(1 / (1 + std::exp(-logit)));
    return probabilities;
  }
  std::vector<double> D_of_x() { return D_of(x); }
  std::vector<double> D_of_G_of_z() { return D_of(G.forward(z, Mode::inference)); }

  // (6.2), and (6.3) in both its forms, without the gradient, written out.
  double value_6_2() {
    double sum = 0;
    for (const double d : D_of_x()) sum += std::log(d);
    for (const double d : D_of_G_of_z()) sum += std::log(1 - d);
    return sum / 6;
  }
  double value_6_3(GeneratorLoss kind) {
    double sum = 0;
    for (const double d : D_of_G_of_z())
      sum += kind == GeneratorLoss::saturating ? std::log(1 - d) : -std::log(d);
    return sum / 6;
  }
};

constexpr GeneratorLoss both_kinds[] = {GeneratorLoss::saturating, GeneratorLoss::non_saturating};

}  // namespace

BOOST_AUTO_TEST_SUITE(gan_trainer)

// D(x) = 0.8 and 0.5, D(G(z)) = 0.1, 0.4 and 0.7.
BOOST_AUTO_TEST_CASE(eq_6_1_by_hand) {
  const auto logit = [](double d) { return static_cast<Real>(std::log(d / (1 - d))); };
  const Tensor real({2, 1}, {logit(0.8), logit(0.5)});
  const Tensor generated({3, 1}, {logit(0.1), logit(0.4), logit(0.7)});
  const double V = (std::log(0.8) + std::log(0.5)) / 2 + (std::log(0.9) + std::log(0.6) + std::log(0.3)) / 3;
  BOOST_TEST(minimax_value(real, generated) == V, tolerance(1e-12));
}

BOOST_AUTO_TEST_CASE(eq_6_1_is_minus_log_4_if_d_cannot_tell) {
  BOOST_TEST(minimax_value(Tensor({5, 1}), Tensor({7, 1})) == -std::log(4), tolerance(1e-14));
}

BOOST_AUTO_TEST_CASE(eq_6_1_is_close_to_zero_if_d_is_right_and_finite_if_it_is_wrong) {
  BOOST_TEST(std::abs(minimax_value(Tensor({1, 1}, {50}), Tensor({1, 1}, {-50}))) < 1e-20);
  BOOST_TEST(minimax_value(Tensor({1, 1}, {-800}), Tensor({1, 1}, {800})) == -1600, tolerance(1e-12));
}

BOOST_AUTO_TEST_CASE(eq_6_1_of_no_samples_is_refused) {
  BOOST_CHECK_THROW(minimax_value(Tensor({0, 1}), Tensor({1, 1})), std::invalid_argument);
  BOOST_CHECK_THROW(minimax_value(Tensor({1, 1}), Tensor({0, 1})), std::invalid_argument);
}

// Among all D the best is p_data / (p_data + p_g): here on two points, where all means are sums of two.
BOOST_AUTO_TEST_CASE(eq_6_1_is_greatest_at_the_best_discriminator) {
  const double p_data[] = {0.75, 0.25}, p_g[] = {0.25, 0.75};
  const auto V = [&](double d0, double d1) {
    const auto logit = [](double d) { return static_cast<Real>(std::log(d / (1 - d))); };
    const Real a = logit(d0), b = logit(d1);  // 3 and 1 samples of four, 1 and 3
    return minimax_value(Tensor({4, 1}, {a, a, a, b}), Tensor({4, 1}, {a, b, b, b}));
  };
  const double best0 = p_data[0] / (p_data[0] + p_g[0]), best1 = p_data[1] / (p_data[1] + p_g[1]);
  for (const double change : {-0.05, 0.05}) {
    BOOST_TEST(V(best0 + change, best1) < V(best0, best1));
    BOOST_TEST(V(best0, best1 + change) < V(best0, best1));
  }
}

BOOST_FIXTURE_TEST_CASE(eq_6_2_gradient_against_numerical_differences, Game) {
  Recorder unused, recorder;
  GanTrainer trainer(G, D, unused, recorder);
  const double loss = trainer.discriminator_step(x, z);
  BOOST_TEST(loss == -value_6_2(), tolerance(1e-12));
  BOOST_TEST(unused.gradients.empty());  // the generator has no part in it
  for (std::size_t i = 0; i < recorder.gradients.size(); ++i) {
    Parameter& p = *D.parameters()[i];
    const GradientReport report = check_gradient(
        p.value.values, recorder.gradients[i].values, [&] { return -value_6_2(); }, p.name);
    BOOST_TEST(report.passed(), report);
  }
}

BOOST_FIXTURE_TEST_CASE(eq_6_3_gradient_against_numerical_differences, Game) {
  for (const GeneratorLoss kind : both_kinds) {
    Recorder recorder, unused;
    GanTrainer trainer(G, D, recorder, unused, kind);
    const double loss = trainer.generator_step(z);
    BOOST_TEST(loss == value_6_3(kind), tolerance(1e-12));
    BOOST_TEST(unused.gradients.empty());
    for (std::size_t i = 0; i < recorder.gradients.size(); ++i) {
      Parameter& p = *G.parameters()[i];
      const GradientReport report = check_gradient(
          p.value.values, recorder.gradients[i].values, [&] { return value_6_3(kind); }, p.name);
      BOOST_TEST(report.passed(), report);
    }
  }
}

// The discriminator climbs (6.2): it says "real" more of x and less of G(z).
BOOST_FIXTURE_TEST_CASE(eq_6_2_a_step_makes_the_value_greater, Game) {
  Descent descent;
  GanTrainer trainer(G, D, descent, descent);
  const std::vector<Tensor> G_before = weights_of(G);
  for (int step = 0; step < 5; ++step) {
    const double value = value_6_2();
    const double margin = mean(D_of_x()) - mean(D_of_G_of_z());
    trainer.discriminator_step(x, z);
    BOOST_TEST(value_6_2() > value);
    BOOST_TEST(mean(D_of_x()) - mean(D_of_G_of_z()) > margin);
  }
  BOOST_TEST(same(weights_of(G), G_before));
}

// After some steps of its own D says more than 1/2 of every real sample's mean and less of the others'.
BOOST_FIXTURE_TEST_CASE(eq_6_2_each_half_moves_its_own_way, Game) {
  Descent descent;
  descent.rate = 0.3;
  GanTrainer trainer(G, D, descent, descent);
  const double real = mean(D_of_x()), generated = mean(D_of_G_of_z());
  for (int step = 0; step < 200; ++step) trainer.discriminator_step(x, z);
  BOOST_TEST(mean(D_of_x()) > std::max(real, 0.5));
  BOOST_TEST(mean(D_of_G_of_z()) < std::min(generated, 0.5));
}

// The generator goes down (6.3), in either form, and so D says "real" more of what it makes; D stays.
BOOST_FIXTURE_TEST_CASE(eq_6_3_a_step_makes_the_loss_less_and_leaves_d, Game) {
  const std::vector<Tensor> D_before = weights_of(D);
  for (const GeneratorLoss kind : both_kinds) {
    Descent descent;
    GanTrainer trainer(G, D, descent, descent, kind);
    for (int step = 0; step < 5; ++step) {
      const double loss = value_6_3(kind), fooled = mean(D_of_G_of_z());
      trainer.generator_step(z);
      BOOST_TEST(value_6_3(kind) < loss);
      BOOST_TEST(mean(D_of_G_of_z()) > fooled);
    }
  }
  BOOST_TEST(same(weights_of(D), D_before));
}

// (6.3) is printed with the gradient in theta_d: descending it there would teach D to call images fake, and
// leave the generator where it is.
BOOST_FIXTURE_TEST_CASE(eq_6_3_as_printed_would_not_train_the_generator, Game) {
  const double fooled = mean(D_of_G_of_z()), loss = value_6_3(GeneratorLoss::saturating);
  const std::vector<Tensor> G_before = weights_of(G);
  std::vector<Tensor> gradients;  // of (6.3) in theta_d, by differences
  for (Parameter* p : D.parameters()) {
    gradients.emplace_back(p->value.shape);
    for (Index i = 0; i < p->value.size(); ++i) {
      const Real kept = p->value[i];
      p->value[i] = kept + 1e-5;
      const double above = value_6_3(GeneratorLoss::saturating);
      p->value[i] = kept - 1e-5;
      gradients.back()[i] = (above - value_6_3(GeneratorLoss::saturating)) / 2e-5;
      p->value[i] = kept;
    }
  }
  for (std::size_t k = 0; k < gradients.size(); ++k)
    for (Index i = 0; i < gradients[k].size(); ++i) D.parameters()[k]->value[i] -= 0.01 * gradients[k][i];
  BOOST_TEST(value_6_3(GeneratorLoss::saturating) < loss);  // the loss falls all the same ...
  BOOST_TEST(mean(D_of_G_of_z()) > fooled);                 // ... because D has become worse
  BOOST_TEST(same(weights_of(G), G_before));
}

BOOST_FIXTURE_TEST_CASE(train_step_takes_both_gradients_from_the_same_networks, Game) {
  for (const GeneratorLoss kind : both_kinds) {
    Recorder G_alone, D_alone, G_joint, D_joint;
    GanTrainer alone(G, D, G_alone, D_alone, kind), joint(G, D, G_joint, D_joint, kind);
    const double D_loss = alone.discriminator_step(x, z), G_loss = alone.generator_step(z);
    const GanLosses losses = joint.train_step(x, z);
    BOOST_TEST(losses.discriminator == D_loss, tolerance(1e-14));
    BOOST_TEST(losses.generator == G_loss, tolerance(1e-14));
    BOOST_TEST(same(G_joint.gradients, G_alone.gradients));
    BOOST_TEST(same(D_joint.gradients, D_alone.gradients));
  }
}

BOOST_FIXTURE_TEST_CASE(train_step_leaves_the_weights_if_a_loss_is_not_finite, Game) {
  Descent descent;
  GanTrainer trainer(G, D, descent, descent);
  G.parameters()[2]->value[0] = NAN;
  const std::vector<Tensor> D_before = weights_of(D);
  const std::vector<Real> G_before = G.parameters()[0]->value.values;
  BOOST_TEST(std::isnan(trainer.train_step(x, z).generator));
  BOOST_TEST(same(weights_of(D), D_before));
  BOOST_TEST(G.parameters()[0]->value.values == G_before);
}

// The generator still wants to be taken for real, whatever the discriminator shall say of real samples.
BOOST_FIXTURE_TEST_CASE(a_smoothed_label_changes_the_discriminators_loss_alone, Game) {
  Descent descent;
  GanTrainer plain(G, D, descent, descent);
  Game other;  // its networks are the same
  GanTrainer smoothed(other.G, other.D, descent, descent, GeneratorLoss::non_saturating, 0.75);
  Tensor gradient;
  const Sum three_quarters = binary_cross_entropy(D.forward(x, Mode::training), 0.75, gradient);
  const Sum one = binary_cross_entropy(D.forward(x, Mode::training), 1, gradient);
  const GanLosses a = plain.train_step(x, z);
  const GanLosses b = smoothed.train_step(x, z);
  BOOST_TEST(b.generator == a.generator);
  BOOST_TEST(b.discriminator - a.discriminator == three_quarters - one, tolerance(1e-9));
  for (const double target : {-0.01, 1.01, double(NAN)})
    BOOST_CHECK_THROW(GanTrainer(G, D, descent, descent, GeneratorLoss::non_saturating, target),
                      std::invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()
