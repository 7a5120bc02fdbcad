#include "gradient_court/windows.hpp"

namespace plaingrad::gradient_court {

void for_each_product(const Windows& w, const std::function<void(const Product&)>& visit) {
  const auto position = [](Index i) { return static_cast<std::size_t>(i); };
  for (Index b = 0; b < w.batch; ++b)
    for (Index i = 0; i < w.rows; ++i)
      for (Index j = 0; j < w.columns; ++j)
        for (Index m = 0; m < w.kernel_height; ++m)
          for (Index n = 0; n < w.kernel_width; ++n) {
            const Index row = w.stride * i + m - w.top, column = w.stride * j + n - w.left;
            if (row < 0 || row >= w.height || column < 0 || column >= w.width) continue;
            for (Index c = 0; c < w.channels; ++c)
              for (Index f = 0; f < w.filters; ++f)
                visit({position(w.pixel(b, row, column, c)), position(w.output(b, i, j, f)),
                       position(w.weight(m, n, c, f)), b, i, j, c, f, m, n});
          }
}

Numbers outputs(const Windows& w, const Numbers& x, const Numbers& W) {
  Numbers y(w.output_size());
  for_each_product(w, [&](const Product& p) { y[p.output] += x[p.pixel] * W[p.weight]; });
  return y;
}

Numbers image_gradient(const Windows& w, const Numbers& W, const Numbers& dy) {
  Numbers dx(w.image_size());
  for_each_product(w, [&](const Product& p) { dx[p.pixel] += dy[p.output] * W[p.weight]; });
  return dx;
}

Numbers kernel_gradient(const Windows& w, const Numbers& x, const Numbers& dy) {
  Numbers dW(w.kernel_size());
  for_each_product(w, [&](const Product& p) { dW[p.weight] += dy[p.output] * x[p.pixel]; });
  return dW;
}

Numbers turned(const Windows& w, const Numbers& kernel) {
  Numbers result(kernel.size());
  for (Index m = 0; m < w.kernel_height; ++m)
    for (Index n = 0; n < w.kernel_width; ++n)
      for (Index c = 0; c < w.channels; ++c)
        for (Index f = 0; f < w.filters; ++f)
          result[static_cast<std::size_t>(w.weight(w.kernel_height - 1 - m, w.kernel_width - 1 - n, c, f))] =
              kernel[static_cast<std::size_t>(w.weight(m, n, c, f))];
  return result;
}

Numbers where(Numbers numbers, const Shape& shape, std::size_t axis, const std::function<bool(Index)>& keep) {
  for (std::size_t k = 0; k < numbers.size(); ++k)
    if (!keep(index_along(shape, axis, static_cast<Index>(k)))) numbers[k] = 0;
  return numbers;
}

}  // namespace plaingrad::gradient_court
