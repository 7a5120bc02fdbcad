// dlib on the CNN of section 7.3.1: the same layers, Adam, batch 32.
#include <dlib/dnn.h>
#include <dlib/revision.h>

#include <exception>
#include <memory>
#include <stdexcept>

#include "worker.hpp"

namespace {

using Image = dlib::matrix<unsigned char>;

// dlib's `con` pads by default; the report's convolutions do not.
template <long filters, class Subnet>
using convolution = dlib::add_layer<dlib::con_<filters, 3, 3, 1, 1, 0, 0>, Subnet>;

using Maps1 = dlib::max_pool<2, 2, 2, 2, dlib::relu<convolution<32, dlib::input<Image>>>>;
using Maps2 = dlib::max_pool<2, 2, 2, 2, dlib::relu<convolution<64, Maps1>>>;
using Maps3 = dlib::relu<convolution<128, Maps2>>;
using Network = dlib::loss_multiclass_log<dlib::fc<10, dlib::relu<dlib::fc<128, Maps3>>>>;

struct Training {
  Training() {
    trainer.set_learning_rate(0.001);
    trainer.set_iterations_without_progress_threshold(1000000000);  // never change the learning rate
    for (unsigned long batch = 0; batch < 20; ++batch) {
      images.emplace_back(), labels.emplace_back();
      for (unsigned long n = 0; n < 32; ++n) {
        Image image(28, 28);
        for (long i = 0; i < image.size(); ++i)
          image(i) =
              static_cast<unsigned char>(static_cast<unsigned long>(i * 7919) + (batch * 32 + n) * 104729);
        images.back().push_back(image);
        labels.back().push_back(n % 10);
      }
    }
    step();
    wait();  // the layers take their shapes at the first step
    if (dlib::count_parameters(network) != 241546)
      throw std::runtime_error("not the network that was meant: " +
                               std::to_string(dlib::count_parameters(network)) + " parameters");
  }
  void step() {
    trainer.train_one_step(images[next], labels[next]);
    next = (next + 1) % images.size();
  }
  double steps() {
    for (int i = 0; i < 20; ++i) step();
    wait();
    return 20 * 32;
  }
  // The steps are made by a thread of the trainer's.
  void wait() { trainer.get_net(dlib::force_flush_to_disk::no); }
  Network network;
  dlib::dnn_trainer<Network, dlib::adam> trainer{network, dlib::adam(0, 0.9F, 0.999F)};
  std::vector<std::vector<Image>> images;
  std::vector<std::vector<unsigned long>> labels;
  std::size_t next = 0;
};

}  // namespace

int main() {
  try {
    return bench::serve(
        {"batch 32"},
        [](const std::string&) -> bench::Once {
          auto training = std::make_shared<Training>();
          return [=] { return training->steps(); };
        },
        {{"version", std::to_string(DLIB_MAJOR_VERSION) + "." + std::to_string(DLIB_MINOR_VERSION)}});
  } catch (const std::exception& problem) {
    std::cerr << "dlib: " << problem.what() << "\n";
    return 1;
  }
}
