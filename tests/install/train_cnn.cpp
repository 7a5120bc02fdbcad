// Trains the network of section 7.3.1 for one epoch on the digits in a folder, and says how it does.
#include <iostream>
#include <plaingrad/data/dataset.hpp>
#include <plaingrad/models/cnn.hpp>
#include <plaingrad/optimizers/adam.hpp>
#include <plaingrad/training/fit.hpp>

using namespace plaingrad;

int main(int argc, char** argv) {
  const TrainAndTest digits = load_dataset(DatasetName::mnist, argc > 1 ? argv[1] : "");
  Random random(1);
  Sequential cnn = make_cnn(random);
  Adam adam;
  std::cout.precision(9);
  for (const Epoch& epoch : fit_classifier(cnn, adam, digits.train, digits.test, {.epochs = 1}, random))
    std::cout << "epoch " << epoch.number << ": loss " << epoch.loss << ", of the test images "
              << 100 * epoch.validation_accuracy << " % right\n";
}
