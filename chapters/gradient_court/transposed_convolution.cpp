#include "gradient_court/windows.hpp"

namespace plaingrad::gradient_court {
namespace {

// Its input has the shape of the output of the convolution with the same windows, and the other way round.
Subject subject(const Windows& w) {
  return {{input("x", {w.batch, w.rows, w.columns, w.filters}, 1),
           parameter("W", {w.kernel_height, w.kernel_width, w.channels, w.filters}, 2)},
          [w](const Values& v) { return image_gradient(w, v[1], v[0]); },
          [w](const Values& v, const Numbers& U) -> Values {
            return {outputs(w, U, v[1]), kernel_gradient(w, U, v[0])};
          }};
}

std::vector<Fault> faults(const Windows& w) {
  const Shape output = {w.batch, w.height, w.width, w.channels};
  return {
      {"W turned for dx", "a convolution where a cross-correlation belongs", "",
       [w](Pass& p) { p.gradients[0] = outputs(w, p.U, turned(w, p.values[1])); }},
      {"dW turned by 180 degrees", "the same with dW", "",
       [w](Pass& p) { p.gradients[1] = turned(w, p.gradients[1]); }},
      {"stride left out of dx", "the window moves by one pixel on the way back", "",
       [w](Pass& p) {
         Windows other = w;
         other.stride = 1;
         p.gradients[0] = outputs(other, p.U, p.values[1]);
       }},
      {"overlapping windows forgotten", "each pixel of the output is given to one window only", "",
       [w](Pass& p) {
         p.gradients[0].assign(p.gradients[0].size(), 0);
         for_each_product(w, [&](const Product& q) {
           if (q.m < w.stride && q.n < w.stride)
             p.gradients[0][q.output] += p.U[q.pixel] * p.values[1][q.weight];
         });
       }},
      {"last row of the upstream not read", "a loop ends one too early", "",
       [=](Pass& p) {
         const Numbers U = where(p.U, output, 1, [w](Index i) { return i < w.height - 1; });
         p.gradients[0] = outputs(w, U, p.values[1]);
         p.gradients[1] = kernel_gradient(w, U, p.values[0]);
       }},
      {"dW of the first image only", "the loop over the batch is missing", "",
       [w](Pass& p) {
         const Numbers x =
             where(p.values[0], {w.batch, w.rows, w.columns, w.filters}, 0, [](Index b) { return b == 0; });
         p.gradients[1] = kernel_gradient(w, p.U, x);
       }},
  };
}

}  // namespace

Family transposed_convolution(ImageShape images) {
  const Windows w = images == ImageShape::square ? Windows{2, 7, 7, 2, 3, 3, 3, 2, 0, 0, 3, 3}
                                                 : Windows{2, 5, 7, 2, 3, 3, 3, 2, 0, 0, 2, 3};
  return {subject(w), faults(w)};
}

}  // namespace plaingrad::gradient_court
