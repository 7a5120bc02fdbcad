/// @file
/// Chapter 8, Results, section by section. --section 8.4 runs that one alone.
#include "chapter8/running.hpp"
#include "chapter8/sections.hpp"

namespace {

using namespace plaingrad;
using namespace plaingrad::chapter8;

constexpr DatasetName mnist = DatasetName::mnist, fashion_mnist = DatasetName::fashion_mnist;

const std::vector<Section> sections = {
    {"8.1", "Activation function simulation comparison", section_8_1},
    {"8.2", "Visualising", section_8_2, {mnist}, 1, jobs_8_2},
    {"8.3", "Predicting", section_8_3, {mnist}, 500, jobs_8_3},
    {"8.4", "How the amount of epochs affects accuracy", section_8_4, {mnist}, 1, jobs_8_4},
    {"8.5", "Optimization comparison", section_8_5, {mnist}, 1, jobs_8_5},
    {"8.5-rates",
     "Learning rates of SGD, chosen on the last training images",
     section_8_5_rates,
     {mnist},
     1,
     nullptr,
     true},
    {"8.6", "How adaptive is our CNN on a different data set", section_8_6, {fashion_mnist}, 1, jobs_8_6},
    {"8.7", "Autoencoder results", section_8_7, {mnist}, 10, jobs_8_7},
    {"8.8", "Generative Adversarial Networks", section_8_8, {mnist}, 20, jobs_8_8, false, true},
};

}  // namespace

int main(int argc, char** argv) {
  return run_sections(argc, argv, "chapter8", "The results of chapter 8, section by section.", sections);
}
