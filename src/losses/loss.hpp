/// @file
/// The losses, each as a pair: its value and its gradient with respect to the network's output. All are
/// means, so that the learning rate does not depend on the batch size; an empty batch, which has none, is
/// refused. A loss is finite where its arguments are finite and below 1e18 in magnitude (in double: 1e150).
#pragma once

#include <cstdint>
#include <span>

#include "math/tensor.hpp"

namespace plaingrad {

/// Softmax of each row, shifted by the row's greatest value so that no exponential overflows: each is in
/// 0 ... 1. A row with a NaN or an infinite greatest value has no softmax and becomes NaN throughout.
/// @param logits (batch, classes), a class or more @param probabilities resized to the same shape
/// @throws std::invalid_argument if that is not the shape
void softmax(const Tensor& logits, Tensor& probabilities);

/// Softmax cross-entropy from logits (report, equation (3.7), section 11.1.1), mean over the batch.
/// @param logits    (batch, classes): what the last layer gives, before any softmax
/// @param labels    batch class numbers
/// @param gradient  resized to (batch, classes): (softmax - one-hot label) / batch
/// @throws std::invalid_argument if the batch is empty, the numbers of rows and labels differ or a label is
/// not a class
Sum softmax_cross_entropy(const Tensor& logits, std::span<const std::uint8_t> labels, Tensor& gradient);

/// Softmax cross-entropy (3.7) with smoothed labels (beyond the report): of the target's 1, the share
/// `smoothing` is spread evenly over all classes, so the network is never asked to be entirely sure.
/// @param smoothing  0 ... 1; 0: softmax_cross_entropy(), to the bit
/// @param gradient  resized to (batch, classes): (softmax - smoothed label) / batch
/// @throws std::invalid_argument as softmax_cross_entropy(), or if smoothing is out of its range
Sum smoothed_cross_entropy(const Tensor& logits, std::span<const std::uint8_t> labels, double smoothing,
                           Tensor& gradient);

/// Mean over all values of (prediction - target)^2 (report, sections 5.2 and 11.1.2).
/// @param gradient  resized to the same shape: 2 (prediction - target) / count
/// @throws std::invalid_argument if the shapes differ or there is no value
Sum mean_squared_error(const Tensor& prediction, const Tensor& target, Tensor& gradient);

/// Binary cross-entropy from logits (report, sections 6.2 and 11.1.3), mean over the batch, every row with
/// the same target: -t log D - (1 - t) log(1 - D) with D = sigmoid(logit), written so that it stays exact
/// where D rounds to 0 or 1.
/// @param target    t: 1 "is real", 0 "is fake"
/// @param gradient  resized to the same shape: (D - t) / count
/// @throws std::invalid_argument if the batch is empty or t not in 0 ... 1
Sum binary_cross_entropy(const Tensor& logits, double target, Tensor& gradient);

}  // namespace plaingrad
