/// @file
/// Every way tries every backward pass, right or wrong.
#pragma once

#include <iosfwd>

#include "gradient_court/ways.hpp"

namespace plaingrad::gradient_court {

/// What each way finds of one backward pass.
struct Verdict {
  std::string family, name;    ///< name: the fault's; empty if it is right
  std::vector<double> errors;  ///< for each way, in units of its tolerance

  bool guilty() const { return !name.empty(); }
  bool alarm(std::size_t way) const { return errors[way] > 1; }
};

/// All, in the order of the matrix: each family's right pass, then its faults.
std::vector<Verdict> try_all();

/// The ways, what each has caught and how many false alarms it raised, and the matrix.
void print_matrix(std::ostream& out, const std::vector<Verdict>& verdicts);

/// What each fault is, and under it where it comes from.
void print_faults(std::ostream& out);

}  // namespace plaingrad::gradient_court
