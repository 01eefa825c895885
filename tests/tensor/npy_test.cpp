#include <painters/tensor/npy.hpp>

#include <sys/resource.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "support/catch.hpp"
#include "support/temporary_folder.hpp"

using namespace painters;

namespace {

std::string slurp(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::string message_of(const std::filesystem::path& path) {
  try {
    tensor::read_npy(path);
  } catch (const Error& e) {
    return e.what();
  }
  return "";
}

}  // namespace

TEST_CASE("an .npy file has exactly NumPy's bytes", "[tensor][npy]") {
  const support::TemporaryFolder folder;
  const float values[] = {1, 2, 3, 4, 5, 6};
  const auto written = [&](const std::vector<std::size_t>& shape) {
    tensor::write_npy(folder.path() / "a.npy", shape, values);
    return slurp(folder.path() / "a.npy");
  };
  const std::string matrix = written({2, 3});
  CHECK(matrix.substr(0, 10) == std::string("\x93NUMPY\x01\x00\x76\x00", 10));
  CHECK(matrix.substr(10, 58) == "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), ");
  CHECK(matrix.size() == 128 + 24);
  CHECK(matrix[127] == '\n');
  CHECK(written({6}).find("'shape': (6,") != std::string::npos);
  CHECK(written({}).find("'shape': (),") != std::string::npos);
}

TEST_CASE("arrays of any shape come back from .npy files", "[tensor][npy]") {
  const support::TemporaryFolder folder;
  for (const std::vector<std::size_t>& shape : {std::vector<std::size_t>{},
                                                {7},
                                                {0},
                                                {2, 3},
                                                {3, 0, 5},
                                                {31, 4, 3},
                                                std::vector<std::size_t>(20, 1)}) {
    std::size_t elements = 1;
    for (const std::size_t n : shape) elements *= n;
    std::vector<float> values(elements);
    for (std::size_t i = 0; i < elements; ++i) values[i] = static_cast<float>(i) / 7;
    tensor::write_npy(folder.path() / "a.npy", shape, values.data());
    const tensor::NpyArray read = tensor::read_npy(folder.path() / "a.npy");
    CHECK(read.shape == shape);
    CHECK(read.values == values);
  }
}

TEST_CASE("a failed write of an .npy file leaves the old file as it was", "[tensor][npy]") {
  const support::TemporaryFolder folder;
  const std::vector<float> values(1 << 20, 1.f);
  const std::vector<std::size_t> shape{values.size()};
  CHECK_THROWS_AS(tensor::write_npy(folder.path() / "no" / "a.npy", shape, values.data()), Error);
  std::filesystem::create_directory(folder.path() / "taken");
  CHECK_THROWS_AS(tensor::write_npy(folder.path() / "taken", shape, values.data()), Error);

  // A limit on file sizes fails as a full disk does: in the middle of the data.
  folder.write("old.npy", "old");
  rlimit unlimited = {};
  getrlimit(RLIMIT_FSIZE, &unlimited);
  const rlimit small = {1 << 16, unlimited.rlim_max};
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  setrlimit(RLIMIT_FSIZE, &small);
  std::string message;
  try {
    tensor::write_npy(folder.path() / "old.npy", shape, values.data());
  } catch (const Error& e) {
    message = e.what();
  }
  setrlimit(RLIMIT_FSIZE, &unlimited);
  std::signal(SIGXFSZ, handler);
  CHECK(message.find("old.npy") != std::string::npos);
  CHECK(slurp(folder.path() / "old.npy") == "old");

  std::size_t files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder.path()))
    files += entry.is_regular_file();
  CHECK(files == 1);
}

TEST_CASE("other files are refused as .npy files", "[tensor][npy]") {
  const support::TemporaryFolder folder;
  const float values[] = {1, 2, 3, 4, 5, 6};
  tensor::write_npy(folder.path() / "a.npy", std::vector<std::size_t>{2, 3}, values);
  const std::string good = slurp(folder.path() / "a.npy");
  for (std::size_t length = 0; length < good.size(); ++length)
    CHECK_THROWS_AS(tensor::read_npy(folder.write("b.npy", good.substr(0, length))), Error);
  const auto changed = [&](const std::string& from, const std::string& to) {
    std::string bytes = good;
    bytes.replace(bytes.find(from), from.size(), to);
    return message_of(folder.write("b.npy", bytes));
  };
  CHECK(changed("<f4", "<f8").find("another type") != std::string::npos);
  CHECK(changed("False", "True ").find("another order") != std::string::npos);
  CHECK(changed("(2, 3)", "(2, 4)").find("6 elements where the shape needs 8") !=
        std::string::npos);
  CHECK(changed("(2, 3)", "(2,,3)").find("no shape") != std::string::npos);
  CHECK(changed("(2, 3), }          ", "(9999999999, 9999999999)}").find("beyond") !=
        std::string::npos);
  CHECK(message_of(folder.path() / "missing.npy").find("missing.npy") != std::string::npos);
}
