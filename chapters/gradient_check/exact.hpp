/// @file
/// The derivatives of a layer's forward pass by dual numbers. The program holds layers.cpp twice: compiled in
/// double, and compiled with dual numbers, where the library has a namespace of its own. What they exchange
/// is in types that both have.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

/// The library as compiled with dual numbers.
namespace plaingrad_dual::gradient_check {

/// L = sum U y of a layer, at given values of its input and of its trainable parameters.
struct ForwardPass {
  std::string layer;  ///< this and the following: the members of Request, enumerators by name
  std::vector<std::ptrdiff_t> size;
  std::ptrdiff_t filters = 0, kernel = 0, stride = 0;
  bool same_padding = true;
  std::string activation;
  std::ptrdiff_t batch = 0;
  std::uint64_t seed = 0;  ///< of a dropout layer's mask
  std::vector<std::vector<double>> values;
  std::vector<double> U;
};

/// dL/dv for each requested value v, which has derivative 1 in a forward pass of its own.
/// @param elements  for each of `values`: which of them
std::vector<std::vector<double>> derivatives(const ForwardPass& pass,
                                             const std::vector<std::vector<std::ptrdiff_t>>& elements);

}  // namespace plaingrad_dual::gradient_check
