#include "models/gan.hpp"

#include "layers/activation_layer.hpp"
#include "layers/batch_normalization.hpp"
#include "layers/conv2d.hpp"
#include "layers/conv2d_transpose.hpp"
#include "layers/dense.hpp"
#include "layers/dropout.hpp"
#include "layers/reshape.hpp"

namespace plaingrad {

Sequential make_generator(Random& random) {
  //! [generator]
  const auto same = [](Index stride, Activation f = Activation::linear) {
    return ConvolutionOptions{.stride = stride, .padding = Padding::same, .activation = f, .use_bias = false};
  };
  Sequential model("generator", {gan_noise_size});
  model.add<Dense>(7 * 7 * 256, Activation::linear, /*use_bias=*/false);
  model.add<BatchNormalization>();
  model.add<LeakyReLU>();
  model.add<Reshape>(Shape{7, 7, 256});
  model.add<Conv2DTranspose>(128, 5, same(1));
  model.add<BatchNormalization>();
  model.add<LeakyReLU>();
  model.add<Conv2DTranspose>(64, 5, same(2));
  model.add<BatchNormalization>();
  model.add<LeakyReLU>();
  model.add<Conv2DTranspose>(1, 5, same(2, Activation::tanh));
  model.build(random);
  //! [generator]
  return model;
}

Sequential make_discriminator(Random& random) {
  //! [discriminator]
  const ConvolutionOptions half{.stride = 2, .padding = Padding::same};
  Sequential model("discriminator", {28, 28, 1});
  model.add<Conv2D>(64, 5, half);
  model.add<LeakyReLU>();
  model.add<Dropout>(0.3);
  model.add<Conv2D>(128, 5, half);
  model.add<LeakyReLU>();
  model.add<Dropout>(0.3);
  model.add<Flatten>();
  model.add<Dense>(1);
  model.build(random);
  //! [discriminator]
  return model;
}

}  // namespace plaingrad
