/// @file
/// How far two tensors are apart.
#pragma once

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cmath>

#include "math/tensor.hpp"

namespace plaingrad {

/// The greatest |a - b|; it is an error of the test if their shapes differ.
inline double greatest_difference(const Tensor& a, const Tensor& b) {
  BOOST_REQUIRE(a.shape == b.shape);
  double greatest = 0;
  for (Index i = 0; i < a.size(); ++i)
    greatest = std::max(greatest, std::abs(static_cast<double>(a[i] - b[i])));
  return greatest;
}

}  // namespace plaingrad
