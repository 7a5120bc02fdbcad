#include "chapter8/jobs.hpp"

#include <algorithm>
#include <iostream>
#include <iterator>
#include <numeric>

#include "training/progress.hpp"
#include "training/stop.hpp"

namespace plaingrad::chapter8 {

namespace {

bool has_all_records(const Job& job, const Context& context) {
  return std::all_of(job.records.begin(), job.records.end(),
                     [&](const Training& training) { return context.is_recorded(training); });
}

std::vector<std::uint64_t> seeds_of(const Options& options) {
  if (options.sweep == 0) return {options.seed};
  std::vector<std::uint64_t> seeds(static_cast<std::size_t>(options.sweep));
  std::iota(seeds.begin(), seeds.end(), 1);
  return seeds;
}

/// How long the trainings of a job took with other seeds, on average; 0 if there are no such records.
double expected_seconds(const Job& job, const Context& context) {
  double sum = 0;
  for (const Training& training : job.records) {
    const std::vector<Record> others = context.records(training);
    if (others.empty()) return 0;
    for (const Record& record : others)
      sum += std::accumulate(record.seconds.begin(), record.seconds.end(), 0.0) /
             static_cast<double>(others.size());
  }
  return sum;
}

/// "about 40 min left"; empty if nothing is known. A job that was never done is assumed to be an average one.
std::string time_left(std::span<const Job> jobs, const Context& context) {
  double known = 0;
  std::size_t count = 0;
  for (const Job& job : jobs)
    if (const double seconds = expected_seconds(job, context); seconds > 0) {
      known += seconds;
      ++count;
    }
  if (count == 0) return "";
  const double all = known * static_cast<double>(jobs.size()) / static_cast<double>(count);
  return ", about " + readable_duration(all) + " left";
}

}  // namespace

std::vector<Job> jobs_of(const std::vector<JobsOfSection>& sections, Context& context) {
  const Options& options = context.options;
  std::vector<Job> all;
  std::set<std::string> seen;
  for (const std::uint64_t seed : seeds_of(options))
    for (const JobsOfSection section : sections)
      for (const Job& job : section(context, seed))
        if (seen.insert(job.records.front().id.name()).second) all.push_back(job);
  if (options.shares == 0) return all;
  std::vector<Job> share;
  for (std::size_t i = static_cast<std::size_t>(options.share) - 1; i < all.size();
       i += static_cast<std::size_t>(options.shares))
    share.push_back(all[i]);
  return share;
}

std::vector<Job> missing(const std::vector<Job>& jobs, Context& context) {
  std::vector<Job> result;
  for (const Job& job : jobs) {
    if (has_all_records(job, context)) {
      for (const Training& training : job.records)
        if (training.weights) context.weights(training);
      continue;
    }
    for (const auto* trainings : {&job.uses, &job.records})
      for (const Training& training : *trainings) context.find_run(training);
    result.push_back(job);
  }
  return result;
}

void do_jobs(const std::vector<Job>& jobs, Context& context) {
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    throw_if_stopped();
    if (has_all_records(jobs[i], context)) continue;  // made meanwhile, or by another process
    std::cerr << "Run " << i + 1 << " of " << jobs.size() << ": " << jobs[i].records.back().title
              << time_left(std::span(jobs).subspan(i), context) << std::endl;
    jobs[i].make(context);
  }
}

}  // namespace plaingrad::chapter8
