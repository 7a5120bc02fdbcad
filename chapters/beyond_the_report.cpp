/// @file
/// What the networks of the report can do beyond it, section by section.
#include "beyond/sections.hpp"
#include "chapter8/running.hpp"

namespace {

using namespace plaingrad;

constexpr DatasetName mnist = DatasetName::mnist, fashion_mnist = DatasetName::fashion_mnist;

const std::vector<chapter8::Section> sections = {
    {"data", "How much data", beyond::how_much_data, {mnist, fashion_mnist}, 1, beyond::data_jobs},
    {"anomalies",
     "What does not belong",
     beyond::anomalies,
     {mnist, fashion_mnist},
     10,
     beyond::anomaly_jobs},
    {"flawless",
     "Almost flawless",
     beyond::almost_flawless,
     {mnist, fashion_mnist},
     1,
     beyond::flawless_jobs},
    {"gan", "A better GAN", beyond::better_gan, {mnist}, 1, beyond::gan_jobs},
};

}  // namespace

int main(int argc, char** argv) {
  return chapter8::run_sections(argc, argv, "beyond",
                                "The report's networks beyond the report, section by section.", sections);
}
