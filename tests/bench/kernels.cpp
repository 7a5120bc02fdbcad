// The machine's peak, the matrix product on every shape, the second layer in both readings.
#include <omp.h>

#include <cmath>
#include <memory>
#include <stdexcept>

#include "convolution/convolution.hpp"
#include "engine/fast/matrix_product.hpp"
#include "layers/conv2d.hpp"
#include "layers/sequential.hpp"
#include "products.hpp"
#include "workloads.hpp"

namespace bench {

using namespace plaingrad;
using fast::matrix_product, fast::parallel_matrix_product, fast::regular_offsets, fast::OffsetMatrix;

namespace {

// Sums in registers that do not wait for one another: more of them than a multiply-add has cycles of latency,
// times two units; few enough for the 16 registers of a machine without AVX-512.
#if defined(__AVX512F__)
constexpr int lanes = 16;
#elif defined(__AVX__)
constexpr int lanes = 8;
#else
constexpr int lanes = 4;
#endif
constexpr int chains = 12;

// Multiply-adds and nothing else: no memory is touched. The values tend to 1, far from overflow and from
// zero.
[[gnu::noinline]] Real multiply_add(Index steps, Real x) {
  Real sum[chains][lanes], factor[lanes], term[lanes];
  for (int j = 0; j < lanes; ++j) factor[j] = x, term[j] = 1 - x;
  for (int i = 0; i < chains; ++i)
    for (int j = 0; j < lanes; ++j) sum[i][j] = Real(i + j);
  for (Index step = 0; step < steps; ++step)
    for (int i = 0; i < chains; ++i)
#pragma omp simd
      for (int j = 0; j < lanes; ++j) sum[i][j] = sum[i][j] * factor[j] + term[j];
  Real total = 0;
  for (int i = 0; i < chains; ++i)
    for (int j = 0; j < lanes; ++j) total += sum[i][j];
  return total;
}

// A small product takes no longer than reading the clock: it is repeated.
Once at_least_a_million(double operations, const std::function<void()>& work) {
  const int times = std::max(1, static_cast<int>(1e6 / operations));
  return [=] {
    for (int i = 0; i < times; ++i) work();
    return times * operations;
  };
}

// The operands of a product, dense and contiguous, and A's offset lists.
struct Operands {
  explicit Operands(const Product& product) : p(product) {
    Random random(1);
    A = Tensor({p.rows, p.inner}), B = Tensor({p.inner, p.columns}), C = Tensor({p.rows, p.columns});
    for (Index i = 0; i < A.size(); ++i) A[i] = static_cast<Real>(i * 7919 % 1021) / 1021 - Real(0.5);
    for (Index i = 0; i < B.size(); ++i) B[i] = static_cast<Real>(i * 7907 % 1019) / 1019 - Real(0.5);
    row = regular_offsets(p.rows, p.transposed ? 1 : p.inner);
    column = regular_offsets(p.inner, p.transposed ? p.rows : 1);
    C_row = regular_offsets(p.rows, p.columns);
  }
  void multiply() {
    const OffsetMatrix a{A.data(), row.data(), column.data(), p.rows, p.inner};
    if (omp_get_max_threads() > 1)
      parallel_matrix_product(a, B.data(), p.columns, p.columns, {C.data(), C_row.data()});
    else
      matrix_product(a, B.data(), p.columns, p.columns, {C.data(), C_row.data()});
  }
  Product p;
  Tensor A, B, C;
  std::vector<Index> row, column, C_row;
};

// The second layer of the CNN, 32 images, without its activation, which the definition has not.
struct SecondLayer {
  SecondLayer() {
    random.fill_uniform(x, 0, 1);
    random.fill_uniform(dy, -1, 1);
    model.add<Conv2D>(64, 3);
    model.build(random);
    W = &model.parameters()[0]->value;
    b = &model.parameters()[1]->value;
    model.forward(x, Mode::training);
  }
  Random random{1};
  Sequential model{"second layer", {13, 13, 32}};
  Tensor x{Shape{32, 13, 13, 32}}, dy{Shape{32, 11, 11, 64}};
  const Tensor *W, *b;
};

}  // namespace

Workload peak() {
  return {{"multiply-adds"}, [](const std::string&) {
            return Once([] {
              const Index steps = 1'000'000;
              Real total = 0;
              int threads = 1;
#pragma omp parallel reduction(+ : total)
              {
                total +=
                    multiply_add(steps, Real(0.999) + Real(1e-9) * static_cast<Real>(omp_get_thread_num()));
#pragma omp single
                threads = omp_get_num_threads();
              }
              if (!std::isfinite(total)) throw std::logic_error("peak: the sums are not finite");
              return 2.0 * chains * lanes * static_cast<double>(steps) * threads;
            });
          }};
}

Workload products() {
  Workload workload;
  for (const Product& product : all_products()) workload.variants.push_back(product.name());
  workload.prepare = [](const std::string& name) {
    for (const Product& product : all_products())
      if (product.name() == name) {
        auto operands = std::make_shared<Operands>(product);
        return at_least_a_million(product.operations(), [operands] { operands->multiply(); });
      }
    throw std::invalid_argument("no product is called " + name);
  };
  return workload;
}

Workload second_layer() {
  return {{"forward, definition", "forward, layer", "backward, definition", "backward, layer"},
          [](const std::string& variant) -> Once {
            auto l = std::make_shared<SecondLayer>();
            if (variant == "forward, definition")
              return [l] {
                conv2d_definition(l->x, *l->W, *l->b, 1, Padding::valid);
                return 32.0;
              };
            if (variant == "forward, layer")
              return [l] {
                l->model.forward(l->x, Mode::training);
                return 32.0;
              };
            if (variant == "backward, definition")
              return [l] {
                conv2d_kernel_gradient_definition(l->x, l->dy, l->W->shape, 1, Padding::valid);
                conv2d_input_gradient_definition(l->dy, *l->W, l->x.shape, 1, Padding::valid);
                return 32.0;
              };
            return [l] {
              l->model.backward(l->dy, Gradients::all);
              return 32.0;
            };
          }};
}

Json counted_operations() {
  require_products_of_the_networks();
  // The discriminator meets real and generated images. Its first layer's input gradient is for the generator
  // alone; the other layers need theirs for both kinds of images and once more for the generator.
  std::vector<Product> gan = generator_products(256);
  for (const Product& product : discriminator_products(256)) {
    const bool input = product.kind == "input gradient";
    const int times = !input ? 2 : product.layer == "conv2d" ? 1 : 3;
    gan.insert(gan.end(), static_cast<std::size_t>(times), product);
  }
  Json by_size = Json::object();
  for (const std::string& size : image_sizes)
    by_size[size] = operations_per_image(cnn_products(32, std::stol(size)), 32);
  return {{"cnn", operations_per_image(cnn_products(32), 32)},
          {"autoencoder", operations_per_image(autoencoder_products(32), 32)},
          {"gan", operations_per_image(gan, 256)},
          {"cnn by size", by_size}};
}

}  // namespace bench
