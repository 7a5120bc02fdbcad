// What descent.js asks of section 4.2 (one variable) and of the chapter's comparison (the valley of a line
// fit).
#include <emscripten/bind.h>

#include <memory>
#include <string>
#include <vector>

#include "chapter4/optimizer_run.hpp"
#include "optimizers/adam.hpp"
#include "optimizers/gradient_descent.hpp"

using namespace plaingrad;
using emscripten::val;

namespace {

val numbers(const std::vector<double>& values) {
  return val::array(values);
}

double next(double x, double epsilon, bool by_sign) {
  return by_sign ? sign_step(parabola_derivative, x, epsilon)
                 : gradient_step(parabola_derivative, x, epsilon);
}

/// x_0, x_1 ... of section 4.2, at most `steps` steps.
val path(double start, double epsilon, bool by_sign, int steps) {
  return numbers(descend([=](double x) { return next(x, epsilon, by_sign); }, start, steps));
}

/// What (4.2)-(4.5) say of the step that begins at x.
val look_at_step(double x, double epsilon, bool by_sign) {
  const double to = next(x, epsilon, by_sign);
  val result = val::object();
  result.set("x", x);
  result.set("next", to);
  result.set("change", to - x);
  result.set("f", parabola(x));
  result.set("slope", parabola_derivative(x));
  result.set("sign", sign(parabola_derivative(x)));
  result.set("f_next", parabola(to));
  result.set("approximation", linear_approximation(parabola, parabola_derivative, x, to - x));
  result.set("improves", sign_step_improves(parabola, parabola_derivative, x, epsilon));
  return result;
}

/// Steps 2 to 8 with 4 and 5 as the report prints them, for all parameters, one number at a time.
class AdamAsPrinted : public Optimizer {
 public:
  explicit AdamAsPrinted(const AdamSettings& settings) : settings_(settings) {}

  void step(const std::vector<Parameter*>& parameters) override {
    std::size_t at = 0;
    for (Parameter* p : parameters) {
      for (Index i = 0; i < p->value.size(); ++i, ++at) {
        if (states_.size() <= at) states_.push_back({.theta = static_cast<double>(p->value[i])});
        states_[at] = adam_step_as_printed(states_[at], static_cast<double>(p->gradient[i]), settings_);
        p->value[i] = static_cast<Real>(states_[at].theta);
      }
    }
  }

 private:
  AdamSettings settings_;
  std::vector<AdamState> states_;
};

const chapter4::Valley& valley(int number) {
  static const std::vector<chapter4::Valley> all = chapter4::valleys(1);
  return all.at(static_cast<std::size_t>(number));
}

/// The curve where the loss is `level` above the least.
val level_line(int number, double level) {
  const chapter4::Curve curve = chapter4::level_line(valley(number).line, level);
  val result = val::object();
  result.set("slope", numbers(curve.slope));
  result.set("intercept", numbers(curve.intercept));
  return result;
}

val best(int number) {
  const Tensor theta = valley(number).line.best();
  return numbers({static_cast<double>(theta[0]), static_cast<double>(theta[1])});
}

/// @param optimizer  0: gradient descent, 1: SGD, 2: Adam, 3: Adam as printed
/// @param m  size of the mini-batches; gradient descent takes all pairs whatever it is
val run(int number, int optimizer, double rate, int m, double slope, double intercept) {
  chapter4::OptimizerSetup setup =
      chapter4::optimizer_setups().at(static_cast<std::size_t>(std::min(optimizer, 2)));
  if (optimizer > 0) setup.m = m;
  if (optimizer == 3)
    setup.make = [](double learning_rate) {
      return std::make_unique<AdamAsPrinted>(AdamSettings{.learning_rate = learning_rate});
    };
  const chapter4::Run made = chapter4::run(setup, rate, valley(number), {slope, intercept});
  val result = val::object();
  result.set("m", setup.m);
  result.set("slope", numbers(made.slope));
  result.set("intercept", numbers(made.intercept));
  result.set("excess", numbers(made.excess));
  result.set("final_excess", chapter4::final_excess(made));
  return result;
}

}  // namespace

EMSCRIPTEN_BINDINGS(descent) {
  emscripten::function("parabola", &parabola);
  emscripten::function("path", &path);
  emscripten::function("look_at_step", &look_at_step);
  emscripten::constant("steps", static_cast<int>(chapter4::steps));
  emscripten::function("level_line", &level_line);
  emscripten::function("best", &best);
  emscripten::function("run", &run);
}
