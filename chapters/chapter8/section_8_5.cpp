/// @file
/// Section 8.5: the same network from the same weights, trained by SGD, with a constant rate as in the report
/// and with the decaying rate of section 4.3. Fig. 8.5.
#include <algorithm>
#include <cstdio>

#include "chapter8/sections.hpp"
#include "chapter8/seeds.hpp"

namespace plaingrad::chapter8 {

namespace {

/// An optimizer's training and its records.
struct Trained {
  std::string name;
  Training training;
  std::vector<Record> records;

  Trained(Context& context, const std::string& optimizer)
      : name(optimizer),
        training(cnn_training(context, cnn_trained_by(context.options, optimizer), context.options.seed)),
        records(context.records(training)) {}
};

std::vector<Index> misclassified(Context& context, const Trained& trained) {
  std::vector<Index> images;
  for (const Misclassified& m : context.record(trained.training).misclassified) images.push_back(m.image);
  return images;
}

/// Is one better than the other, by the images of one seed and by all seeds?
void compare(Context& context, const Trained& a, const Trained& b, Results& results) {
  const McNemar images = mcnemar(misclassified(context, a), misclassified(context, b));
  std::printf(
      "%s against %s, seed %ju: after the last epoch %td test images are misclassified by the first alone,\n"
      "%td by the second alone (McNemar: p = %.2g).\n",
      a.name.c_str(), b.name.c_str(), static_cast<std::uintmax_t>(context.options.seed), images.only_a,
      images.only_b, images.p);
  const PairedDifference over = difference(a.records, b.records, &Summary::mean_of_last_five);
  std::printf("Mean of the last five epochs, %s less %s: %s.\n\n", a.name.c_str(), b.name.c_str(),
              describe(over).c_str());
  const std::string title = a.name + " against " + b.name + ": ";
  results.add(title + "p of McNemar's test", images.p);
  results.add(title + "difference of the mean of the last five epochs", over.mean);
  results.add(title + "p over seeds", over.p);
}

}  // namespace

std::vector<Job> jobs_8_5(Context& context, std::uint64_t seed) {
  std::vector<Job> jobs;
  for (const char* optimizer : {"Adam", "SGD", "SGD with decay"})
    jobs.push_back(cnn_job(context, cnn_trained_by(context.options, optimizer), seed));
  return jobs;
}

void section_8_5(Context& context) {
  const Options& options = context.options;
  const TrainAndTest& data = context.dataset(DatasetName::mnist);
  std::printf("SGD with learning rate 0.01, and with one that decays, %s.\n\n",
              describe_run(options, data).c_str());
  const Trained adam(context, "Adam"), sgd(context, "SGD"), decay(context, "SGD with decay");
  Results results(options, "8.5");
  add_run(options, data, results);
  for (const Trained* trained : {&sgd, &decay}) {
    const History history = history_of(context.record(trained->training));
    std::printf("%s\n\n", trained->name.c_str());
    print_history(history);
    write_history(options, trained == &sgd ? "history_8_5_sgd" : "history_8_5_sgd_with_decay", history);
  }
  plotting::draw_lines(
      options.figure("figure_8_5_accuracy.png"),
      {error_plot("MNIST by three optimizers",
                  {{"SGD", sgd.records}, {"SGD with decay", decay.records}, {"Adam", adam.records}})});

  compare_with_report("MNIST, SGD", context, sgd.training, 0.989, results);
  compare_with_report("MNIST, SGD with decay", context, decay.training, 0.989, results);
  compare_with_report("MNIST, Adam", context, adam.training, 0.993, results);
  compare(context, adam, sgd, results);
  compare(context, adam, decay, results);
  compare(context, decay, sgd, results);
  results.save();
}

}  // namespace plaingrad::chapter8
