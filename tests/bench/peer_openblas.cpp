// OpenBLAS on the products of our three networks: the same operands, laid out the same way, through
// cblas_sgemm.
#include <cblas.h>

#include <cmath>
#include <exception>
#include <memory>
#include <stdexcept>

#include "products.hpp"
#include "worker.hpp"

namespace {

using plaingrad::Index;

struct Operands {
  explicit Operands(const bench::Product& product) : p(product) {
    A.resize(static_cast<std::size_t>(p.rows * p.inner));
    B.resize(static_cast<std::size_t>(p.inner * p.columns));
    C.resize(static_cast<std::size_t>(p.rows * p.columns));
    for (std::size_t i = 0; i < A.size(); ++i) A[i] = static_cast<float>(i * 7919 % 1021) / 1021 - 0.5F;
    for (std::size_t i = 0; i < B.size(); ++i) B[i] = static_cast<float>(i * 7907 % 1019) / 1019 - 0.5F;
  }
  void multiply() {
    const int M = static_cast<int>(p.rows), K = static_cast<int>(p.inner), N = static_cast<int>(p.columns);
    cblas_sgemm(CblasRowMajor, p.transposed ? CblasTrans : CblasNoTrans, CblasNoTrans, M, N, K, 1, A.data(),
                p.transposed ? M : K, B.data(), N, 0, C.data(), N);
  }
  // Old builds are known to compute wrong results on processors that they do not know: a few elements by
  // hand.
  void check() const {
    for (Index sample = 0; sample < 20; ++sample) {
      const Index i = sample * (p.rows - 1) / 19, j = sample * 7 % p.columns;
      double sum = 0, magnitude = 1;
      for (Index k = 0; k < p.inner; ++k) {
        const double term =
            static_cast<double>(
                A[static_cast<std::size_t>(p.transposed ? k * p.rows + i : i * p.inner + k)]) *
            static_cast<double>(B[static_cast<std::size_t>(k * p.columns + j)]);
        sum += term, magnitude += std::abs(term);
      }
      if (!(std::abs(sum - static_cast<double>(C[static_cast<std::size_t>(i * p.columns + j)])) <
            1e-5 * magnitude))
        throw std::runtime_error("wrong result for " + p.name());
    }
  }
  bench::Product p;
  std::vector<float> A, B, C;
};

bench::Once prepare(const std::string& name) {
  for (const bench::Product& product : bench::all_products())
    if (product.name() == name) {
      auto operands = std::make_shared<Operands>(product);
      operands->multiply();
      operands->check();
      const int times = std::max(1, static_cast<int>(1e6 / product.operations()));
      return [=] {
        for (int i = 0; i < times; ++i) operands->multiply();
        return times * product.operations();
      };
    }
  throw std::invalid_argument("no product is called " + name);
}

}  // namespace

int main() {
  try {
    std::vector<std::string> names;
    for (const bench::Product& product : bench::all_products()) names.push_back(product.name());
    return bench::serve(names, prepare,
                        {{"kernel", openblas_get_corename()},
                         {"config", openblas_get_config()},
                         {"threads", openblas_get_num_threads()}});
  } catch (const std::exception& problem) {
    std::cerr << "openblas: " << problem.what() << "\n";
    return 1;
  }
}
