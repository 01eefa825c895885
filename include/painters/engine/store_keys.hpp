// What a store finds a score by: its origin, its plan and its request.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include <painters/engine/content_key.hpp>
#include <painters/engine/request.hpp>
#include <painters/engine/state_keys.hpp>
#include <painters/plan/application_graph.hpp>
#include <painters/plan/plan.hpp>
#include <painters/plan/print.hpp>

namespace painters::engine {

/// Grows whenever the same model, plan and tokens may give other scores than before.
inline constexpr int scoring_protocol = 1;

/// What a score depends on besides its plan and its request.
struct Origin {
  std::string model;                // its fingerprint
  std::string model_name;           // for people
  std::string precision;            // of the weights and of the arithmetic
  int protocol = scoring_protocol;  // how it was scored
};

/// What computes scores. A store keeps it only for its readers: runs use one another's scores.
struct Run {
  std::string version, backend;  // of the program, and the name of its backend
  std::size_t threads = 0;       // that the backend used
};

/// What a store knows about a plan.
struct StoredPlan {
  ContentKey key;    // of the state that it ends with
  std::string text;  // its text form
};

/// What a store knows about a request.
struct StoredRequest {
  ContentKey key;          // of its tokens
  std::size_t tokens = 0;  // of the continuation
};

/// One for each of `plans`, in order. Plans that make the same state have the same key.
inline std::vector<StoredPlan> stored_plans(std::span<const Plan> plans) {
  ApplicationGraph graph;
  std::vector<ApplicationGraph::StateId> ends;
  for (const Plan& plan : plans) ends.push_back(graph.add(plan));
  const std::vector<ContentKey> keys = state_keys(graph);
  std::vector<StoredPlan> stored;
  for (std::size_t i = 0; i < plans.size(); ++i)
    stored.push_back({keys[ends[i]], to_string(plans[i])});
  return stored;
}

/// One for each of `requests`, in order. Requests of the same tokens have the same key.
inline std::vector<StoredRequest> stored_requests(std::span<const TokenRequest> requests) {
  std::vector<StoredRequest> stored;
  for (const TokenRequest& request : requests)
    stored.push_back({key_of(request), request.continuation.size()});
  return stored;
}

}  // namespace painters::engine
