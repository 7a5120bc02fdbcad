/// @file
/// Section 3.1: convolution (3.1), commuted (3.2), and what Keras computes in its place.
#include <cstdio>

#include "chapter3/sections.hpp"
#include "convolution/convolution.hpp"

namespace plaingrad::chapter3 {

void section_3_1() {
  std::printf("3.1 Convolutions\n\n");
  const Matrix I{{1, 2, 0}, {0, 1, 3}, {2, 1, 1}};
  const Matrix K{{1, -1}, {2, 1}};
  const Matrix S = convolve(I, K), commuted = convolve_commuted(I, K);
  print_matrices({{"image I", I}, {"kernel K", K}, {"I * K by (3.1)", S}, {"K * I by (3.2)", commuted}});
  std::printf("(3.1) and (3.2) agree in every element: %s.\n\n", S == commuted ? "yes" : "NO");

  std::printf(
      "The report's network (Keras's Conv2D) moves the kernel over the image without turning it and\n");
  std::printf("keeps only the places where it lies inside: a cross-correlation.\n\n");
  const Matrix with_kernel = cross_correlate(I, K), with_flipped = cross_correlate(I, flip(K));
  print_matrices({{"K flipped", flip(K)},
                  {"cross-correlation, K", with_kernel},
                  {"cross-correlation, K flipped", with_flipped}});
  const bool inner = with_flipped == Matrix{{S(1, 1), S(1, 2)}, {S(2, 1), S(2, 2)}};
  std::printf("With the flipped kernel it is the inner part of (3.1): %s. With the kernel as it is: %s.\n\n",
              inner ? "yes" : "NO", with_kernel == with_flipped ? "the same" : "something else");
}

}  // namespace plaingrad::chapter3
