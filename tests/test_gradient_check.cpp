/// @file
/// The gradient check itself: it must find what is wrong, say what it is, and keep quiet about what is right.
#define BOOST_TEST_DYN_LINK
#include "gradient_check.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <functional>
#include <limits>
#include <numeric>
#include <sstream>

#include "gradient_check/difference.hpp"
#include "math/decimal.hpp"

using namespace plaingrad;

namespace {

constexpr double epsilon = std::numeric_limits<double>::epsilon();

Difference difference_at(const std::function<double(double)>& f, double x) {
  return difference_at_zero(
      [&](double h) { return f(x + h); },
      {.epsilon = epsilon, .noise = epsilon * std::abs(f(x)), .scale = std::max(1.0, std::abs(x))});
}

template <class Number>
using Numbers = std::vector<Number>;

// y(n,u) = tanh(sum_i x(n,i) W(i,u) + b(u)) in plain vectors, with a place for a fault in its backward pass.
template <class Number>
struct OwnDense {
  static constexpr std::size_t batch = 4, inputs = 3, units = 5;
  Numbers<Number> x = Numbers<Number>(batch * inputs), W = Numbers<Number>(inputs * units),
                  b = Numbers<Number>(units), y = Numbers<Number>(batch * units);
  Numbers<Number> dx = x, dW = W, db = b;
  std::function<void(Numbers<Number>& dW)> fault = [](Numbers<Number>&) {};
  bool adds = true, chain_rule = true;

  const Numbers<Number>& forward() {
    for (std::size_t n = 0; n < batch; ++n)
      for (std::size_t u = 0; u < units; ++u) {
        Number sum = b[u];
        for (std::size_t i = 0; i < inputs; ++i) sum += x[n * inputs + i] * W[i * units + u];
        y[n * units + u] = std::tanh(sum);
      }
    return y;
  }
  void backward(const std::vector<double>& dy) {
    Numbers<Number> gradient(W.size());
    std::fill(dx.begin(), dx.end(), Number(0));
    for (std::size_t n = 0; n < batch; ++n)
      for (std::size_t u = 0; u < units; ++u) {
        const Number out = y[n * units + u];
        const Number dz = static_cast<Number>(dy[n * units + u]) * (chain_rule ? 1 - out * out : 1);
        db[u] += dz;
        for (std::size_t i = 0; i < inputs; ++i) {
          gradient[i * units + u] += dz * x[n * inputs + i];
          dx[n * inputs + i] += dz * W[i * units + u];
        }
      }
    fault(gradient);
    for (std::size_t k = 0; k < dW.size(); ++k) dW[k] = (adds ? dW[k] : Number(0)) + gradient[k];
  }
  GradientReport check(std::uint64_t seed = 1) {
    GradientCheck check({.seed = seed});
    check.input("x", {batch, inputs}, x, dx);
    check.parameter("W", {inputs, units}, W, dW);
    check.parameter("b", {units}, b, db);
    return check.run([&] { return forward(); }, [&](const std::vector<double>& dy) { backward(dy); });
  }
};

// What the check says of a dense layer whose dW goes through `fault`. Everything else is right, and must be
// found so.
std::string guess_for(const std::function<void(std::vector<double>& dW)>& fault) {
  OwnDense<double> layer;
  layer.fault = fault;
  const GradientReport report = layer.check();
  BOOST_TEST(!report.passed());
  BOOST_TEST(report.arguments[0].wrong() == 0);
  BOOST_TEST(report.arguments[2].wrong() == 0);
  return report.arguments[1].guess;
}

void expect_start(const std::string& text, const std::string& start) {
  BOOST_TEST(text.starts_with(start), '"' << text << "\" should start with \"" << start << '"');
}

// Y(i,j) = sum_m sum_n X(s i + m, s j + n) F(m,n) for one channel, stride s.
struct OwnConvolution {
  Index height = 6, width = 7, kernel = 3, stride;
  bool turned, forgets_last_row;
  std::vector<double> X = std::vector<double>(42), F = std::vector<double>(9), dX = X, dF = F, Y = {};

  Index rows() const { return (height - kernel) / stride + 1; }
  Index columns() const { return (width - kernel) / stride + 1; }
  // visit(y, x, f) for every product.
  void for_each_product(const std::function<void(std::size_t, std::size_t, std::size_t)>& visit) const {
    for (Index i = 0; i < rows(); ++i)
      for (Index j = 0; j < columns(); ++j)
        for (Index m = 0; m < kernel; ++m)
          for (Index n = 0; n < kernel; ++n)
            visit(static_cast<std::size_t>(i * columns() + j),
                  static_cast<std::size_t>((stride * i + m) * width + stride * j + n),
                  static_cast<std::size_t>(m * kernel + n));
  }
  const std::vector<double>& forward() {
    Y.assign(static_cast<std::size_t>(rows() * columns()), 0);
    for_each_product([&](std::size_t y, std::size_t x, std::size_t f) { Y[y] += X[x] * F[f]; });
    return Y;
  }
  void backward(const std::vector<double>& dY) {
    std::fill(dX.begin(), dX.end(), 0);
    for_each_product([&](std::size_t y, std::size_t x, std::size_t f) {
      dF[turned ? F.size() - 1 - f : f] += dY[y] * X[x];
      if (!forgets_last_row || x < X.size() - static_cast<std::size_t>(width)) dX[x] += dY[y] * F[f];
    });
  }
  GradientReport check() {
    GradientCheck check;
    check.input("X", {height, width}, X, dX);
    check.parameter("F", {kernel, kernel}, F, dF);
    return check.run([&] { return forward(); }, [&](const std::vector<double>& dY) { backward(dY); });
  }
};

// ReLU at the given values, whose derivative at 0 is said to be `at_zero`.
GradientReport check_relu(std::vector<double> x, double at_zero) {
  std::vector<double> dx, y = x;
  const auto forward = [&] {
    for (std::size_t i = 0; i < x.size(); ++i) y[i] = std::max(x[i], 0.0);
    return y;
  };
  GradientCheck check({.draw_values = false});
  check.input("x", {static_cast<Index>(x.size())}, x, dx);
  return check.run(forward, [&](const std::vector<double>& dy) {
    dx = dy;
    for (std::size_t i = 0; i < x.size(); ++i) dx[i] *= x[i] > 0 ? 1 : x[i] < 0 ? 0 : at_zero;
  });
}

// y = f(x), whose backward pass is right, or right times `factor`.
template <class Number>
struct Cancelling {
  std::string name;
  std::size_t count;
  std::function<Numbers<Number>(const Numbers<Number>& x)> forward;
  std::function<Numbers<Number>(const Numbers<Number>& x, const Numbers<Number>& dy)> backward;

  GradientReport check(std::uint64_t seed, Number factor = 1) const {
    Numbers<Number> x(count), dx;
    GradientCheck check({.seed = seed});
    check.input("x", {static_cast<Index>(count)}, x, dx);
    return check.run([&] { return forward(x); },
                     [&](const std::vector<double>& dy) {
                       dx = backward(x, Numbers<Number>(dy.begin(), dy.end()));
                       for (Number& g : dx) g *= factor;
                     });
  }
};

template <class Number>
Numbers<Number> softmax_of(Numbers<Number> z) {
  Number sum = 0;
  const Number greatest = *std::max_element(z.begin(), z.end());
  for (Number& v : z) sum += v = std::exp(v - greatest);
  for (Number& v : z) v /= sum;
  return z;
}

// Sums whose terms are far greater than what is left of them.
template <class Number>
std::vector<Cancelling<Number>> cancelling() {
  using N = Numbers<Number>;
  const Number large = 10'000;
  return {
      {"a large term taken off again", 3,
       [=](const N& x) { return N{(large * x[0] + x[1] * x[2]) - large * x[0]}; },
       [](const N& x, const N& dy) {
         return N{0, dy[0] * x[2], dy[0] * x[1]};
       }},
      {"a large constant taken off again", 2, [=](const N& x) { return N{(large + x[0] * x[1]) - large}; },
       [](const N& x, const N& dy) {
         return N{dy[0] * x[1], dy[0] * x[0]};
       }},
      {"one exact value beside one that cancels", 3,
       [=](const N& x) {
         return N{x[0] * x[1], (large * x[2] + x[0]) - large * x[2]};
       },
       [](const N& x, const N& dy) {
         return N{dy[0] * x[1] + dy[1], dy[0] * x[0], 0};
       }},
      {"large terms of opposite sign", 8,
       [=](const N& x) {
         Number sum = 0;
         for (std::size_t i = 0; i < 8; ++i) sum += (i % 2 ? -large : large) * std::exp(x[i]);
         return N{sum / large};
       },
       [](const N& x, const N& dy) {
         N dx;
         for (std::size_t i = 0; i < 8; ++i) dx.push_back(dy[0] * (i % 2 ? -1 : 1) * std::exp(x[i]));
         return dx;
       }},
      {"softmax of large logits", 5,
       [=](N x) {
         for (Number& v : x) v += large;
         return softmax_of(x);
       },
       [](const N& x, const N& dy) {
         N dx = softmax_of(x);
         const Number mean = std::inner_product(dx.begin(), dx.end(), dy.begin(), Number(0));
         for (std::size_t i = 0; i < 5; ++i) dx[i] *= dy[i] - mean;
         return dx;
       }},
      {"variance as E[x^2] - E[x]^2", 9,
       [](const N& x) {
         Number sum = 0, squares = 0;
         for (const Number v : x) sum += v + 100, squares += (v + 100) * (v + 100);
         return N{squares / 9 - sum / 9 * (sum / 9)};
       },
       [](const N& x, const N& dy) {
         const Number mean = std::accumulate(x.begin(), x.end(), Number(0)) / 9;
         N dx = x;
         for (Number& v : dx) v = dy[0] * 2 * (v - mean) / 9;
         return dx;
       }},
  };
}

}  // namespace

BOOST_AUTO_TEST_SUITE(gradient_checker)

// ---- differences ------------------------------------------------------------------------------------------------

BOOST_AUTO_TEST_CASE(the_bound_holds_and_is_tight_for_smooth_functions) {
  const std::vector<std::pair<double (*)(double), double (*)(double)>> functions = {
      {[](double x) { return x * x * x - 2 * x; }, [](double x) { return 3 * x * x - 2; }},
      {[](double x) { return std::sin(5 * x); }, [](double x) { return 5 * std::cos(5 * x); }},
      {[](double x) { return std::exp(x); }, [](double x) { return std::exp(x); }},
      {[](double x) { return std::tanh(3 * x); },
       [](double x) { return 3 - 3 * std::tanh(3 * x) * std::tanh(3 * x); }},
      {[](double x) { return 1 / (2 + x * x); },
       [](double x) { return -2 * x / ((2 + x * x) * (2 + x * x)); }}};
  for (const auto& [f, f_prime] : functions)
    for (double x = -3; x < 3; x += 0.0137) {
      const Difference d = difference_at(f, x);
      const double size = std::max(1.0, std::abs(f_prime(x)));
      BOOST_TEST(!d.kink);
      BOOST_TEST(std::abs(d.derivative - f_prime(x)) <= d.bound);
      BOOST_TEST(d.bound < 1e-8 * size);
    }
}

// Where all even derivatives are 0, only the extrapolation itself knows how far it is off.
BOOST_AUTO_TEST_CASE(the_bound_holds_where_a_function_is_odd) {
  for (double steep = 1; steep < 1e4; steep *= 1.5) {
    const Difference d = difference_at([=](double x) { return std::sin(steep * x); }, 0);
    BOOST_TEST(std::abs(d.derivative - steep) <= d.bound, "steepness " << steep);
  }
}

// |x - d| has its kink at d, and the derivative at 0 is -1: near by, the bound must grow with the error.
BOOST_AUTO_TEST_CASE(a_kink_near_by_is_in_the_bound) {
  for (double distance = 1e-5; distance < 1; distance *= 1.01) {
    const Difference d = difference_at([=](double x) { return std::abs(x - distance) + x * x; }, 0);
    BOOST_TEST(std::abs(d.derivative + 1) <= d.bound, "at distance " << distance << ": " << d.derivative);
    BOOST_TEST(!d.kink);
  }
}

// Nearer than the smallest step it may look like a kink at 0 itself: then the derivative is one of the two.
BOOST_AUTO_TEST_CASE(a_kink_too_near_to_tell_is_never_a_wrong_answer) {
  for (double distance = 1e-9; distance < 1e-5; distance *= 1.02) {
    const Difference d = difference_at([=](double x) { return std::abs(x - distance) + x * x; }, 0);
    BOOST_TEST((d.kink ? d.left - d.bound <= -1 : std::abs(d.derivative + 1) <= d.bound),
               "at distance " << distance << ": " << d.derivative << ", bound " << d.bound);
  }
}

BOOST_AUTO_TEST_CASE(at_a_kink_the_one_sided_derivatives_are_found) {
  const Difference d = difference_at([](double x) { return (x < 0 ? -2 * x : 3 * x) + x * x; }, 0);
  BOOST_TEST(d.kink);
  BOOST_TEST(d.left == -2, boost::test_tools::tolerance(1e-8));
  BOOST_TEST(d.right == 3, boost::test_tools::tolerance(1e-8));
}

// A value that is rounded to multiples of q is off by q / sqrt(12) on average.
BOOST_AUTO_TEST_CASE(steps_are_in_proportion_to_what_moves) {
  const auto longest_step = [](double scale) {
    double longest = 0;
    const auto f = [&](double h) {
      longest = std::max(longest, std::abs(h));
      return std::sin(h / scale);
    };
    const double derivative = difference_at_zero(f, {.epsilon = epsilon, .scale = scale}).derivative;
    BOOST_TEST(derivative == 1 / scale, boost::test_tools::tolerance(1e-9));
    return longest;
  };
  BOOST_TEST(longest_step(1000) == 1000 * longest_step(1), boost::test_tools::tolerance(1e-12));
}

BOOST_AUTO_TEST_CASE(noise_is_told_from_what_is_smooth) {
  Random random(3);
  std::vector<double> x;
  for (int i = 0; i < 32; ++i) x.push_back((i + random.uniform(0, 1)) * 1e-8);
  const auto noise = [&](const std::function<double(double)>& f) {
    std::vector<double> values;
    for (const double at : x) values.push_back(f(at));
    return noise_in(x, values);
  };
  for (const double q : {1e-12, 1e-9}) {
    const auto rounded = [=](double v) { return std::round(v / q) * q; };
    BOOST_TEST(noise([&](double v) { return rounded(std::exp(0.7 * v)); }) > 0.1 * q);
    BOOST_TEST(noise([&](double v) { return rounded(std::exp(0.7 * v)); }) < 0.5 * q);
    // a kink between two of the values hides nothing
    BOOST_TEST(noise([&](double v) { return rounded(std::abs(v - 1e-7)); }) < 0.5 * q);
  }
  BOOST_TEST(noise([](double v) { return std::exp(v); }) < epsilon);
  BOOST_TEST(noise([](double v) { return std::sin(3 * v) + std::abs(v - 1e-7); }) < epsilon);
  BOOST_TEST(noise([](double) { return 0.3; }) == 0);
  BOOST_TEST(noise([](double v) { return v < 1e-7 ? 1.0 : 2.0; }) == 0);  // a jump alone is no noise
}

// ---- what is right ----------------------------------------------------------------------------------------------

BOOST_AUTO_TEST_CASE(a_right_gradient_passes_whatever_is_drawn) {
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    BOOST_TEST(OwnDense<double>().check(seed).passed());
    BOOST_TEST(OwnDense<float>().check(seed).passed());
  }
  BOOST_TEST((OwnConvolution{.stride = 2, .turned = false, .forgets_last_row = false}.check().passed()));
}

BOOST_AUTO_TEST_CASE(right_code_that_cancels_is_not_called_wrong) {
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    for (const auto& code : cancelling<double>()) {
      const GradientReport report = code.check(seed);
      BOOST_TEST(report.passed(), code.name << ", seed " << seed << ": " << report);
    }
    for (const auto& code : cancelling<float>()) {
      const GradientReport report = code.check(seed);
      BOOST_TEST(report.passed(), "in float, " << code.name << ", seed " << seed << ": " << report);
    }
  }
}

// The bound grows with the rounding and no further.
BOOST_AUTO_TEST_CASE(in_code_that_cancels_a_thousandth_is_still_found) {
  for (std::uint64_t seed = 1; seed <= 200; ++seed)
    for (const auto& code : cancelling<double>())
      BOOST_TEST(!code.check(seed, 1.001).passed(), code.name << ", seed " << seed);
}

BOOST_AUTO_TEST_CASE(every_element_is_checked_and_small_tensors_wholly) {
  const GradientReport report = OwnDense<double>().check();
  BOOST_REQUIRE(report.arguments.size() == 3u);
  BOOST_TEST(report.arguments[0].elements.size() == 12u);
  BOOST_TEST(report.arguments[1].elements.size() == 15u);
  for (std::size_t i = 0; i < 15; ++i)
    BOOST_TEST(report.arguments[1].elements[i].index == static_cast<Index>(i));
  std::vector<double> x(30), dx(30);
  GradientCheck few({.max_elements = 7});
  few.input("x", {30}, x, dx);
  const GradientReport some = few.run([&] { return x; }, [&](const std::vector<double>& dy) { dx = dy; });
  BOOST_TEST(some.arguments[0].elements.size() == 7u);
  // Only where all elements are seen, there is a guess.
  const auto doubled = [&](const std::vector<double>& dy) {
    dx = dy;
    for (double& d : dx) d *= 2;
  };
  for (const Index most : {29, 30}) {
    GradientCheck check({.max_elements = most});
    check.input("x", {30}, x, dx);
    const GradientReport wrong = check.run([&] { return x; }, doubled);
    BOOST_TEST(wrong.arguments[0].guess.empty() == (most < 30), wrong);
  }
}

BOOST_AUTO_TEST_CASE(a_report_says_how_near_the_worst_element_is_in_two_digits) {
  OwnDense<double> layer;
  const GradientReport report = layer.check();
  std::ostringstream text;
  text << report;
  const CheckedElement& worst = report.arguments[1].worst();
  const std::string expected =
      "15 elements agree, the worst to " + significant(worst.error(), 2) + " of its bound";
  BOOST_TEST(text.str().find(expected) != std::string::npos, text.str());
}

// What counts as equal grows with the gradient: of a million, one is a digit too small to be a fault of its
// own.
BOOST_AUTO_TEST_CASE(the_guess_is_the_same_whatever_the_scale) {
  for (const double scale : {1e-6, 1.0, 1e6}) {
    std::vector<double> x = {1, 2, 3, 4}, dx(4), y(4);
    GradientCheck check;
    check.input("x", {4}, x, dx);
    const GradientReport report = check.run(
        [&] {
          for (std::size_t i = 0; i < 4; ++i) y[i] = scale * std::tanh(x[i]);
          return y;
        },
        [&](const std::vector<double>& dy) {
          for (std::size_t i = 0; i < 4; ++i)
            dx[i] = dy[i] * scale * (1 - std::tanh(x[i]) * std::tanh(x[i])) * (i == 2 ? 1 + 3e-7 : 1);
        });
    BOOST_TEST(report.arguments[0].wrong() == 1);
    expect_start(report.arguments[0].guess, "right to six digits");
  }
}

BOOST_AUTO_TEST_CASE(values_are_put_back_and_left_alone_if_asked) {
  std::vector<double> x = {1, 2, 3};
  const std::vector<double> before = x;
  std::vector<double> dx;
  GradientCheck check({.draw_values = false});
  check.input("x", {3}, x, dx);
  check.run([&] { return x; }, [&](const std::vector<double>& dy) { dx = dy; });
  BOOST_TEST(x == before, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(at_a_kink_anything_between_the_two_sides_is_right) {
  for (const double at_zero : {0.0, 0.3, 1.0}) {
    const GradientReport report = check_relu({0, 1, -1, 1e-3, -1e-3, 0}, at_zero);
    BOOST_TEST(report.passed(), report);
    BOOST_TEST(report.arguments[0].kinks() == 2);
  }
  BOOST_TEST(check_relu({-1, -2}, 0).passed());  // all zero, and exactly so
  for (const double at_zero : {-0.1, 1.1}) {
    const GradientReport report = check_relu({0, 1, -1, 0}, at_zero);
    BOOST_TEST(report.arguments[0].wrong() == 2);
    const std::string guess = report.arguments[0].guess;
    BOOST_TEST(guess.starts_with(at_zero < 0 ? "none of the usual faults" : "too large"), guess);
  }
}

// Each element for itself may have any share from 0 to 1, but what a pair of equal numbers has together must
// be 1.
BOOST_AUTO_TEST_CASE(of_two_equal_numbers_either_may_be_the_maximum_but_not_both_and_not_neither) {
  for (const auto& shares :
       std::vector<std::pair<double, double>>{{1, 0}, {0, 1}, {0.5, 0.5}, {1, 1}, {0, 0}, {1, 0.999}}) {
    const double first = shares.first, second = shares.second;
    std::vector<double> x = {2, 2, -1, -1}, dx(4), y(2);  // two pairs, and an upstream gradient for each
    GradientCheck check({.draw_values = false});
    check.input("x", {2, 2}, x, dx);
    const GradientReport report = check.run(
        [&] {
          for (std::size_t i = 0; i < 2; ++i) y[i] = std::max(x[2 * i], x[2 * i + 1]);
          return y;
        },
        [&](const std::vector<double>& dy) {
          for (std::size_t i = 0; i < 2; ++i) dx[2 * i] = first * dy[i], dx[2 * i + 1] = second * dy[i];
        });
    const bool right = first + second == 1;
    BOOST_TEST(report.passed() == right, report);
    BOOST_TEST(report.arguments[0].wrong() == 0);
    BOOST_REQUIRE(report.arguments[0].kinks_together);
    BOOST_TEST((report.arguments[0].kinks_together->error() > 1) == !right);
    std::ostringstream text;
    text << report;
    BOOST_TEST((text.str().find("Together these are wrong") != std::string::npos) == !right, text.str());
  }
}

// y_u = max(w_u x, 0) at x = 0: the slopes of sum U y to both sides say nothing of what each y may take, and
// backward takes 0 for all of them.
BOOST_AUTO_TEST_CASE(outputs_that_bend_to_both_sides_each_have_a_slope_of_their_own) {
  const std::vector<double> w = {1, -2, 3, -1.5, 0.5, 2.5};
  int far_off = 0;
  for (std::uint64_t seed = 1; seed <= 40; ++seed)
    for (const double at_zero : {0.0, 0.5, 1.0, 40.0}) {
      std::vector<double> x = {0}, dx(1), y(w.size());
      GradientCheck check({.seed = seed, .draw_values = false});
      check.input("x", {1}, x, dx);
      const GradientReport report = check.run(
          [&] {
            for (std::size_t u = 0; u < w.size(); ++u) y[u] = std::max(w[u] * x[0], 0.0);
            return y;
          },
          [&](const std::vector<double>& dy) {
            dx[0] = 0;
            for (std::size_t u = 0; u < w.size(); ++u) dx[0] += at_zero * w[u] * dy[u];
          });
      if (at_zero <= 1) BOOST_TEST(report.passed(), seed << ": " << report);
      if (at_zero == 40 && std::abs(dx[0]) > 20) {
        ++far_off;
        BOOST_TEST(!report.passed(), seed << ": " << report);
      }
    }
  BOOST_TEST(far_off > 30);
}

// Outputs with a slope to the left and another to the right, and curves to both sides; backward takes, of
// each, the one that makes sum U y steepest.
template <typename Number>
Index check_steepest(std::size_t outputs, std::uint64_t seed) {
  Random random(seed);
  std::vector<std::vector<Number>> c(4, std::vector<Number>(outputs));
  for (auto& row : c)
    for (Number& v : row) v = static_cast<Number>(random.normal());
  std::vector<Number> x = {0}, dx(1), y(outputs);
  GradientCheck check({.seed = seed, .draw_values = false});
  check.input("x", {1}, x, dx);
  const GradientReport report = check.run(
      [&] {
        for (std::size_t n = 0; n < outputs; ++n)
          y[n] = c[0][n] +
                 (x[0] > 0 ? c[1][n] * std::sin(x[0]) + c[3][n] * x[0] * x[0] : c[2][n] * std::expm1(x[0]));
        return y;
      },
      [&](const std::vector<double>& dy) {
        double steepest = 0;
        for (std::size_t n = 0; n < outputs; ++n) steepest += std::max(c[1][n] * dy[n], c[2][n] * dy[n]);
        dx[0] = static_cast<Number>(steepest);
      });
  BOOST_TEST(report.passed(), outputs << " outputs, seed " << seed << ": " << report);
  return report.arguments[0].kinks();
}

BOOST_AUTO_TEST_CASE(the_steepest_slopes_of_all_outputs_together_are_right) {
  Index seen = 0;
  for (const std::size_t outputs : {1u, 2u, 7u, 50u, 300u})
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
      BOOST_TEST(check_steepest<double>(outputs, seed) == 1);
      seen += check_steepest<float>(outputs, seed);
    }
  BOOST_TEST(seen > 90);  // of 100: in float one or the other is lost in rounding
}

// A hundred outputs at 1000 with kinks that rounding hides in each, but not in their sum: backward takes the
// slopes to the right.
BOOST_AUTO_TEST_CASE(kinks_that_only_the_sum_shows_are_kinks) {
  int seen = 0;
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    std::vector<double> x = {0}, dx(1), y(100);
    GradientCheck check({.seed = seed, .draw_values = false});
    check.input("x", {1}, x, dx);
    const GradientReport report = check.run(
        [&] {
          for (double& v : y) v = 1000 + 1.5e-4 * std::max(x[0], 0.0);
          return y;
        },
        [&](const std::vector<double>& dy) { dx[0] = 1.5e-4 * std::accumulate(dy.begin(), dy.end(), 0.0); });
    BOOST_TEST(report.passed(), seed << ": " << report);
    seen += static_cast<int>(report.arguments[0].kinks());
  }
  BOOST_TEST(seen > 10);
}

double bound_with(std::size_t outputs) {
  std::vector<double> x = {0.5}, dx(1), y(outputs);
  GradientCheck check({.draw_values = false});
  check.input("x", {1}, x, dx);
  const GradientReport report = check.run(
      [&] {
        std::fill(y.begin(), y.end(), std::sin(x[0]));
        return y;
      },
      [&](const std::vector<double>& dy) {
        dx[0] = std::cos(x[0]) * std::accumulate(dy.begin(), dy.end(), 0.0);
      });
  return report.arguments[0].elements[0].bound;
}

// The errors of their differences cancel in part; at a kink all might count.
BOOST_AUTO_TEST_CASE(bounds_of_smooth_outputs_do_not_add_up) {
  BOOST_TEST(bound_with(400) < 100 * bound_with(1));
}

BOOST_AUTO_TEST_CASE(a_large_element_does_not_lengthen_the_steps_of_the_others) {
  std::vector<double> x = {1e6, 0.5}, dx(2), y(2);
  GradientCheck check({.draw_values = false});
  check.input("x", {2}, x, dx);
  const GradientReport report = check.run(
      [&] {
        y = {1e-6 * x[0], std::sin(x[1])};
        return y;
      },
      [&](const std::vector<double>& dy) {
        dx = {1e-6 * dy[0], 1.00001 * std::cos(x[1]) * dy[1]};
      });
  BOOST_TEST(report.arguments[0].wrong() == 1);
  BOOST_TEST(report.arguments[0].worst().index == 1);
}

// ---- what is wrong ----------------------------------------------------------------------------------------------

BOOST_AUTO_TEST_CASE(a_millionth_or_one_element_is_enough) {
  guess_for([](std::vector<double>& dW) {
    for (double& g : dW) g *= 1.000001;
  });
  guess_for([](std::vector<double>& dW) { dW[7] += 1e-6; });
}

BOOST_AUTO_TEST_CASE(in_float_a_hundredth_is_enough) {
  OwnDense<float> layer;
  layer.fault = [](std::vector<float>& dW) {
    for (float& g : dW) g *= 1.01f;
  };
  BOOST_TEST(!layer.check().passed());
}

BOOST_AUTO_TEST_CASE(guesses_the_sign) {
  expect_start(guess_for([](std::vector<double>& dW) {
                 for (double& g : dW) g = -g;
               }),
               "the sign");
}

BOOST_AUTO_TEST_CASE(guesses_a_constant_factor) {
  expect_start(guess_for([](std::vector<double>& dW) {
                 for (double& g : dW) g /= 4;
               }),
               "a constant factor: every element is 0.25 times");
}

BOOST_AUTO_TEST_CASE(guesses_transposed) {
  expect_start(guess_for([](std::vector<double>& dW) {
                 const std::vector<double> right = dW;
                 for (std::size_t i = 0; i < 3; ++i)
                   for (std::size_t u = 0; u < 5; ++u) dW[u * 3 + i] = right[i * 5 + u];
               }),
               "transposed: axis 0 and axis 1");
}

BOOST_AUTO_TEST_CASE(guesses_mirrored) {
  expect_start(guess_for([](std::vector<double>& dW) {
                 const std::vector<double> right = dW;
                 for (std::size_t i = 0; i < 3; ++i)
                   for (std::size_t u = 0; u < 5; ++u) dW[i * 5 + u] = right[(2 - i) * 5 + u];
               }),
               "mirrored: axis 0");
}

BOOST_AUTO_TEST_CASE(guesses_a_turned_kernel) {
  const GradientReport report =
      OwnConvolution{.stride = 1, .turned = true, .forgets_last_row = false}.check();
  expect_start(report.arguments[1].guess, "turned by 180 degrees in axis 0 and axis 1");
  BOOST_TEST(report.arguments[0].wrong() == 0);
}

BOOST_AUTO_TEST_CASE(guesses_the_last_row) {
  const GradientReport report =
      OwnConvolution{.stride = 1, .turned = false, .forgets_last_row = true}.check();
  expect_start(report.arguments[0].guess, "only the last place of axis 0 is wrong");
  BOOST_TEST(report.arguments[1].wrong() == 0);
}

BOOST_AUTO_TEST_CASE(guesses_the_first_column) {
  expect_start(guess_for([](std::vector<double>& dW) {
                 for (std::size_t i = 0; i < 3; ++i) dW[i * 5] += static_cast<double>(i) - 0.7;
               }),
               "only the first place of axis 1 is wrong");
}

BOOST_AUTO_TEST_CASE(guesses_a_mask) {
  expect_start(guess_for([](std::vector<double>& dW) { dW[1] = dW[6] = dW[9] = 0; }), "zero where");
  expect_start(guess_for([](std::vector<double>& dW) { std::fill(dW.begin(), dW.end(), 0); }), "zero where");
}

// Half of what comes out is zero whatever x is, and backward does not know.
BOOST_AUTO_TEST_CASE(guesses_a_mask_that_is_not_applied) {
  std::vector<double> x(6), dx(6), y(6);
  GradientCheck check;
  check.input("x", {6}, x, dx);
  const GradientReport report = check.run(
      [&] {
        for (std::size_t i = 0; i < 6; ++i) y[i] = i % 2 == 0 ? 2 * x[i] : 0;
        return y;
      },
      [&](const std::vector<double>& dy) {
        for (std::size_t i = 0; i < 6; ++i) dx[i] = 2 * dy[i];
      });
  BOOST_TEST(report.arguments[0].wrong() == 3);
  expect_start(report.arguments[0].guess, "not zero where it should be");
}

BOOST_AUTO_TEST_CASE(guesses_numbers_of_less_precision) {
  expect_start(guess_for([](std::vector<double>& dW) {
                 for (double& g : dW) g = static_cast<float>(g);
               }),
               "right to six digits");
}

BOOST_AUTO_TEST_CASE(guesses_overwritten_in_place_of_added) {
  OwnDense<double> layer;
  layer.adds = false;
  expect_start(layer.check().arguments[1].guess, "overwritten");
}

BOOST_AUTO_TEST_CASE(guesses_added_in_place_of_overwritten_and_not_written) {
  std::vector<double> x(4), dx(4);
  for (const bool adds : {true, false}) {
    GradientCheck check;
    check.input("x", {4}, x, dx);
    const GradientReport report = check.run([&] { return x; },
                                            [&](const std::vector<double>& dy) {
                                              for (std::size_t i = 0; adds && i < 4; ++i) dx[i] += dy[i];
                                            });
    expect_start(report.arguments[0].guess, adds ? "added" : "not written");
  }
}

BOOST_AUTO_TEST_CASE(guesses_a_missing_derivative) {
  OwnDense<double> layer;
  layer.chain_rule = false;
  const GradientReport report = layer.check();
  BOOST_TEST(report.arguments[2].wrong() == 5);  // db: sums over the batch, so without a pattern
  std::vector<double> x(6), dx(6), y(6);
  GradientCheck check;
  check.input("x", {6}, x, dx);
  const GradientReport values = check.run(
      [&] {
        for (std::size_t i = 0; i < 6; ++i) y[i] = std::tanh(x[i]);
        return y;
      },
      [&](const std::vector<double>& dy) { dx = dy; });
  expect_start(values.arguments[0].guess, "too large, by a factor that differs");
}

BOOST_AUTO_TEST_CASE(guesses_nothing_where_there_is_no_pattern) {
  expect_start(guess_for([](std::vector<double>& dW) {
                 for (std::size_t k = 0; k < dW.size(); ++k) dW[k] += std::sin(static_cast<double>(k) + 1);
               }),
               "none of the usual");
}

BOOST_AUTO_TEST_CASE(nan_is_wrong) {
  expect_start(guess_for([](std::vector<double>& dW) { dW[2] = std::nan(""); }), "values that are NaN");
}

BOOST_AUTO_TEST_CASE(the_report_names_the_element_both_values_and_the_bound) {
  OwnDense<double> layer;
  layer.fault = [](std::vector<double>& dW) { dW[7] = 2.5; };
  std::ostringstream text;
  text << layer.check();
  for (const char* part : {"x (4, 3): 12 elements agree", "W (3, 5): 1 of 15 elements are wrong",
                           "W(1, 2) is 2.5 by backward", "by differences, which are exact to"})
    BOOST_TEST(text.str().find(part) != std::string::npos, part << " is not in " << text.str());
}

// ---- what cannot be checked -------------------------------------------------------------------------------------

BOOST_AUTO_TEST_CASE(what_cannot_be_checked_is_refused) {
  std::vector<double> x(4), dx(4), empty;
  const auto identity = [&](const std::vector<double>& dy) { dx = dy; };
  const auto run = [&](const Shape& shape, auto& gradient, bool adds, const auto& forward) {
    GradientCheck check;
    if (adds)
      check.parameter("x", shape, x, gradient);
    else
      check.input("x", shape, x, gradient);
    check.run(forward, identity);
  };
  const auto right = [&] { return x; };
  int calls = 0;
  BOOST_CHECK_NO_THROW(run({4}, dx, false, right));
  BOOST_CHECK_THROW(run({5}, dx, false, right), std::invalid_argument);
  BOOST_CHECK_THROW(run({4}, empty, true, right), std::invalid_argument);
  BOOST_CHECK_THROW(run({4}, empty, false, right), std::invalid_argument);  // backward leaves it so
  BOOST_CHECK_THROW(run({4}, dx, false, [&] { return empty; }), std::invalid_argument);
  BOOST_CHECK_THROW(run({4}, dx, false,
                        [&] {
                          return std::vector<double>{x[0], std::nan("")};
                        }),
                    std::invalid_argument);
  BOOST_CHECK_THROW(run({4}, dx, false, [&] { return std::vector<double>{x[0] + ++calls}; }),
                    std::invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()
