#include "chapter9/claims.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "chapter8/autoencoders.hpp"
#include "chapter8/gan.hpp"
#include "math/decimal.hpp"
#include "math/statistics.hpp"

namespace plaingrad::chapter9 {

using namespace chapter8;

const std::vector<std::string> discoveries = {
    "Which activation function is the quickest",
    "The data, and how many images of each class",
    "New images are classified",
    "High accuracy, which levels off over the epochs",
    "SGD against Adam",
    "The CNN on another data set",
    "Autoencoders remove noise",
    "The networks on other images",
};

namespace {

// ---- accuracies ------------------------------------------------------------------------------------------

/// Two standard deviations, and never less than 0.1 points; of one seed, which has none, 0.2 points.
double slack(const Spread& spread) {
  return spread.seeds > 1 ? std::max(2 * spread.deviation, 0.001) : 0.002;
}

/// The report does not say at which epoch its accuracies were read. So ours is a range: from the mean of the
/// last five epochs to the best epoch, with the slack of each.
Claim accuracy_claim(int discovery, const std::string& section, const std::string& statement, double report,
                     const std::vector<Record>& records) {
  const Spread last = spread(over_seeds(records, &Summary::mean_of_last_five)),
               best = spread(over_seeds(records, &Summary::best));
  const double low = last.mean - slack(last), high = best.mean + slack(best);
  return {discovery,
          section,
          statement + ", %",
          fixed(100 * report, 2),
          percent(last) + " (last five), " + percent(best) + " (best), " + seeds_text(records.size()),
          report < low    ? "better"
          : report > high ? "worse"
                          : "reproduced",
          Difference{statement.substr(0, statement.find(':')), 100 * (last.mean - report),
                     100 * (low - report), 100 * (high - report)}};
}

std::string points(double share) {
  return (share < 0 ? "" : "+") + fixed(100 * share, 2);
}

/// A difference of two accuracies, in points.
Claim difference_claim(int discovery, const std::string& section, const std::string& statement, double report,
                       const PairedDifference& ours) {
  Claim claim{discovery, section, statement + ", points", points(report), points(ours.mean), ""};
  if (ours.pairs > 1) claim.ours += " (95 %: " + points(ours.low) + " to " + points(ours.high) + ")";
  claim.ours += ", " + seeds_text(static_cast<std::size_t>(ours.pairs));
  if (ours.pairs == 1)
    claim.verdict = "cannot be told from one seed";
  else if (ours.low <= report && report <= ours.high)
    claim.verdict = ours.low <= 0 && ours.high >= 0 ? "cannot be told: 0 is as likely" : "reproduced";
  else if (ours.low <= 0 && ours.high >= 0)
    claim.verdict = "not so";
  else if ((report > 0) != (ours.mean > 0))
    claim.verdict = "not so: the other way round";
  else
    claim.verdict =
        std::abs(report) > std::abs(ours.mean) ? "not so: less than that" : "not so: more than that";
  return claim;
}

// ---- the discoveries -------------------------------------------------------------------------------------

double require_stated(const Options& options, const std::string& section, const std::string& name) {
  if (const auto value = stated(options.out, section, name)) return *value;
  throw std::runtime_error((options.out / "results.json").string() + " has no \"" + name + "\" of section " +
                           section + "; run chapter8 first");
}

std::vector<Claim> times(const Context& context) {
  const std::pair<const char*, double> reports[] = {
      {"linear", 0.091757}, {"sigmoid", 1.608700}, {"tanh", 1.834138}, {"ReLU", 0.069825}};
  std::vector<Claim> claims;
  std::map<std::string, double> ours;
  for (const auto& [name, report] : reports) {
    const double median =
        require_stated(context.options, "8.1", std::string(name) + ", x = 0 ... 999999, seconds");
    ours[name] = median;
    claims.push_back({1, "8.1", std::string(name) + ": 1,000,000 evaluations, seconds", fixed(report, 6),
                      fixed(median, 6), "cannot be told: Python there, compiled code here"});
  }
  const bool quicker = std::max(ours["linear"], ours["ReLU"]) < std::min(ours["sigmoid"], ours["tanh"]);
  claims.push_back({1, "8.1", "linear and ReLU are quicker than sigmoid and tanh", "yes",
                    quicker ? "yes" : "no", quicker ? "reproduced" : "not so"});
  return claims;
}

std::vector<Claim> data(const Context& context) {
  const std::tuple<const char*, const char*, double, bool> claimed[] = {
      {"most frequent digit", "the digit with the most images", 1, true},
      {"least frequent digit", "the digit with the fewest", 5, true},
      {"easiest digit", "the easiest digit, by recall", 1, false},
      {"weakest digit", "the weakest digit, by recall", 5, false}};
  const std::string seeds =
      seeds_text(static_cast<std::size_t>(require_stated(context.options, "8.2", "seeds")));
  std::vector<Claim> claims;
  for (const auto& [name, statement, report, counted] : claimed) {
    const double ours = require_stated(context.options, "8.2", name);
    claims.push_back({2, "8.2", statement, fixed(report, 0), fixed(ours, 0) + (counted ? "" : ", " + seeds),
                      ours == report ? "reproduced" : "not so"});
  }
  return claims;
}

std::string of_seeds(std::size_t count, std::size_t all) {
  return std::to_string(count) + " of " + seeds_text(all);
}

std::vector<Claim> predictions(const std::vector<Record>& adam) {
  std::vector<Claim> claims;
  for (const Index position : {0, 499}) {
    const auto wrong = std::count_if(adam.begin(), adam.end(), [position](const Record& record) {
      return std::any_of(record.misclassified.begin(), record.misclassified.end(),
                         [position](const Misclassified& m) { return m.image == position; });
    });
    const std::size_t right = adam.size() - static_cast<std::size_t>(wrong);
    claims.push_back({3, "8.3", "test image " + std::to_string(position + 1) + " is predicted right", "yes",
                      of_seeds(right, adam.size()), 2 * right > adam.size() ? "reproduced" : "not so"});
  }
  return claims;
}

std::vector<Claim> epochs_claims(const Context& context, const std::vector<Record>& adam) {
  std::vector<Claim> claims = {accuracy_claim(4, "8.4", "MNIST, Adam: accuracy", 0.993, adam)};
  claims[0].at_a_glance = true;
  const double plateau = require_stated(context.options, "8.4", "plateau from epoch");
  claims.push_back({4, "8.4", "plateau from epoch", "6",
                    fixed(plateau, 0) + ", mean of " + seeds_text(adam.size()),
                    adam.size() == 1             ? "cannot be told from one seed"
                    : std::abs(plateau - 6) <= 2 ? "reproduced"
                                                 : "not so"});
  std::vector<double> training;
  for (const Record& record : adam) training.push_back(record.column("accuracy").back());
  const Spread last = spread(training);
  claims.push_back({4, "8.4", "training accuracy converges to almost 1, %", "almost 100",
                    percent(last) + " (last epoch), " + seeds_text(adam.size()),
                    last.mean > 0.995 ? "reproduced" : "not so"});
  return claims;
}

std::vector<Claim> optimizers(const std::vector<Record>& adam, const std::vector<Record>& sgd) {
  std::vector<Claim> claims = {accuracy_claim(5, "8.5", "MNIST, SGD: accuracy", 0.989, sgd)};
  claims[0].at_a_glance = true;
  claims.push_back(
      difference_claim(5, "8.5", "Adam less SGD", 0.004, difference(adam, sgd, &Summary::mean_of_last_five)));
  return claims;
}

std::vector<Claim> fashion(const std::vector<Record>& adam, const std::vector<Record>& three,
                           const std::vector<Record>& two) {
  std::vector<Claim> claims = {accuracy_claim(6, "8.6", "Fashion-MNIST: accuracy", 0.9107, three),
                               difference_claim(6, "8.6", "MNIST less Fashion-MNIST", 0.0823,
                                                difference(adam, three, &Summary::mean_of_last_five)),
                               difference_claim(6, "8.6", "two convolutions less three", 0.008,
                                                difference(two, three, &Summary::mean_of_last_five))};
  claims[0].at_a_glance = claims[2].at_a_glance = true;
  return claims;
}

/// The report's numbers for one amount of noise.
struct NoiseReport {
  double noise, mean, best;
  int best_epoch, prediction_1, prediction_2;
};
constexpr NoiseReport noise_reports[] = {
    {0.2, 0.9886, 0.9911, 9, 7, 6}, {0.6, 0.9769333, 0.9799, 18, 7, 6}, {1.0, 0.93726, 0.9482, 1, 7, 8}};

bool fits(double report, const Spread& ours) {
  return std::abs(report - ours.mean) <= slack(ours);
}

/// An accuracy of restored images: restored from noisy ones, as the text says, and from clean ones, as the
/// listing does.
Claim restored_claim(const std::string& statement, double report, const Spread& noisy, const Spread& clean) {
  std::string verdict = noisy.mean > report ? "better" : "worse";
  if (fits(report, noisy))
    verdict = "reproduced";
  else if (fits(report, clean))
    verdict = "not so: it is that of restored clean images";
  return {7,
          "8.7",
          statement + ", %",
          fixed(100 * report, 2),
          percent(noisy) + " (noisy), " + percent(clean) + " (clean), " + seeds_text(noisy.seeds),
          verdict,
          Difference{statement.substr(0, statement.find(':')) + statement.substr(statement.rfind(',')),
                     100 * (noisy.mean - report), 100 * (noisy.mean - slack(noisy) - report),
                     100 * (noisy.mean + slack(noisy) - report)}};
}

/// What is said of each record's accuracies over the epochs of the CNN.
template <typename What>
Spread over_records(const std::vector<Record>& records, const std::string& reading, const What& what) {
  std::vector<double> values;
  for (const Record& record : records) values.push_back(what(record.score(reading + " accuracy")));
  return spread(values);
}

std::vector<Claim> denoising(Context& context) {
  std::vector<Claim> claims;
  for (const NoiseReport& report : noise_reports) {
    const std::vector<Record> records =
        context.records(autoencoder_training(context, report.noise, context.options.seed));
    const std::string noise = with_noise(report.noise) + ": ";
    const auto best = [](const std::vector<double>& accuracy) { return summarize(accuracy).best; };
    const auto all = [](const std::vector<double>& accuracy) { return mean(accuracy); };
    claims.push_back(restored_claim(noise + "accuracy on restored images, mean", report.mean,
                                    over_records(records, readings[0], all),
                                    over_records(records, readings[1], all)));
    claims.back().at_a_glance = report.noise == 1.0;
    claims.push_back(restored_claim(noise + "accuracy on restored images, best", report.best,
                                    over_records(records, readings[0], best),
                                    over_records(records, readings[1], best)));
    std::size_t same = 0;
    std::string epochs;
    for (const Record& record : records) {
      const std::vector<double>& predicted = record.score(std::string(readings[0]) + " predictions");
      same +=
          predicted.size() == 2 && predicted[0] == report.prediction_1 && predicted[1] == report.prediction_2;
      const std::vector<double>& accuracy = record.score(std::string(readings[0]) + " accuracy");
      epochs += (epochs.empty() ? "" : ", ") + std::to_string(summarize(accuracy).best_epoch);
    }
    claims.push_back({7, "8.7", noise + "epoch of the best", std::to_string(report.best_epoch), epochs,
                      "cannot be told: largely chance"});
    claims.push_back({7, "8.7", noise + "what test images 1 and 500 are taken for",
                      std::to_string(report.prediction_1) + ", " + std::to_string(report.prediction_2),
                      "the same with " + of_seeds(same, records.size()),
                      2 * same > records.size() ? "reproduced" : "not so"});
  }
  return claims;
}

std::vector<Claim> generated(Context& context) {
  const Record gan = context.record(gan_training(context, context.options.seed));
  const std::vector<double>& confidence = gan.score("digits, confidence");
  const auto sure = std::count_if(confidence.begin(), confidence.end(), [](double c) { return c >= 0.9; });
  Claim twenty{8,
               "8.8",
               "generated digits that the CNN identifies, %",
               "20",
               fixed(100 * gan.score("generated, confident")[0], 1) + " sure of all, " +
                   std::to_string(sure) + " of " + std::to_string(confidence.size()) + " shown; " +
                   std::to_string(gan.seconds.size()) + " epochs, 1 seed",
               "cannot be told: they have no true label"};
  twenty.at_a_glance = true;
  return {twenty,
          {8, "7.2", "autoencoder and GAN on other data sets", "not done", "not done",
           "cannot be told: the CNN alone is tried"}};
}

}  // namespace

std::vector<Claim> all_claims(Context& context) {
  const Options& options = context.options;
  const auto records = [&](const CnnSettings& settings) {
    const Training training = cnn_training(context, settings, options.seed);
    context.record(training);  // throws if it is not there
    return context.records(training);
  };
  const std::vector<Record> adam = records(cnn_on_mnist(options)),
                            sgd = records(cnn_trained_by(options, "SGD")),
                            three = records(fashion_cnn(options, 3)), two = records(fashion_cnn(options, 2));
  std::vector<Claim> claims;
  for (const std::vector<Claim>& some :
       {times(context), data(context), predictions(adam), epochs_claims(context, adam), optimizers(adam, sgd),
        fashion(adam, three, two), denoising(context), generated(context)})
    claims.insert(claims.end(), some.begin(), some.end());
  return claims;
}

}  // namespace plaingrad::chapter9
