/// @file
/// Chapter 8, Results, section by section. --section 8.4 runs that one alone.
///
/// What a section prints stands between two lines with its number in brackets: the pages of the book quote it
/// by them.
#include <algorithm>
#include <chrono>
#include <cstdio>

#include "chapter8/sections.hpp"
#include "training/progress.hpp"

namespace {

using namespace plaingrad;
using namespace plaingrad::chapter8;

/// A section of the report and the function that runs it.
struct Section {
  std::string name, title;
  void (*run)(Context&);
  std::vector<DatasetName> data{};  ///< what it needs
};

constexpr DatasetName mnist = DatasetName::mnist, fashion_mnist = DatasetName::fashion_mnist;

const std::vector<Section> sections = {
    {"8.1", "Activation function simulation comparison", section_8_1, {}},
    {"8.2", "Visualising", section_8_2, {mnist}},
    {"8.3", "Predicting", section_8_3, {mnist}},
    {"8.4", "How the amount of epochs affects accuracy", section_8_4, {mnist}},
    {"8.5", "Optimization comparison", section_8_5, {mnist}},
    {"8.6", "How adaptive is our CNN on a different data set", section_8_6, {fashion_mnist}},
    {"8.7", "Autoencoder results", section_8_7, {mnist}},
    {"8.8", "Generative Adversarial Networks", section_8_8, {mnist}},
};

bool is_selected(const Section& section, const Options& options) {
  const auto& selected = options.sections;
  return selected.empty() || std::find(selected.begin(), selected.end(), section.name) != selected.end();
}

void run(const Section& section, Context& context) {
  std::printf("==== [%s] %s\n\n", section.name.c_str(), section.title.c_str());
  std::fflush(stdout);
  const auto start = std::chrono::steady_clock::now();
  section.run(context);
  const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - start;
  std::printf("==== [%s] took %s\n\n", section.name.c_str(), readable_duration(elapsed.count()).c_str());
  std::fflush(stdout);
}

}  // namespace

int main(int argc, char** argv) {
  Program program{.name = "chapter8", .purpose = "The results of chapter 8, section by section."};
  for (const Section& section : sections) program.sections.push_back(section.name);
  return run_program(argc, argv, program, [](const Options& options) {
    Context context(options);
    // All data first: a file that is missing or damaged shows now, not after an hour.
    for (const Section& section : sections)
      if (is_selected(section, options))
        for (DatasetName name : section.data) context.dataset(name);
    for (const Section& section : sections)
      if (is_selected(section, options)) run(section, context);
  });
}
