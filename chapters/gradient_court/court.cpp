#include "gradient_court/court.hpp"

#include <algorithm>
#include <iomanip>
#include <ostream>

namespace plaingrad::gradient_court {
namespace {

constexpr int name_width = 42, mark_width = 4;

std::string marks(const Verdict& verdict, const std::string& alarm) {
  std::string text;
  for (std::size_t way = 0; way < verdict.errors.size(); ++way)
    text += std::string(mark_width - 1, ' ') + (verdict.alarm(way) ? alarm : ".");
  return text;
}

void print_row(std::ostream& out, const std::string& name, const std::string& columns) {
  out << "  " << std::left << std::setw(name_width) << name << columns << '\n';
}

// How many of them each way raises an alarm at.
std::string counts(const std::vector<Verdict>& verdicts, bool guilty) {
  std::string text;
  for (std::size_t way = 0; way < all_ways().size(); ++way) {
    const auto count = std::count_if(verdicts.begin(), verdicts.end(),
                                     [&](const Verdict& v) { return v.guilty() == guilty && v.alarm(way); });
    const std::string number = std::to_string(count);
    text += std::string(mark_width - number.size(), ' ') + number;
  }
  return text;
}

}  // namespace

std::vector<Verdict> try_all() {
  std::vector<Verdict> verdicts;
  for (const NamedFamily& named : all_families()) {
    const Family oblong = named.make(Images::oblong), square = named.make(Images::square);
    const auto verdict = [&](const std::string& name, const auto& suspect_of) {
      Verdict v{named.name, name, {}};
      for (const Way& way : all_ways()) {
        const Family& family = way.images == Images::square ? square : oblong;
        v.errors.push_back(way.error(suspect_of(family), family.right));
      }
      verdicts.push_back(v);
    };
    verdict("", [](const Family& family) { return family.right; });
    for (std::size_t k = 0; k < oblong.faults.size(); ++k)
      verdict(oblong.faults[k].name, [k](const Family& f) { return spoiled(f.right, f.faults[k]); });
  }
  return verdicts;
}

void print_matrix(std::ostream& out, const std::vector<Verdict>& verdicts) {
  std::string numbers;
  for (std::size_t way = 0; way < all_ways().size(); ++way) {
    out << way + 1 << "  " << std::left << std::setw(23) << all_ways()[way].name << all_ways()[way].rule
        << '\n';
    numbers += std::string(mark_width - 1, ' ') + std::to_string(way + 1);
  }
  out << "\nx caught   . not caught\n";
  std::string family;
  for (const Verdict& v : verdicts) {
    if (!v.guilty()) continue;
    if (v.family != family) print_row(out << '\n', "-- " + v.family, numbers);
    family = v.family;
    print_row(out, v.name, marks(v, "x"));
  }
  const auto guilty =
      std::count_if(verdicts.begin(), verdicts.end(), [](const auto& v) { return v.guilty(); });
  out << '\n';
  print_row(out, "caught, of " + std::to_string(guilty) + " wrong gradients", counts(verdicts, true));
  out << "\nRight backward passes: ! false alarm\n\n";
  for (const Verdict& v : verdicts)
    if (!v.guilty()) print_row(out, v.family, marks(v, "!"));
  out << '\n';
  print_row(out, "false alarms, of " + std::to_string(std::ssize(verdicts) - guilty) + " right gradients",
            counts(verdicts, false));
}

void print_faults(std::ostream& out) {
  for (const NamedFamily& named : all_families()) {
    const Family family = named.make(Images::oblong);
    if (!family.faults.empty()) out << named.name << '\n';
    for (const Fault& fault : family.faults) {
      out << "  " << fault.name << ": " << fault.what << '\n';
      if (!fault.source.empty()) out << "      " << fault.source << '\n';
    }
  }
}

}  // namespace plaingrad::gradient_court
