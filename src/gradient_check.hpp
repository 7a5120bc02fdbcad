// The gradient check for other programs: `#include <plaingrad/gradient_check.hpp>`.
#pragma once

#include "gradient_check/gradient_check.hpp"
