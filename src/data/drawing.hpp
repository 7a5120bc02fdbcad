/// @file
/// A digit drawn by hand, as an image such as MNIST's (report, section 7.1): a network that has learned from
/// those knows no others.
#pragma once

#include "math/tensor.hpp"

namespace plaingrad {

/// Made as MNIST's images were: the strokes fill a box of 20 x 20 pixels, as high or as wide as that with
/// their proportions kept, and their centre of mass lies in the middle of 28 x 28. What would lie outside is
/// cut off. A pixel is the mean of what it covers, so that edges are grey.
///
/// The middle of 28 pixels is between two of them. In MNIST's images the centre of mass is anywhere in pixel
/// 14, counted from 0; here it is in the middle of that pixel.
/// @param drawing  (height, width): 0 paper ... 1 stroke, strokes being what is not 0
/// @return (1, 28, 28, 1); black if there are no strokes
/// @throws std::invalid_argument if the shape is another, or empty
Tensor mnist_image(const Tensor& drawing);

/// The whole sheet made smaller, as it is: its height becomes 28 pixels, its middle the middle. Arguments,
/// result and errors as for mnist_image().
Tensor reduced_image(const Tensor& drawing);

}  // namespace plaingrad
