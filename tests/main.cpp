/// @file
/// The tests' main program: Boost.Test's own.
#define BOOST_TEST_DYN_LINK
#define BOOST_TEST_MODULE plaingrad
#include <boost/test/unit_test.hpp>
