// The text of a plan: it is refused, or printing and reading it gives the same plan, which is valid
// and has a graph. Once for any depth and once for a model of 12 layers.
#include <cstddef>
#include <string>

#include <painters/plan/application_graph.hpp>
#include <painters/plan/parse.hpp>
#include <painters/plan/plan.hpp>
#include <painters/plan/print.hpp>
#include <painters/plan/queries.hpp>
#include <painters/plan/validate.hpp>

#include "fuzz/support.hpp"

using namespace painters;

static void check(std::string_view text, std::size_t layers) {
  try {
    const Plan plan = parse_plan(text, layers);
    validate(plan, layers);
    const std::string printed = to_string(plan);
    fuzz::require(parse_plan(printed, layers) == plan);
    fuzz::require(to_string(parse_plan(printed)) == printed);
    if (layers_needed(plan) > 128 || calls(plan) > 10000) return;
    ApplicationGraph graph;
    const auto end = graph.add(plan);
    fuzz::require(end < graph.size() && graph.applications() <= calls(plan));
    fuzz::require(graph.add(plan) == end);
  } catch (const UsageError& e) {
    fuzz::require(std::string_view(e.what()).find('\n') == std::string_view::npos);
  }
}

PAINTERS_FUZZ {
  check(input, any_depth);
  check(input, 12);
}
