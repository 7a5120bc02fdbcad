// The same for the tests.
#include "standard.hpp"

#include <boost/test/unit_test.hpp>
