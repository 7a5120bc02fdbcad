// Exercise 7: cross-entropy from logits
//
// Read first: build/docs/html/chapter3.html, section 3.4, "Cross-entropy".
//
// Row n holds the scores s(n, i) of a sample for each class i, its logits. Softmax makes probabilities of
// them, and the loss is the mean over the N samples of minus the logarithm of the right class's probability:
//
//   p(n, i) = e^s(n, i) / sum over j of e^s(n, j),     L = -1/N sum over n of log p(n, label of n)
//
// ds stands for dL/ds. backward overwrites it.
//
// Missing: two lines, ds of sample n. Write them, then
//
//   make exercise N=7
#include <algorithm>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "exercises/exercise.hpp"

using namespace plaingrad;

namespace {

struct CrossEntropy {
  int samples, classes;
  std::vector<int> labels;
  Array s{"s", {samples, classes}}, p{"p", {samples, classes}}, ds{"ds", {samples, classes}};
  double L = 0;

  // Of large scores only their differences matter: with the greatest taken off no exponential overflows.
  void forward() {
    L = 0;
    for (int n = 0; n < samples; ++n) {
      double greatest = s(n, 0), sum = 0;
      for (int i = 0; i < classes; ++i) greatest = std::max(greatest, s(n, i));
      for (int i = 0; i < classes; ++i) sum += std::exp(s(n, i) - greatest);
      for (int i = 0; i < classes; ++i) p(n, i) = std::exp(s(n, i) - greatest) / sum;
      L -= std::log(p(n, label(n))) / samples;
    }
  }

  int label(int n) const { return labels[static_cast<std::size_t>(n)]; }

  void backward() {
    for (int n = 0; n < samples; ++n) {
      // Your lines here: ds(n, i) of all classes i. The right one is label(n).
      for (int i = 0; i < classes; ++i) ds(n, i) = p(n, i) / samples;
      ds(n, label(n)) -= 1.0 / samples;
      // End of your lines.
    }
  }
};

void check(Exercise& exercise, const std::string& note, CrossEntropy loss) {
  exercise.check_loss(
      note, {overwritten(loss.s, loss.ds, "prediction minus truth, and the mean over the samples")}, loss.L,
      [&] { loss.forward(); }, [&] { loss.backward(); });
}

// The same shift of all scores changes nothing, but e to the 1000 is too large for a double.
void check_large(Exercise& exercise, const std::string& note, CrossEntropy loss) {
  Array small("small", loss.s.extents());
  exercise.check_loss(
      note, {overwritten(small, loss.ds, "exponentials that overflow")}, loss.L,
      [&] {
        for (int n = 0; n < loss.samples; ++n)
          for (int i = 0; i < loss.classes; ++i) loss.s(n, i) = 1000 + small(n, i);
        loss.forward();
      },
      [&] { loss.backward(); });
}

}  // namespace

int main() {
  Exercise exercise(7, "cross-entropy from logits", "build/docs/html/chapter3.html#chapter3_4_cross_entropy");
  check(exercise, "one sample of class 0", {1, 3, {0}});
  check(exercise, "one sample of class 2", {1, 4, {2}});
  check(exercise, "four samples, three classes", {4, 3, {2, 0, 1, 2}});
  check(exercise, "as many samples as classes", {3, 3, {1, 1, 0}});
  check_large(exercise, "scores around 1000", {2, 5, {4, 0}});
  return exercise.verdict();
}
