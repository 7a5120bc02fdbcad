/// @file
/// Chapter 9, Conclusion: what the report states, what came of it here, and a verdict for each; from the
/// records of chapter 8.
#include <cstdio>

#include "chapter9/claims.hpp"
#include "data/atomic_file.hpp"

namespace {

using namespace plaingrad;
using namespace plaingrad::chapter9;

void print(const std::vector<Claim>& claims) {
  std::printf("%-6s%-54s%12s   %-58s%s\n", "", "", "the report", "here", "verdict");
  int discovery = 0;
  for (const Claim& claim : claims) {
    if (claim.discovery != discovery) {
      discovery = claim.discovery;
      std::printf("\n%d. %s\n", discovery, discoveries.at(static_cast<std::size_t>(discovery) - 1).c_str());
    }
    std::printf("%-6s%-54s%12s   %-58s%s\n", claim.section.c_str(), claim.statement.c_str(),
                claim.report.c_str(), claim.ours.c_str(), claim.verdict.c_str());
  }
  std::printf(
      "\nAccuracies: mean +- standard deviation over the seeds. The report does not say at which epoch it "
      "reads\n"
      "them: one is reproduced if it lies between ours of the last five epochs and of the best, give or take "
      "two\n"
      "standard deviations (or 0.1 points, if that is more; of one seed, 0.2 points).\n\n");
}

/// The few that the README shows, as a table of its own: OUT/at_a_glance.md.
void write_at_a_glance(const Options& options, const std::vector<Claim>& claims) {
  std::string table = "| section | | the report | here | |\n|---|---|---|---|---|\n";
  for (const Claim& claim : claims)
    if (claim.at_a_glance)
      table += "| " + claim.section + " | " + claim.statement + " | " + claim.report + " | " + claim.ours +
               " | " + claim.verdict + " |\n";
  write_atomically(options.out / "at_a_glance.md", table);
}

void draw(const Options& options, const std::vector<Claim>& claims) {
  plotting::BarPlot plot{.title = "Accuracy here less the report's; error bars: where the report's may lie",
                         .x_label = "",
                         .y_label = "percentage points",
                         .categories = {},
                         .sets = {{"", {}}},
                         .legend = plotting::Legend::none,
                         .errors = {{}}};
  for (const Claim& claim : claims) {
    if (!claim.difference) continue;
    plot.categories.push_back(claim.section + " " + claim.difference->label);
    plot.sets[0].second.push_back(claim.difference->mean);
    plot.errors[0].push_back({claim.difference->low, claim.difference->high});
  }
  plotting::draw_bars(options.figure("figure_9_1_results.png"), plot);
}

void add(const std::vector<Claim>& claims, Results& results) {
  for (const Claim& claim : claims) {
    results.add(claim.statement, claim.ours, claim.report);
    results.add(claim.statement + ": verdict", claim.verdict);
  }
}

}  // namespace

int main(int argc, char** argv) {
  const Program program{
      .name = "chapter9",
      .purpose = "The report's statements beside what came of them here, from the records of chapter 8.",
      .epochs = true};
  return run_program(argc, argv, program, [](const Options& options) {
    chapter8::Context context(options);
    const std::vector<Claim> claims = all_claims(context);
    std::printf("==== [9] Conclusion\n\n");
    print(claims);
    std::printf("==== [9] end\n");
    Results results(options, "chapter9");
    add(claims, results);
    results.save();
    write_at_a_glance(options, claims);
    draw(options, claims);
  });
}
