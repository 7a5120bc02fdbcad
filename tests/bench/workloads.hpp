/// @file
/// The workloads of ours: each has variants to choose from and a way to set one up (worker.hpp).
#pragma once

#include <filesystem>

#include "math/real.hpp"
#include "worker.hpp"

namespace bench {

/// A workload's variants and how to set one up.
struct Workload {
  std::vector<std::string> variants;
  Prepare prepare;
};

// ---- kernels.cpp -----------------------------------------------------------------------------------------

/// The machine's multiply-adds, by all threads. Unit: floating-point operations.
Workload peak();
/// matrix_product, or parallel_matrix_product if there is more than one thread, on every shape of the three
/// networks.
Workload products();
/// The CNN's second layer as convolution/ defines it and as the engine computes it. Unit: images.
Workload second_layer();

/// Sizes of images whose cost is measured.
inline const std::vector<std::string> image_sizes{"28", "42", "56", "84", "112"};

// ---- networks.cpp ----------------------------------------------------------------------------------------

/// Training the CNN by fit_classifier, for several batch sizes. Unit: images.
Workload cnn_training();
/// The same at batch 32 on images of several sizes: "28", "56" ...
Workload cnn_training_by_size();
/// Training the CNN by the fastest rung of chapters/seconds, from its initial weights to the last step. Unit:
/// images.
Workload cnn_seconds();
/// How that rung trains, for peers that are to do the same.
Json fastest_rung();
/// The CNN on 10,000 images, in mini-batches of several sizes. Unit: images.
Workload cnn_inference();
/// Training the autoencoder by fit_reconstruction, batch 32. Unit: images.
Workload autoencoder_training();
/// Training steps of the GAN, batch 256. Unit: steps.
Workload gan_step();

/// An epoch of 60,000 images and a validation on 10,000, as the programs do it.
Json cnn_run();
/// Writes the CNN whose inference is measured, the images and what it makes of them: parameters, images and
/// logits, each as raw little-endian floats. The peers load the first two and compare their outputs with the
/// third.
void export_cnn(const std::filesystem::path& folder);

/// Operations of a training step for one image, counted from the products: by network, and of the CNN by
/// image size.
/// @throws std::logic_error if the products are not those of the networks
Json counted_operations();
/// @throws std::logic_error if a product of products.hpp is not one that the networks' layers compute
void require_products_of_the_networks();

// ---- layers.cpp ------------------------------------------------------------------------------------------

/// Seconds that each layer of a network ("cnn", "autoencoder", "generator", "discriminator") takes of a
/// training step, the least of `steps`: "layers" (names), "forward", "backward", and "optimizer", which is
/// zeroing the gradients and Adam.
/// @throws std::out_of_range if there is no such network
Json layer_times(const std::string& network, plaingrad::Index batch, plaingrad::Index steps);

}  // namespace bench
