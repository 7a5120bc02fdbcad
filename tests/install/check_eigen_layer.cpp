// A layer written with Eigen, y = tanh(x W), and its backward pass: is it right?
#include <Eigen/Dense>
#include <iostream>
#include <plaingrad/gradient_check.hpp>

using Matrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

int main() {
  Matrix x(4, 3), W(3, 2), dx(4, 3), dW(3, 2), y;
  plaingrad::GradientCheck check;
  check.input("x", {4, 3}, x, dx);
  check.parameter("W", {3, 2}, W, dW);
  const plaingrad::GradientReport report = check.run(
      [&] { return y = (x * W).array().tanh(); },
      [&](const std::vector<double>& dy) {
        const Matrix dz = Eigen::Map<const Matrix>(dy.data(), 4, 2).array() * (1 - y.array().square());
        dW += x.transpose() * dz;
        dx = dz * W.transpose();
      });
  std::cout << report;
  return report.passed() ? 0 : 1;
}
