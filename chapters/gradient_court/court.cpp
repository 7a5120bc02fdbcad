#include "gradient_court/court.hpp"

#include <algorithm>
#include <iomanip>
#include <ostream>

namespace plaingrad::gradient_court {
namespace {

// The marks come first: on a narrow screen a name may be cut, but not these.
void print_row(std::ostream& out, const Verdict& verdict, char alarm) {
  for (std::size_t way = 0; way < verdict.errors.size(); ++way)
    out << (verdict.alarm(way) ? alarm : '.') << ' ';
  out << "  " << (verdict.guilty() ? verdict.name : verdict.family) << '\n';
}

void print_head(std::ostream& out, const std::string& family) {
  out << '\n';
  for (std::size_t way = 0; way < all_ways().size(); ++way) out << way + 1 << ' ';
  out << "-- " << family << '\n';
}

// How many backward passes there are that are wrong, or right.
Index count(const std::vector<Verdict>& verdicts, bool guilty) {
  return std::count_if(verdicts.begin(), verdicts.end(),
                       [&](const Verdict& v) { return v.guilty() == guilty; });
}

// How many of them a way raises an alarm at.
Index alarms(const std::vector<Verdict>& verdicts, std::size_t way, bool guilty) {
  return std::count_if(verdicts.begin(), verdicts.end(),
                       [&](const Verdict& v) { return v.guilty() == guilty && v.alarm(way); });
}

void print_counts(std::ostream& out, const std::vector<Verdict>& verdicts) {
  out << "                           caught of " << count(verdicts, true) << "   false alarms of "
      << count(verdicts, false) << '\n';
  for (std::size_t way = 0; way < all_ways().size(); ++way)
    out << way + 1 << "  " << std::left << std::setw(23) << all_ways()[way].name << std::right
        << std::setw(13) << alarms(verdicts, way, true) << std::setw(18) << alarms(verdicts, way, false)
        << '\n';
}

}  // namespace

std::vector<Verdict> try_all() {
  std::vector<Verdict> verdicts;
  for (const NamedFamily& named : all_families()) {
    const Family oblong = named.make(ImageShape::oblong), square = named.make(ImageShape::square);
    const auto verdict = [&](const std::string& name, const auto& suspect_of) {
      Verdict v{named.name, name, {}};
      for (const Way& way : all_ways()) {
        const Family& family = way.images == ImageShape::square ? square : oblong;
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
  for (std::size_t way = 0; way < all_ways().size(); ++way)
    out << way + 1 << "  " << std::left << std::setw(23) << all_ways()[way].name << all_ways()[way].rule
        << '\n';
  out << '\n';
  print_counts(out, verdicts);
  out << "\nWrong backward passes: x caught\n";
  std::string family;
  for (const Verdict& v : verdicts) {
    if (!v.guilty()) continue;
    if (v.family != family) print_head(out, family = v.family);
    print_row(out, v, 'x');
  }
  out << "\nRight backward passes: ! false alarm\n";
  print_head(out, "right");
  for (const Verdict& v : verdicts)
    if (!v.guilty()) print_row(out, v, '!');
}

void print_faults(std::ostream& out) {
  for (const NamedFamily& named : all_families()) {
    const Family family = named.make(ImageShape::oblong);
    if (!family.faults.empty()) out << named.name << '\n';
    for (const Fault& fault : family.faults) {
      out << "  " << fault.name << ": " << fault.what << '\n';
      if (!fault.source.empty()) out << "      " << fault.source << '\n';
    }
  }
}

}  // namespace plaingrad::gradient_court
