#include "session.hpp"

#include <algorithm>

#include "machine.hpp"

namespace painters::cli {

std::size_t default_weights_memory() {
  return std::max(machine_memory() / 8, std::size_t{640} << 20);
}

std::unique_ptr<Session> open_session(const std::filesystem::path& model,
                                      const SessionOptions& options) {
  return backend::with_built_in(options.backend, [&](auto row) {
    return open_session_on<typename decltype(row)::Backend>(model, options);
  });
}

}  // namespace painters::cli
