#include <algorithm>
#include <array>

#include "gradient_court/family.hpp"

namespace plaingrad::gradient_court {
namespace {

// Windows of 2 x 2 on images (batch, height, width) of one channel; rows and columns that fill no window are
// dropped.
struct Pooling {
  std::size_t batch, height, width;

  std::size_t rows() const { return height / 2; }
  std::size_t columns() const { return width / 2; }
  std::size_t outputs() const { return batch * rows() * columns(); }
  /// Where the pixels of an output's window lie, row by row. `row_length` should be the width.
  std::array<std::size_t, 4> window(std::size_t output, std::size_t row_length) const {
    const std::size_t b = output / (rows() * columns()), i = output / columns() % rows(),
                      j = output % columns();
    const std::size_t first = b * height * row_length + 2 * i * row_length + 2 * j;
    return {first, first + 1, first + row_length, first + row_length + 1};
  }
  std::array<std::size_t, 4> window(std::size_t output) const { return window(output, width); }
  /// The window's greatest pixel; of several, the first.
  std::size_t argmax(const Numbers& x, std::size_t output) const {
    const auto pixels = window(output);
    return *std::max_element(pixels.begin(), pixels.end(),
                             [&](std::size_t p, std::size_t q) { return x[p] < x[q]; });
  }
};

Subject subject(const Pooling& pooling) {
  const auto extent = [](std::size_t n) { return static_cast<Index>(n); };
  return {{input("x", {extent(pooling.batch), extent(pooling.height), extent(pooling.width)}, 1)},
          [pooling](const Values& v) {
            Numbers y;
            for (std::size_t k = 0; k < pooling.outputs(); ++k) y.push_back(v[0][pooling.argmax(v[0], k)]);
            return y;
          },
          [pooling](const Values& v, const Numbers& U) -> Values {
            Numbers dx(v[0].size());
            for (std::size_t k = 0; k < U.size(); ++k) dx[pooling.argmax(v[0], k)] += U[k];
            return {dx};
          }};
}

// dx if every pixel for which `chosen` is true receives the output's gradient times `share`.
Numbers distribute_gradient(const Pass& p, const Pooling& pooling, double share,
                            const std::function<bool(double pixel, double greatest)>& chosen) {
  Numbers dx(p.values[0].size());
  for (std::size_t k = 0; k < p.U.size(); ++k)
    for (const std::size_t pixel : pooling.window(k))
      if (chosen(p.values[0][pixel], p.values[0][pooling.argmax(p.values[0], k)]))
        dx[pixel] += share * p.U[k];
  return dx;
}

std::vector<Fault> faults(const Pooling& pooling) {
  return {
      {"no mask", "all four pixels of a window have the gradient", "",
       [=](Pass& p) {
         p.gradients[0] = distribute_gradient(p, pooling, 1, [](double, double) { return true; });
       }},
      {"a mean's gradient", "a quarter for each pixel of a window", "",
       [=](Pass& p) {
         p.gradients[0] = distribute_gradient(p, pooling, 0.25, [](double, double) { return true; });
       }},
      {"mask inverted", "all but the greatest", "",
       [=](Pass& p) {
         p.gradients[0] =
             distribute_gradient(p, pooling, 1, [](double x, double greatest) { return x < greatest; });
       }},
      {"first image's mask for all", "the mask is not kept for each image", "",
       [=](Pass& p) {
         p.gradients[0].assign(p.gradients[0].size(), 0);
         const std::size_t size = pooling.height * pooling.width, outputs = pooling.outputs() / pooling.batch;
         for (std::size_t k = 0; k < p.U.size(); ++k)
           p.gradients[0][k / outputs * size + pooling.argmax(p.values[0], k % outputs)] += p.U[k];
       }},
      {"row length without the rest", "rows are taken to be 2 columns() long", "",
       [=](Pass& p) {
         p.gradients[0].assign(p.gradients[0].size(), 0);
         for (std::size_t k = 0; k < p.U.size(); ++k) {
           const auto pixels = pooling.window(k), elsewhere = pooling.window(k, 2 * pooling.columns());
           for (std::size_t w = 0; w < pixels.size(); ++w)
             if (pixels[w] == pooling.argmax(p.values[0], k)) p.gradients[0][elsewhere[w]] += p.U[k];
         }
       }},
      {"upstream read column by column", "dy(j, i) is read for dy(i, j)", "",
       [=](Pass& p) {
         p.gradients[0].assign(p.gradients[0].size(), 0);
         const std::size_t rows = pooling.rows(), columns = pooling.columns(), size = rows * columns;
         for (std::size_t k = 0; k < p.U.size(); ++k) {
           const std::size_t i = k / columns % rows, j = k % columns;
           p.gradients[0][pooling.argmax(p.values[0], k)] += p.U[k / size * size + j * rows + i];
         }
       }},
      {"uncovered rows not written",
       "a last row and column that no window reaches keep what was there",
       "",
       {},
       [=](Values gradients, const Values& before) {
         for (std::size_t k = 0; k < before[0].size(); ++k)
           if (k / pooling.width % pooling.height >= 2 * pooling.rows() ||
               k % pooling.width >= 2 * pooling.columns())
             gradients[0][k] = before[0][k];
         return gradients;
       }},
  };
}

Pooling pooling_of(ImageShape images) {
  return images == ImageShape::square ? Pooling{2, 5, 5} : Pooling{2, 5, 7};
}

}  // namespace

Family max_pooling(ImageShape images) {
  const Pooling pooling = pooling_of(images);
  Subject right = subject(pooling);
  // Two nearly equal pixels in the first window: they differ by 0.005.
  right.arguments[0].value[0] = 2;
  right.arguments[0].value[1] = 1.995;
  std::vector<Fault> all = faults(pooling);
  all.push_back({"all that are close to the greatest", "equal within 0.01 counts as equal",
                 "mni-ml/framework#22", [=](Pass& p) {
                   p.gradients[0] = distribute_gradient(
                       p, pooling, 1, [](double x, double greatest) { return greatest - x < 0.01; });
                 }});
  return {right, all};
}

// As in an image whose grey levels are few: every window has two greatest pixels or more.
Family max_pooling_with_ties(ImageShape images) {
  const Pooling pooling = pooling_of(images);
  Subject right = subject(pooling);
  for (double& x : right.arguments[0].value) x = x > 0 ? 1 : 0;
  for (std::size_t k = 0; k < pooling.outputs(); ++k)
    for (const std::size_t w : std::initializer_list<std::size_t>{0, 3})
      right.arguments[0].value[pooling.window(k)[w]] = 1;
  return {right,
          {{"every greatest pixel in full", "the window hands back twice what it was given, or more",
            "Theano/Theano#5404",
            [=](Pass& p) {
              p.gradients[0] =
                  distribute_gradient(p, pooling, 1, [](double x, double greatest) { return x == greatest; });
            }},
           {"no greatest pixel at all", "greater than all others: none is", "",
            [](Pass& p) { scale(p.gradients[0], 0); }}}};
}

}  // namespace plaingrad::gradient_court
