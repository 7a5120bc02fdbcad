#include <algorithm>

#include "gradient_court/windows.hpp"

namespace plaingrad::gradient_court {
namespace {

Numbers bias_gradient(const Windows& w, const Numbers& dy) {
  Numbers db(static_cast<std::size_t>(w.filters));
  for (std::size_t k = 0; k < dy.size(); ++k) db[k % db.size()] += dy[k];
  return db;
}

Subject subject(const Windows& w) {
  return {{input("x", {w.batch, w.height, w.width, w.channels}, 1),
           parameter("W", {w.kernel_height, w.kernel_width, w.channels, w.filters}, 2),
           parameter("b", {w.filters}, 3)},
          [w](const Values& v) {
            Numbers y = outputs(w, v[0], v[1]);
            for (std::size_t k = 0; k < y.size(); ++k) y[k] += v[2][k % v[2].size()];
            return y;
          },
          [w](const Values& v, const Numbers& U) -> Values {
            return {image_gradient(w, v[1], U), kernel_gradient(w, v[0], U), bias_gradient(w, U)};
          }};
}

// w with a change, for code that has one of its members wrong.
template <class Change>
Windows with(Windows w, const Change& change) {
  change(w);
  return w;
}

// The upstream gradient (batch, rows, columns, filters), zero wherever the index along `axis` does not
// satisfy `keep`.
Numbers part(const Windows& w, const Numbers& U, std::size_t axis, const std::function<bool(Index)>& keep) {
  return where(U, {w.batch, w.rows, w.columns, w.filters}, axis, keep);
}

std::vector<Fault> faults(const Windows& w) {
  return {
      {"dW turned by 180 degrees", "a convolution where a cross-correlation belongs", "3.1",
       [w](Pass& p) { p.gradients[1] = turned(w, p.gradients[1]); }},
      {"W turned for dx", "the same with dx", "3.1",
       [w](Pass& p) { p.gradients[0] = image_gradient(w, turned(w, p.values[1]), p.U); }},
      {"dF(m,n) from one pixel each", "dY(m,n) X(m,n): the sum over the windows is missing", "(3.3), (3.4)",
       [w](Pass& p) {
         std::fill(p.gradients[1].begin(), p.gradients[1].end(), 0);
         for_each_product(w, [&](const Product& q) {
           const auto pixel = static_cast<std::size_t>(w.pixel(q.b, q.m, q.n, q.c));
           if (q.i == q.m && q.j == q.n) p.gradients[1][q.weight] += p.U[q.output] * p.values[0][pixel];
         });
       }},
      {"dF times F", "the step of the filter depends on the filter", "3.4, the update of the filter",
       [](Pass& p) {
         for (std::size_t k = 0; k < p.gradients[1].size(); ++k) p.gradients[1][k] *= p.values[1][k];
       }},
      {"dW a mean over outputs", "divided by batch, height and width", "sebgao/cTensor#3",
       [w](Pass& p) { scale(p.gradients[1], 1.0 / static_cast<double>(w.batch * w.rows * w.columns)); }},
      {"dW of the last image only", "each image overwrites the one before", "",
       [w](Pass& p) {
         p.gradients[1] =
             kernel_gradient(w, p.values[0], part(w, p.U, 0, [w](Index b) { return b == w.batch - 1; }));
       }},
      {"channels and filters exchanged", "dW is written as (height, width, filters, channels)", "",
       [w](Pass& p) {
         const Numbers right = p.gradients[1];
         for (std::size_t k = 0; k < right.size(); ++k) {
           const auto one = static_cast<std::size_t>(w.channels * w.filters),
                      c = k % one / static_cast<std::size_t>(w.filters),
                      f = k % static_cast<std::size_t>(w.filters);
           p.gradients[1][k / one * one + f * static_cast<std::size_t>(w.channels) + c] = right[k];
         }
       }},
      {"padding from the wrong side, dx", "the odd row of zeros is taken from the top", "",
       [w](Pass& p) {
         p.gradients[0] = image_gradient(with(w, [](Windows& o) { o.top += 1; }), p.values[1], p.U);
       }},
      {"padding from the wrong side, dW", "the same with dW", "",
       [w](Pass& p) {
         p.gradients[1] = kernel_gradient(with(w, [](Windows& o) { o.top += 1; }), p.values[0], p.U);
       }},
      {"padding of rows for columns", "top and left are exchanged in dx", "",
       [w](Pass& p) {
         p.gradients[0] =
             image_gradient(with(w, [](Windows& o) { std::swap(o.top, o.left); }), p.values[1], p.U);
       }},
      {"rows and columns of dx exchanged", "dx(j, i) is written for dx(i, j)", "",
       [w](Pass& p) {
         const Numbers right = p.gradients[0];
         const Windows other = with(w, [](Windows& o) { std::swap(o.height, o.width); });
         for (Index b = 0; b < w.batch; ++b)
           for (Index i = 0; i < w.height; ++i)
             for (Index j = 0; j < w.width; ++j)
               for (Index c = 0; c < w.channels; ++c)
                 p.gradients[0][static_cast<std::size_t>(w.pixel(b, i, j, c))] =
                     right[static_cast<std::size_t>(other.pixel(b, j, i, c))];
       }},
      {"height for width in dx's index", "row i begins at i height: right on square images", "",
       [w](Pass& p) {
         const Numbers right = p.gradients[0];
         std::fill(p.gradients[0].begin(), p.gradients[0].end(), 0);
         const Windows other = with(w, [](Windows& o) { o.width = o.height; });
         for (Index b = 0; b < w.batch; ++b)
           for (Index i = 0; i < w.height; ++i)
             for (Index j = 0; j < w.width; ++j)
               for (Index c = 0; c < w.channels; ++c)
                 p.gradients[0][static_cast<std::size_t>(other.pixel(b, i, j, c)) % right.size()] +=
                     right[static_cast<std::size_t>(w.pixel(b, i, j, c))];
       }},
      {"height for width in dW's loop", "as many columns as rows are visited: right on square images", "",
       [w](Pass& p) {
         p.gradients[1] =
             kernel_gradient(w, p.values[0], part(w, p.U, 2, [w](Index j) { return j < w.rows; }));
       }},
      {"first channel only has dx", "the loop over channels is missing", "",
       [w](Pass& p) {
         p.gradients[0] = where(p.gradients[0], {w.batch, w.height, w.width, w.channels}, 3,
                                [](Index c) { return c == 0; });
       }},
      {"db of the first position only", "the sum over rows and columns is missing", "",
       [w](Pass& p) {
         const Numbers first_row = part(w, p.U, 1, [](Index i) { return i == 0; });
         p.gradients[2] = bias_gradient(w, part(w, first_row, 2, [](Index j) { return j == 0; }));
       }},
  };
}

std::vector<Fault> stride_faults(const Windows& w) {
  const Index used_height = (w.rows - 1) * w.stride + w.kernel_height,
              used_width = (w.columns - 1) * w.stride + w.kernel_width;
  // dx written into another layout of the image, shifted by `down` rows and `right` columns.
  const auto moved = [=](const Numbers& dx, const Windows& other, Index down, Index right) {
    Numbers result(dx.size());
    for (Index b = 0; b < w.batch; ++b)
      for (Index i = 0; i < used_height; ++i)
        for (Index j = 0; j < used_width; ++j)
          for (Index c = 0; c < w.channels; ++c)
            result[static_cast<std::size_t>(other.pixel(b, i + down, j + right, c))] =
                dx[static_cast<std::size_t>(w.pixel(b, i, j, c))];
    return result;
  };
  const Windows smaller = with(w, [=](Windows& o) { o.height = used_height, o.width = used_width; });
  return {
      {"stride left out of dx", "the window moves by one pixel on the way back",
       "Kulbear/deep-learning-coursera#34",
       [w](Pass& p) {
         p.gradients[0] = image_gradient(with(w, [](Windows& o) { o.stride = 1; }), p.values[1], p.U);
       }},
      {"stride left out of dW", "the same with dW", "enggen/Deep-Learning-Coursera#7",
       [w](Pass& p) {
         p.gradients[1] = kernel_gradient(with(w, [](Windows& o) { o.stride = 1; }), p.values[0], p.U);
       }},
      {"dx of the size without the rest", "the image that the windows just fill, in memory of the larger one",
       "torch/DEPRECEATED-torch7-distro#20",
       [=](Pass& p) { p.gradients[0] = moved(p.gradients[0], smaller, 0, 0); }},
      {"the rest at the other end", "dx is aligned at the last row and column, not at the first", "",
       [=](Pass& p) {
         p.gradients[0] = moved(p.gradients[0], w, w.height - used_height, w.width - used_width);
       }},
      {"uncovered rows not written",
       "rows and columns that no window reaches keep what was there",
       "mlpack/mlpack#2986",
       {},
       [=](Values gradients, Values before) {
         const Shape shape = {w.batch, w.height, w.width, w.channels};
         const Numbers old = before[0];
         Numbers inside(old.size(), 1);
         inside = where(where(inside, shape, 1, [=](Index i) { return i < used_height; }), shape, 2,
                        [=](Index j) { return j < used_width; });
         for (std::size_t k = 0; k < old.size(); ++k)
           before[0][k] = inside[k] == 0 ? old[k] : gradients[0][k];
         for (std::size_t a = 1; a < gradients.size(); ++a) add(before[a], gradients[a]);
         return before;
       }},
      {"last row of windows forgotten", "a loop ends one too early", "",
       [w](Pass& p) {
         const Numbers U = part(w, p.U, 1, [w](Index i) { return i < w.rows - 1; });
         p.gradients[0] = image_gradient(w, p.values[1], U);
       }},
  };
}

// Padding `same`, with the odd row of zeros after the image: one row above and two below, one column on
// the right.
Windows padded(ImageShape images) {
  if (images == ImageShape::square) return {2, 4, 4, 2, 3, 4, 4, 1, 1, 1, 4, 4};
  return {2, 4, 5, 2, 3, 4, 2, 1, 1, 0, 4, 5};
}

// No padding, stride 2, and one row and one column that no window reaches.
Windows strided(ImageShape images) {
  if (images == ImageShape::square) return {2, 6, 6, 2, 3, 3, 3, 2, 0, 0, 2, 2};
  return {2, 6, 7, 2, 3, 3, 2, 2, 0, 0, 2, 3};
}

}  // namespace

Family convolution(ImageShape images) {
  return {subject(padded(images)), faults(padded(images))};
}

Family strided_convolution(ImageShape images) {
  return {subject(strided(images)), stride_faults(strided(images))};
}

}  // namespace plaingrad::gradient_court
