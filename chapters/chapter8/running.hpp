/// @file
/// Programs made of sections that need trainings: chapter 8, and what goes beyond the report.
///
/// What a section prints stands between two lines with its name in brackets: the pages of the book quote it
/// by them.
#pragma once

#include <string>
#include <vector>

#include "chapter8/jobs.hpp"

namespace plaingrad::chapter8 {

/// A section: the function that runs it, and what that needs.
struct Section {
  std::string name, title;
  void (*run)(Context&);
  std::vector<DatasetName> data{};
  Index test_images = 1;         ///< of each data set, at least
  JobsOfSection jobs = nullptr;  ///< the trainings that it needs; nullptr: none
  bool only_when_asked = false;
  /// Its trainings are the longest: they begin before the others, so that they do not come last where several
  /// processes share the work.
  bool trains_first = false;
};

/// The main function of such a program. Of the sections asked for it checks the data, does the trainings that
/// have no record, and runs them one after another. If it is stopped or fails, it says what is kept.
/// @param purpose  one sentence; that trainings are recorded and can be resumed is added to it
/// @return exit status, as run_program()
int run_sections(int argc, char** argv, const std::string& name, const std::string& purpose,
                 const std::vector<Section>& sections);

}  // namespace plaingrad::chapter8
