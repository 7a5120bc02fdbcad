#include <cmath>
#include <numeric>

#include "gradient_court/family.hpp"

namespace plaingrad::gradient_court {
namespace {

// y(n,u) = f(sum_i x(n,i) W(i,u) + b(u))
constexpr std::size_t batch = 4, inputs = 3, units = 5;

double weighted_sum(const Values& v, std::size_t n, std::size_t u) {
  double z = v[2][u];
  for (std::size_t i = 0; i < inputs; ++i) z += v[0][n * inputs + i] * v[1][i * units + u];
  return z;
}

//! [dense]
using Derivative = double (*)(double z);

double tanh_prime(double z) {
  return 1 - std::tanh(z) * std::tanh(z);
}

Values gradients(const Values& v, const Numbers& U, Derivative f_prime) {
  const Numbers &x = v[0], &W = v[1];
  Numbers dx(x.size()), dW(W.size()), db(units);
  for (std::size_t n = 0; n < batch; ++n)
    for (std::size_t u = 0; u < units; ++u) {
      const double dz = U[n * units + u] * f_prime(weighted_sum(v, n, u));
      db[u] += dz;
      for (std::size_t i = 0; i < inputs; ++i) {
        dW[i * units + u] += dz * x[n * inputs + i];
        dx[n * inputs + i] += dz * W[i * units + u];
      }
    }
  return {dx, dW, db};
}
//! [dense]

Subject subject(double (*f)(double), Derivative f_prime) {
  const auto forward = [f](const Values& v) {
    Numbers y(batch * units);
    for (std::size_t k = 0; k < y.size(); ++k) y[k] = f(weighted_sum(v, k / units, k % units));
    return y;
  };
  return {{input("x", {batch, inputs}, 1), parameter("W", {inputs, units}, 2), parameter("b", {units}, 3)},
          forward,
          [f_prime](const Values& v, const Numbers& U) { return gradients(v, U, f_prime); }};
}

// The transpose of a (rows, columns) matrix.
Numbers transposed(const Numbers& matrix, std::size_t rows, std::size_t columns) {
  Numbers result(matrix.size());
  for (std::size_t i = 0; i < rows; ++i)
    for (std::size_t j = 0; j < columns; ++j) result[j * rows + i] = matrix[i * columns + j];
  return result;
}

//! [faults]
std::vector<Fault> faults() {
  return {
      {"f' left out", "the error does not pass through the activation function",
       "(2.7); Bot-Academy/NeuralNetworkFromScratch#3",
       [](Pass& p) { p.gradients = gradients(p.values, p.U, [](double) { return 1.0; }); }},
      {"f' at the output y", "the derivative is taken at f(z) in place of z", "",
       [](Pass& p) {
         p.gradients = gradients(p.values, p.U, [](double z) { return tanh_prime(std::tanh(z)); });
       }},
      {"upstream taken for ones", "the upstream gradient is not looked at", "",
       [](Pass& p) { p.gradients = gradients(p.values, Numbers(p.U.size(), 1), tanh_prime); }},
      {"sign", "every gradient is minus what it should be", "2.6, the sign of the error signal",
       [](Pass& p) {
         for (Numbers& g : p.gradients) scale(g, -1);
       }},
      //! [faults]
      {"dW transposed", "dz^T x is written where x^T dz belongs", "",
       [](Pass& p) { p.gradients[1] = transposed(p.gradients[1], inputs, units); }},
      {"W read transposed for dx", "the weights are read as (units, inputs)", "",
       [](Pass& p) {
         Values other = p.values;
         other[1] = transposed(p.values[1], units, inputs);
         Numbers dz(p.U.size());
         for (std::size_t k = 0; k < dz.size(); ++k)
           dz[k] = p.U[k] * tanh_prime(weighted_sum(p.values, k / units, k % units));
         p.gradients[0] = gradients(other, dz, [](double) { return 1.0; })[0];
       }},
      {"dW divided by the batch again", "the loss is a mean already", "",
       [](Pass& p) { scale(p.gradients[1], 1.0 / batch); }},
      {"dW off by half a thousandth", "a factor of 1.0005", "",
       [](Pass& p) { scale(p.gradients[1], 1.0005); }},
      {"one element of dW off by 1 %", "W(1, 2) alone", "", [](Pass& p) { p.gradients[1][7] *= 1.01; }},
      {"db a mean over the batch", "where a sum belongs", "kvfrans/notes#5",
       [](Pass& p) { scale(p.gradients[2], 1.0 / batch); }},
      {"db of the first sample only", "right for a batch of one", "mlpack/mlpack#3679",
       [](Pass& p) {
         Numbers U = p.U;
         std::fill(U.begin() + units, U.end(), 0);
         p.gradients[2] = gradients(p.values, U, tanh_prime)[2];
       }},
      {"last unit learns nothing", "a loop ends one too early", "",
       [](Pass& p) {
         for (std::size_t i = 0; i < inputs; ++i) p.gradients[1][i * units + units - 1] = 0;
       }},
      {"W updated before dx", "dx is computed with weights that have taken their step",
       "Bot-Academy/NeuralNetworkFromScratch#3",
       [](Pass& p) {
         for (std::size_t n = 0; n < batch; ++n)
           for (std::size_t u = 0; u < units; ++u) {
             const double dz = p.U[n * units + u] * tanh_prime(weighted_sum(p.values, n, u));
             for (std::size_t i = 0; i < inputs; ++i)
               p.gradients[0][n * inputs + i] -= 0.01 * dz * p.gradients[1][i * units + u];
           }
       }},
      {"dW overwritten, not added",
       "what an earlier use of the layer has left is lost",
       "karpathy/convnetjs#17",
       {},
       [](const Values& gradients, const Values&) { return gradients; }},
      {"dx added, not overwritten",
       "what the last mini-batch has left stays in",
       "",
       {},
       [](Values gradients, const Values& before) {
         for (std::size_t k = 0; k < gradients.size(); ++k) add(gradients[k], before[k]);
         return gradients;
       }},
  };
}

}  // namespace

Family dense(ImageShape) {
  return {subject([](double z) { return std::tanh(z); }, tanh_prime), faults()};
}

// Inputs and biases are zero, as at the dark border of an image: every weighted sum stands on the kink.
Family dense_relu_at_zero(ImageShape) {
  Subject right = subject([](double z) { return z > 0 ? z : 0; }, [](double z) { return z > 0 ? 1.0 : 0.0; });
  for (const std::size_t k : std::initializer_list<std::size_t>{0, 2})
    std::fill(right.arguments[k].value.begin(), right.arguments[k].value.end(), 0);
  return {right, {{"slope 2 at the kink", "no slope on either side is more than 1", "", [](Pass& p) {
                     p.gradients = gradients(p.values, p.U, [](double z) {
                       return z > 0 ? 1.0 : z < 0 ? 0.0 : 2.0;
                     });
                   }}}};
}

}  // namespace plaingrad::gradient_court
