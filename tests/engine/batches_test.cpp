#include <painters/engine/batches.hpp>

#include <cstddef>
#include <set>
#include <utility>
#include <vector>

#include "support/catch.hpp"

#include <rapidcheck.h>

using painters::engine::Batch;
using painters::engine::batches;

TEST_CASE("batches hold the wanted pairs, each once", "[engine][batches]") {
  CHECK(rc::check("for any pairs", [] {
    const auto plans = *rc::gen::inRange<std::size_t>(0, 6);
    const auto requests = *rc::gen::inRange<std::size_t>(0, 12);
    std::set<std::pair<std::size_t, std::size_t>> wanted, found;
    std::set<std::set<std::size_t>> kinds;  // sets of plans that a request wants
    for (std::size_t request = 0; request < requests; ++request) {
      std::set<std::size_t> mine;
      for (std::size_t plan = 0; plan < plans; ++plan)
        if (*rc::gen::inRange(0, 3) > 0) mine.insert(plan), wanted.emplace(plan, request);
      if (!mine.empty()) kinds.insert(mine);
    }
    const std::vector<Batch> all =
        batches(plans, requests, [&](std::size_t plan, std::size_t request) {
          return wanted.count({plan, request}) > 0;
        });
    for (const Batch& batch : all)
      for (const std::size_t plan : batch.plans)
        for (const std::size_t request : batch.requests)
          RC_ASSERT(found.emplace(plan, request).second);
    RC_ASSERT(found == wanted);
    RC_ASSERT(all.size() == kinds.size());
  }));
}
