/// @file
/// How many threads share the work out; one where the library is built without OpenMP.
#pragma once

namespace plaingrad {

/// Threads that the next loop over threads runs on.
int thread_count();

/// Sets that number, 1 or more. Without OpenMP it stays one.
void set_thread_count(int count);

}  // namespace plaingrad
