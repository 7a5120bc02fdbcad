#include "data/gzip.hpp"

#include <algorithm>
#include <boost/iostreams/device/back_inserter.hpp>
#include <boost/iostreams/filter/gzip.hpp>
#include <boost/iostreams/filtering_stream.hpp>
#include <boost/iostreams/filtering_streambuf.hpp>

namespace plaingrad {

namespace io = boost::iostreams;

GzipReader::GzipReader(std::streambuf& packed) {
  auto unpacked = std::make_unique<io::filtering_streambuf<io::input>>();
  unpacked->push(io::gzip_decompressor());
  unpacked->push(packed);
  unpacked_ = std::move(unpacked);
}

GzipReader::~GzipReader() = default;

std::size_t GzipReader::read(std::span<std::uint8_t> bytes) {
  try {
    const auto count = unpacked_->sgetn(reinterpret_cast<char*>(bytes.data()), std::ssize(bytes));
    return static_cast<std::size_t>(std::max<std::streamsize>(count, 0));
  } catch (const io::gzip_error& error) {
    throw GzipError(error.what());
  } catch (const io::zlib_error& error) {
    throw GzipError(error.what());
  }
}

std::string pack_gzip(const std::string& bytes) {
  std::string result;
  {
    io::filtering_ostream stream;
    stream.push(io::gzip_compressor(io::gzip_params(io::gzip::best_compression)));
    stream.push(io::back_inserter(result));
    stream.write(bytes.data(), std::ssize(bytes));
  }  // only now is everything packed
  return result;
}

}  // namespace plaingrad
