#include "gradient_court/court.hpp"

#include <algorithm>
#include <iomanip>
#include <ostream>

namespace plaingrad::gradient_court {
namespace {

// The marks come first: a narrow screen may cut off a name, but not the marks.
void print_row(std::ostream& out, const Verdict& verdict, char mark) {
  for (std::size_t checker = 0; checker < verdict.errors.size(); ++checker)
    out << (verdict.rejects(checker) ? mark : '.') << ' ';
  out << "  " << (verdict.is_faulty() ? verdict.name : verdict.family) << '\n';
}

void print_head(std::ostream& out, const std::string& family) {
  out << '\n';
  for (std::size_t checker = 0; checker < all_checkers().size(); ++checker) out << checker + 1 << ' ';
  out << "-- " << family << '\n';
}

// How many of the backward passes are wrong (faulty), or right.
Index count(const std::vector<Verdict>& verdicts, bool faulty) {
  return std::count_if(verdicts.begin(), verdicts.end(),
                       [&](const Verdict& v) { return v.is_faulty() == faulty; });
}

// How many of these the checker rejects.
Index rejections(const std::vector<Verdict>& verdicts, std::size_t checker, bool faulty) {
  return std::count_if(verdicts.begin(), verdicts.end(),
                       [&](const Verdict& v) { return v.is_faulty() == faulty && v.rejects(checker); });
}

void print_counts(std::ostream& out, const std::vector<Verdict>& verdicts) {
  out << "                           caught of " << count(verdicts, true) << "   false alarms of "
      << count(verdicts, false) << '\n';
  for (std::size_t checker = 0; checker < all_checkers().size(); ++checker)
    out << checker + 1 << "  " << std::left << std::setw(23) << all_checkers()[checker].name << std::right
        << std::setw(13) << rejections(verdicts, checker, true) << std::setw(18)
        << rejections(verdicts, checker, false) << '\n';
}

}  // namespace

std::vector<Verdict> try_all() {
  std::vector<Verdict> verdicts;
  for (const NamedFamily& named : all_families()) {
    const Family oblong = named.make(ImageShape::oblong), square = named.make(ImageShape::square);
    const auto verdict = [&](const std::string& name, const auto& candidate_of) {
      Verdict v{named.name, name, {}};
      for (const Checker& checker : all_checkers()) {
        const Family& family = checker.images == ImageShape::square ? square : oblong;
        v.errors.push_back(checker.error(candidate_of(family), family.right));
      }
      verdicts.push_back(v);
    };
    verdict("", [](const Family& family) { return family.right; });
    for (std::size_t k = 0; k < oblong.faults.size(); ++k)
      verdict(oblong.faults[k].name, [k](const Family& f) { return with_fault(f.right, f.faults[k]); });
  }
  return verdicts;
}

void print_matrix(std::ostream& out, const std::vector<Verdict>& verdicts) {
  for (std::size_t checker = 0; checker < all_checkers().size(); ++checker)
    out << checker + 1 << "  " << std::left << std::setw(23) << all_checkers()[checker].name
        << all_checkers()[checker].rule << '\n';
  out << '\n';
  print_counts(out, verdicts);
  out << "\nWrong backward passes: x caught\n";
  std::string family;
  for (const Verdict& v : verdicts) {
    if (!v.is_faulty()) continue;
    if (v.family != family) print_head(out, family = v.family);
    print_row(out, v, 'x');
  }
  out << "\nRight backward passes: ! false alarm\n";
  print_head(out, "right");
  for (const Verdict& v : verdicts)
    if (!v.is_faulty()) print_row(out, v, '!');
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
