/// @file
/// Every checker is run on every backward pass, right or wrong.
#pragma once

#include <iosfwd>

#include "gradient_court/checkers.hpp"

namespace plaingrad::gradient_court {

/// What the checkers say about one backward pass.
struct Verdict {
  std::string family, name;    ///< name: the fault's; empty if the pass is right
  std::vector<double> errors;  ///< by checker, in units of its tolerance

  bool is_faulty() const { return !name.empty(); }
  bool rejects(std::size_t checker) const { return errors[checker] > 1; }
};

/// All verdicts, in the order of the matrix: each family's right pass, then its faults.
std::vector<Verdict> try_all();

/// Prints the checkers, how many faults each has caught, how many false alarms it has raised, and the matrix.
void print_matrix(std::ostream& out, const std::vector<Verdict>& verdicts);

/// Prints what each fault is, and below it where it comes from.
void print_faults(std::ostream& out);

}  // namespace plaingrad::gradient_court
