// Requests and data sets as JSON lines.
#include <filesystem>
#include <utility>

#include <painters/engine/read_requests.hpp>
#include <painters/engine/request.hpp>
#include <painters/tasks/read.hpp>
#include <painters/tasks/tasks.hpp>

#include "fuzz/support.hpp"

using namespace painters;

namespace {

struct Prepare {
  engine::TokenRequest operator()(const engine::Request& request) const {
    return {{static_cast<text::TokenId>(request.context.size())}, {1}};
  }
  engine::TokenRequest operator()(engine::TokenRequest request) const { return request; }
};

}  // namespace

PAINTERS_FUZZ {
  const std::filesystem::path path = fuzz::file("lines.jsonl", input);
  for (const tasks::Task* task : tasks::all_tasks) {
    try {
      tasks::read(*task, path);
    } catch (const Error&) {
    }
  }
  engine::read_requests(path, Prepare());
}
