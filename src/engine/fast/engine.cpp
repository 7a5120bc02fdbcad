#include "engine/engine.hpp"

namespace plaingrad {

std::string engine_name() {
  return "fast";
}

}  // namespace plaingrad
