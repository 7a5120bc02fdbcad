/// @file
/// Finds the trainings that the sections need, and does those that are missing.
#pragma once

#include "chapter8/trainings.hpp"

namespace plaingrad::chapter8 {

/// What a section needs, for one seed.
using JobsOfSection = std::vector<Job> (*)(Context&, std::uint64_t seed);

/// The jobs of the sections, each once: those of the seed of --seed, or of the seeds 1 ... --sweep, seed by
/// seed. Of these the share of this process (--share): every process counts the same, whatever is already
/// done.
std::vector<Job> jobs_of(const std::vector<JobsOfSection>& sections, Context& context);

/// The jobs without those whose records are all there.
/// @throws std::runtime_error if a record or its weights, or the checkpoint of a training to be done, is
/// there and cannot be used
std::vector<Job> missing(const std::vector<Job>& jobs, Context& context);

/// Does the jobs, one after another. Before each a line on stderr says which of how many it is, and how long
/// all that is left will take, once enough is known to tell.
void do_jobs(const std::vector<Job>& jobs, Context& context);

}  // namespace plaingrad::chapter8
