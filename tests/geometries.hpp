/// @file
/// Convolutions to test, by what is special about them.
#pragma once

#include <sstream>
#include <utility>
#include <vector>

#include "engine/convolution_geometry.hpp"

namespace plaingrad {

/// "13x13x32, 64 filters 3x3, stride 1, valid".
inline std::string to_string(const ConvolutionGeometry& g) {
  std::ostringstream text;
  text << g.height << "x" << g.width << "x" << g.channels << ", " << g.filters << " filters " << g.kernel
       << "x" << g.kernel << ", stride " << g.stride << (g.padding == Padding::same ? ", same" : ", valid");
  return text.str();
}

/// Every combination of small sizes that the padding allows.
inline std::vector<ConvolutionGeometry> small_geometries() {
  std::vector<ConvolutionGeometry> all;
  for (Index height : {1, 2, 3, 5, 6})
    for (Index width : {1, 3, 4, 7})
      for (Index kernel : {1, 2, 3, 5})
        for (Index stride : {1, 2, 3})
          for (Padding padding : {Padding::valid, Padding::same})
            if (padding == Padding::same || (kernel <= height && kernel <= width))
              for (auto [channels, filters] : {std::pair<Index, Index>{1, 1}, {2, 3}, {3, 18}})
                all.push_back({height, width, channels, filters, kernel, stride, padding});
  return all;
}

/// Odd sizes, strides that leave a rest, windows larger than the image, one filter, one channel.
inline const std::vector<ConvolutionGeometry> odd_geometries = {
    {5, 7, 1, 3, 3, 1, Padding::valid},  {5, 7, 3, 2, 3, 1, Padding::same},
    {6, 5, 2, 9, 2, 1, Padding::same},   {8, 6, 2, 3, 3, 2, Padding::valid},
    {7, 7, 1, 1, 3, 2, Padding::same},   {28, 28, 1, 2, 3, 2, Padding::same},
    {14, 14, 2, 3, 3, 2, Padding::same}, {14, 14, 1, 2, 5, 2, Padding::same},
    {9, 4, 5, 17, 4, 3, Padding::same},  {4, 4, 33, 2, 1, 1, Padding::valid},
    {5, 5, 2, 35, 5, 1, Padding::valid}, {3, 3, 2, 2, 5, 2, Padding::same},
    {9, 8, 1, 16, 4, 1, Padding::valid},
};

/// The windows of the report's networks that the fast engine computes directly: several groups of images to a
/// slice at their batch sizes, one filter, few channels.
inline const std::vector<ConvolutionGeometry> network_geometries = {
    {28, 28, 1, 32, 3, 1, Padding::valid}, {28, 28, 1, 16, 3, 2, Padding::same},
    {14, 14, 16, 8, 3, 2, Padding::same},  {28, 28, 16, 1, 3, 1, Padding::same},
    {28, 28, 1, 64, 5, 2, Padding::same},  {14, 14, 8, 8, 3, 2, Padding::same},
};

/// Channels and filters in multiples of 16: the fast engine uses Winograd's filtering, with tiles of every
/// kind along the border.
inline const std::vector<ConvolutionGeometry> many_channels_geometries = {
    {13, 13, 32, 64, 3, 1, Padding::valid}, {5, 5, 16, 32, 3, 1, Padding::valid},
    {10, 9, 16, 16, 3, 1, Padding::valid},  {9, 10, 16, 16, 3, 1, Padding::same},
    {11, 6, 48, 16, 3, 1, Padding::valid},  {7, 7, 16, 32, 5, 1, Padding::same},
    {12, 9, 16, 16, 5, 1, Padding::valid},  {14, 14, 16, 16, 5, 2, Padding::same},
    {15, 11, 16, 48, 5, 2, Padding::valid}, {16, 14, 16, 16, 6, 2, Padding::same},
    {24, 23, 16, 16, 8, 3, Padding::valid}, {8, 8, 32, 16, 3, 1, Padding::same},
    {7, 7, 16, 16, 3, 1, Padding::valid},   {7, 14, 16, 16, 3, 1, Padding::valid},
    {14, 7, 16, 16, 3, 1, Padding::valid},  {8, 11, 16, 16, 5, 1, Padding::valid},
    {4, 4, 16, 16, 3, 1, Padding::valid},   {7, 4, 16, 16, 3, 1, Padding::valid},
    {4, 7, 16, 16, 3, 1, Padding::valid},   {5, 5, 16, 128, 3, 1, Padding::valid},
};

}  // namespace plaingrad
