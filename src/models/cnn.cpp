#include "models/cnn.hpp"

#include <stdexcept>

#include "layers/conv2d.hpp"
#include "layers/dense.hpp"
#include "layers/max_pooling2d.hpp"
#include "layers/reshape.hpp"

namespace plaingrad {

Sequential make_cnn(Random& random, int convolutions) {
  if (convolutions != 2 && convolutions != 3)
    throw std::invalid_argument("make_cnn: convolutions must be 2 or 3, got " + std::to_string(convolutions));
  //! [cnn]
  Sequential model("cnn", {28, 28, 1});
  model.add<Conv2D>(32, 3, ConvolutionOptions{.activation = Activation::relu});
  model.add<MaxPooling2D>(2);
  model.add<Conv2D>(64, 3, ConvolutionOptions{.activation = Activation::relu});
  model.add<MaxPooling2D>(2);
  if (convolutions == 3) model.add<Conv2D>(128, 3, ConvolutionOptions{.activation = Activation::relu});
  model.add<Flatten>();
  model.add<Dense>(128, Activation::relu);
  model.add<Dense>(10);
  model.build(random);
  //! [cnn]
  return model;
}

}  // namespace plaingrad
