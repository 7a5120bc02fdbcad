// Our side of the benchmark: `ours WORK` answers run.py (worker.hpp), `ours export FOLDER`, `ours facts`,
// `ours run` and `ours layers NETWORK BATCH STEPS` end by themselves.

#include <exception>
#include <map>

#include "math/threads.hpp"
#include "workloads.hpp"

namespace {

int run(int argc, char** argv) {
  using namespace bench;
  const std::map<std::string, Workload (*)()> workloads{
      {"peak", peak},
      {"products", products},
      {"second-layer", second_layer},
      {"cnn-training", cnn_training},
      {"cnn-training-by-size", cnn_training_by_size},
      {"cnn-seconds", cnn_seconds},
      {"cnn-inference", cnn_inference},
      {"autoencoder-training", autoencoder_training},
      {"gan-step", gan_step},
  };
  const std::string name = argc > 1 ? argv[1] : "";
  if (name == "export" && argc == 3) {
    export_cnn(argv[2]);
    return 0;
  }
  if (name == "facts" && argc == 2) {
    std::cout << Json{{"compiler", __VERSION__},
                      {"operations", counted_operations()},
                      {"fastest rung", fastest_rung()}}
                     .dump()
              << std::endl;
    return 0;
  }
  if (name == "run" && argc == 2) {
    std::cout << cnn_run().dump() << std::endl;
    return 0;
  }
  if (name == "layers" && argc == 5) {
    std::cout << layer_times(argv[2], std::stol(argv[3]), std::stol(argv[4])).dump() << std::endl;
    return 0;
  }
  const auto workload = workloads.find(name);
  if (workload == workloads.end() || argc != 2) {
    std::cerr << "usage: ours export FOLDER | facts | run | layers NETWORK BATCH STEPS";
    for (const auto& [known, _] : workloads) std::cerr << " | " << known;
    std::cerr << "\n";
    return 2;
  }
  const auto [variants, prepare] = workload->second();
  return serve(variants, prepare, {{"threads", plaingrad::thread_count()}});
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(argc, argv);
  } catch (const std::exception& problem) {
    std::cerr << "ours: " << problem.what() << "\n";
    return 1;
  }
}
