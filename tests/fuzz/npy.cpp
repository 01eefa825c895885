// A NumPy array: once read, it can be written and read again, and stays the same.
#include <cstring>

#include <painters/tensor/npy.hpp>

#include "fuzz/support.hpp"

using namespace painters;

PAINTERS_FUZZ {
  const auto path = fuzz::file("array.npy", input);
  const tensor::NpyArray array = tensor::read_npy(path);
  tensor::write_npy(path, array.shape, array.values.data());
  const tensor::NpyArray again = tensor::read_npy(path);
  fuzz::require(again.shape == array.shape && again.values.size() == array.values.size());
  if (!array.values.empty())
    fuzz::require(std::memcmp(again.values.data(), array.values.data(),
                              array.values.size() * sizeof(float)) == 0);
}
