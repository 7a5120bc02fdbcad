/// @file
/// Large blocks of memory begin at a cache line. A vector register's worth of numbers then lies within one
/// line; across two lines each load is two loads, and pooling, for one, takes a fifth longer. The language
/// allows a program to bring its own `new` for all its types, so every std::vector has this and nothing else
/// has to know. It belongs to the programs: the library leaves the allocator to those who use it, and aligns
/// its own scratch buffers alone.
#include <cstdint>
#include <cstdlib>
#include <new>

namespace {

constexpr std::size_t cache_line = 64;

void* allocate(std::size_t size) {
  if (size > SIZE_MAX - cache_line) return nullptr;
  if (size < 8 * cache_line) return std::malloc(size ? size : 1);
  return std::aligned_alloc(cache_line, (size + cache_line - 1) / cache_line * cache_line);
}

}  // namespace

void* operator new(std::size_t size) {
  for (;;) {
    if (void* memory = allocate(size)) return memory;
    const std::new_handler handler = std::get_new_handler();
    if (!handler) throw std::bad_alloc();
    handler();
  }
}

void operator delete(void* memory) noexcept {
  std::free(memory);
}

void operator delete(void* memory, std::size_t) noexcept {
  std::free(memory);
}
