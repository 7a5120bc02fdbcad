// The same for tests.
#include "library.hpp"

#include <boost/test/unit_test.hpp>
