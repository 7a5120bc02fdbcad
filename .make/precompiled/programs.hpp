// The same for programs, which are optimized less.
#include "library.hpp"
