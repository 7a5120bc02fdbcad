// The table of layers that Keras prints, and the counts in it.
#include <iomanip>
#include <sstream>

#include "layers/sequential.hpp"

namespace plaingrad {

Index Sequential::parameter_count() const {
  require_built();
  Index count = 0;
  for (Index of_layer : counts_) count += of_layer;
  return count;
}

Index Sequential::trainable_parameter_count() const {
  require_built();
  Index count = 0;
  for (const Parameter* parameter : parameters_)
    if (parameter->trainable) count += parameter->value.size();
  return count;
}

std::string Sequential::summary() const {
  require_built();
  const auto grouped = [](Index number) {  // 241546 as 241,546
    std::string text = std::to_string(number);
    for (Index i = static_cast<Index>(text.size()) - 3; i > 0; i -= 3)
      text.insert(static_cast<std::size_t>(i), ",");
    return text;
  };
  const auto line = [](char c) { return std::string(72, c) + "\n"; };
  std::ostringstream table;
  const auto row = [&](const std::string& layer, const std::string& shape, const std::string& count) {
    table << std::left << std::setw(44) << layer << std::setw(18) << shape << std::right << std::setw(10)
          << count << "\n";
  };
  table << "Model: " << name_ << "\n" << line('_');
  row("Layer (type)", "Output shape", "Parameters");
  table << line('=');
  row("input", to_string(shapes_[0]), "");
  for (std::size_t i = 0; i < layers_.size(); ++i)
    row(names_[i] + " (" + layers_[i]->type() + ")", to_string(shapes_[i + 1]), grouped(counts_[i]));
  table << line('=') << "Total parameters: " << grouped(parameter_count()) << "\n"
        << "Trainable: " << grouped(trainable_parameter_count())
        << ", not trainable: " << grouped(parameter_count() - trainable_parameter_count()) << "\n"
        << line('_');
  return table.str();
}

}  // namespace plaingrad
