#include <painters/tensor/residency.hpp>

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include <painters/formats/mapped_file.hpp>

#include "support/catch.hpp"
#include "support/temporary_folder.hpp"

using namespace painters;

namespace {

std::string pattern(std::size_t bytes) {
  std::string text(bytes, '\0');
  for (std::size_t i = 0; i < bytes; ++i) text[i] = static_cast<char>(i * 2654435761u >> 13);
  return text;
}

bool same(std::span<const std::byte> bytes, const std::string& text) {
  return std::equal(bytes.begin(), bytes.end(), text.begin(), text.end(),
                    [](std::byte b, char c) { return b == static_cast<std::byte>(c); });
}

/// Whether all pages of a map are in memory.
bool is_resident(std::span<const std::byte> bytes) {
  const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
  std::vector<unsigned char> pages((bytes.size() + page - 1) / page);
  auto* begin = const_cast<std::byte*>(bytes.data());
  REQUIRE(::mincore(begin, bytes.size(), pages.data()) == 0);
  return std::all_of(pages.begin(), pages.end(), [](unsigned char p) { return (p & 1) != 0; });
}

}  // namespace

TEST_CASE("bytes that were dropped come back as they were, and so do their neighbours",
          "[tensor][residency]") {
  const support::TemporaryFolder folder;
  const std::string text = pattern(300'000);
  const formats::MappedFile file(folder.write("file", text));
  const auto bytes = file.bytes();
  for (const auto& [first, count] : {std::pair{0, 300'000},
                                     {1, 299'999},
                                     {5000, 100'000},
                                     {4096, 4096},
                                     {100, 200},
                                     {4095, 2},
                                     {7, 0},
                                     {300'000, 0}}) {
    CAPTURE(first, count);
    tensor::drop_behind(
        bytes.subspan(static_cast<std::size_t>(first), static_cast<std::size_t>(count)));
    CHECK(same(bytes, text));
  }
  tensor::drop_behind({});
}

TEST_CASE("dropping bytes that come from no file changes nothing", "[tensor][residency]") {
  const std::string text = pattern(100'000);
  std::vector<std::byte> bytes(text.size());
  std::transform(text.begin(), text.end(), bytes.begin(),
                 [](char c) { return static_cast<std::byte>(c); });
  tensor::drop_behind(bytes);
  CHECK(same(bytes, text));
  tensor::ReadAhead().read(bytes);
  CHECK(same(bytes, text));
}

TEST_CASE("what is asked for is read, even if it does not begin with a page",
          "[tensor][residency]") {
  const support::TemporaryFolder folder;
  const std::string text = pattern(20'000'000);
  const formats::MappedFile file(folder.write("file", text));
  const auto bytes = file.bytes();
  {  // written pages are in memory: drop them
    const int descriptor = ::open(file.path().c_str(), O_RDONLY);
    REQUIRE(::fsync(descriptor) == 0);
    REQUIRE(::posix_fadvise(descriptor, 0, 0, POSIX_FADV_DONTNEED) == 0);
    ::close(descriptor);
  }
  tensor::ReadAhead ahead;
  ahead.read({});
  ahead.read(bytes.subspan(10'000'001));
  ahead.read(bytes.first(10'000'001));
  for (int i = 0; i < 2000 && !is_resident(bytes); ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  CHECK(is_resident(bytes));
  CHECK(same(bytes, text));
}

TEST_CASE("a read-ahead that ends does not read what is left", "[tensor][residency]") {
  const support::TemporaryFolder folder;
  const std::string text = pattern(100'000);
  const formats::MappedFile file(folder.write("file", text));
  for (int i = 0; i < 100; ++i) {
    tensor::ReadAhead ahead;
    for (int j = 0; j < i; ++j) ahead.read(file.bytes());
  }
  CHECK(same(file.bytes(), text));
}
