#include "engine/engine.hpp"

namespace plaingrad {

std::string engine_name() {
  return "plain";
}

}  // namespace plaingrad
