/// @file
/// Every matrix product that a training step of the three networks consists of by definition, written down
/// from their shapes: what matrix_product is measured on, and how the operations of a step are counted.
/// (Where Winograd takes over, the products that run are smaller and fewer.)
#pragma once

#include <string>
#include <vector>

#include "math/real.hpp"

namespace bench {

using plaingrad::Index;

/// C (rows, columns) += A (rows, inner) B (inner, columns).
struct Product {
  std::string network, layer;
  std::string kind;  ///< "forward", "kernel gradient", "input gradient"
  Index rows, inner, columns;
  /// A is the transpose of what lies in memory. So it is in every kernel gradient: patches^T dy.
  bool transposed = false;

  /// "cnn conv2d_1 forward"
  std::string name() const { return network + " " + layer + " " + kind; }
  /// A multiplication and an addition for each term.
  double operations() const { return 2.0 * static_cast<double>(rows * inner * columns); }
};

/// A layer as matrix products see it: `pixels` positions of a window of `window` values, `filters` of them.
/// For a transposed convolution these are the numbers of the convolution that it is the adjoint of.
struct LayerShape {
  std::string name;
  Index pixels, window, filters;
  bool transposed_convolution = false;
};

/// What a training step of a network computes. The first layer's input gradient is computed only if it is
/// used.
inline std::vector<Product> products_of(const std::string& network, const std::vector<LayerShape>& layers,
                                        Index batch, bool input_gradient) {
  std::vector<Product> products;
  for (const LayerShape& l : layers) {
    const Index pixels = batch * l.pixels;
    const Product correlation{network, l.name, "forward", pixels, l.window, l.filters};
    const Product adjoint{network, l.name, "forward", pixels, l.filters, l.window};
    products.push_back(l.transposed_convolution ? adjoint : correlation);
    products.push_back({network, l.name, "kernel gradient", l.window, pixels, l.filters, true});
    if (&l == &layers.front() && !input_gradient) continue;
    products.push_back(l.transposed_convolution ? correlation : adjoint);
    products.back().kind = "input gradient";
  }
  return products;
}

/// @param size  height and width of the images; 28 in the report
inline std::vector<Product> cnn_products(Index batch, Index size = 28) {
  const Index first = size - 2, second = first / 2 - 2, third = second / 2 - 2;
  return products_of("cnn",
                     {{"conv2d", first * first, 3 * 3 * 1, 32},
                      {"conv2d_1", second * second, 3 * 3 * 32, 64},
                      {"conv2d_2", third * third, 3 * 3 * 64, 128},
                      {"dense", 1, third * third * 128, 128},
                      {"dense_1", 1, 128, 10}},
                     batch, false);
}

inline std::vector<Product> autoencoder_products(Index batch) {
  return products_of("autoencoder",
                     {{"conv2d", 14 * 14, 3 * 3 * 1, 16},
                      {"conv2d_1", 7 * 7, 3 * 3 * 16, 8},
                      {"conv2d_transpose", 7 * 7, 3 * 3 * 8, 8, true},
                      {"conv2d_transpose_1", 14 * 14, 3 * 3 * 16, 8, true},
                      {"conv2d_2", 28 * 28, 3 * 3 * 16, 1}},
                     batch, false);
}

inline std::vector<Product> generator_products(Index batch) {
  return products_of("generator",
                     {{"dense", 1, 100, 7 * 7 * 256},
                      {"conv2d_transpose", 7 * 7, 5 * 5 * 128, 256, true},
                      {"conv2d_transpose_1", 7 * 7, 5 * 5 * 64, 128, true},
                      {"conv2d_transpose_2", 14 * 14, 5 * 5 * 1, 64, true}},
                     batch, false);
}

/// The discriminator's input gradient is what the generator learns from.
inline std::vector<Product> discriminator_products(Index batch) {
  return products_of("discriminator",
                     {{"conv2d", 14 * 14, 5 * 5 * 1, 64},
                      {"conv2d_1", 7 * 7, 5 * 5 * 64, 128},
                      {"dense", 1, 7 * 7 * 128, 1}},
                     batch, true);
}

/// All shapes of the three networks at the report's batch sizes.
inline std::vector<Product> all_products() {
  std::vector<Product> all;
  for (const auto& products :
       {cnn_products(32), autoencoder_products(32), generator_products(256), discriminator_products(256)})
    all.insert(all.end(), products.begin(), products.end());
  return all;
}

/// Operations of the products, for one image of the batch they were written for.
inline double operations_per_image(const std::vector<Product>& products, Index batch) {
  double sum = 0;
  for (const Product& product : products) sum += product.operations();
  return sum / static_cast<double>(batch);
}

}  // namespace bench
