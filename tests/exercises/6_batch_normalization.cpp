// Exercise 6: batch normalisation in training
//
// Read first: build/docs/html/exercises.html, "Batch normalisation".
//
// For each channel c, over the N rows r of the batch,
//
//   mean = 1/N sum x,   variance = 1/N sum (x - mean)^2,   x_hat = (x - mean) / sqrt(variance + epsilon),
//   y = gamma x_hat + beta
//
//   dbeta  = sum dy
//   dgamma = sum dy x_hat
//   dx     = gamma / sqrt(variance + epsilon) (dy - 1/N sum dy - x_hat 1/N sum dy x_hat)
//
// dx stands for dL/dx, and so on. backward is given dy; it adds to dgamma and dbeta, and overwrites dx.
//
// Missing: four lines, dbeta, dgamma and dx of channel c. Write them, then
//
//   make exercise N=6
#include <cmath>
#include <string>

#include "exercises/exercise.hpp"

using namespace plaingrad;

namespace {

struct BatchNormalization {
  int rows, channels;
  double epsilon;
  Array x{"x", {rows, channels}}, x_hat{"x_hat", {rows, channels}}, y{"y", {rows, channels}};
  Array gamma{"gamma", {channels}}, beta{"beta", {channels}};
  Array dx{"dx", {rows, channels}}, dgamma{"dgamma", {channels}}, dbeta{"dbeta", {channels}};
  Array dy{"dy", {rows, channels}};
  Array inverse{"inverse", {channels}};  // 1 / sqrt(variance + epsilon)
  Array sum_dy{"sum_dy", {channels}}, sum_dy_x_hat{"sum_dy_x_hat", {channels}};

  void forward() {
    for (int c = 0; c < channels; ++c) {
      double mean = 0, variance = 0;
      for (int r = 0; r < rows; ++r) mean += x(r, c) / rows;
      for (int r = 0; r < rows; ++r) variance += (x(r, c) - mean) * (x(r, c) - mean) / rows;
      inverse(c) = 1 / std::sqrt(variance + epsilon);
      for (int r = 0; r < rows; ++r) x_hat(r, c) = (x(r, c) - mean) * inverse(c);
      for (int r = 0; r < rows; ++r) y(r, c) = gamma(c) * x_hat(r, c) + beta(c);
    }
  }

  void backward() {
    for (int c = 0; c < channels; ++c) {
      sum_dy(c) = sum_dy_x_hat(c) = 0;
      for (int r = 0; r < rows; ++r) sum_dy(c) += dy(r, c);
      for (int r = 0; r < rows; ++r) sum_dy_x_hat(c) += dy(r, c) * x_hat(r, c);
      // Your lines here: dbeta(c), dgamma(c), and dx(r, c) of all rows r.
      dbeta(c) += sum_dy(c);
      dgamma(c) += sum_dy_x_hat(c);
      for (int r = 0; r < rows; ++r)
        dx(r, c) = gamma(c) * inverse(c) * (dy(r, c) - (sum_dy(c) + x_hat(r, c) * sum_dy_x_hat(c)) / rows);
      // End of your lines.
    }
  }
};

void check(Exercise& exercise, const std::string& note, BatchNormalization layer) {
  exercise.check(
      note,
      {added(layer.beta, layer.dbeta, "dbeta"), added(layer.gamma, layer.dgamma, "dgamma"),
       overwritten(layer.x, layer.dx, "dx: x moves the mean and the variance too")},
      layer.y, layer.dy, [&] { layer.forward(); }, [&] { layer.backward(); });
}

}  // namespace

int main() {
  Exercise exercise(6, "batch normalisation in training",
                    "build/docs/html/exercises.html#exercises_batch_normalization");
  check(exercise, "one channel", {.rows = 4, .channels = 1, .epsilon = 0.001});
  check(exercise, "three channels", {.rows = 5, .channels = 3, .epsilon = 0.001});
  check(exercise, "two rows", {.rows = 2, .channels = 2, .epsilon = 0.1});
  check(exercise, "an epsilon as large as the variance", {.rows = 7, .channels = 2, .epsilon = 1});
  return exercise.verdict();
}
