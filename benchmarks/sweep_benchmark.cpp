// What does a sweep save? Plans of the paper on the default model, 12 texts of about 85 tokens,
// scored one by one and all at once.
//
//   calls       applications of layers one by one, and distinct ones that the sweep makes
//   saved       time one by one / time at once
//   of_counts   saved as a fraction of what the two counts promise
//
// and how long the graph of the paper's whole set of plans takes to make and to put in order.
#include <benchmark/benchmark.h>

#include <chrono>
#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include <painters/backend/onednn.hpp>
#include <painters/engine/scorer.hpp>
#include <painters/engine/sweep.hpp>
#include <painters/models/llama.hpp>
#include <painters/plan/application_graph.hpp>
#include <painters/plan/paper_lists.hpp>
#include <painters/plan/parse.hpp>
#include <painters/plan/queries.hpp>

#include "../examples/cli/default_model.hpp"

namespace {

using namespace painters;
using Backend = backend::OneDnn;

std::vector<Plan> plans_of(std::span<const char* const> lists, std::size_t layers) {
  std::vector<Plan> plans;
  for (const char* list : lists)
    for (const std::string& text : plan_list(list, layers))
      plans.push_back(parse_plan(text, layers));
  return plans;
}

std::vector<engine::TokenRequest> random_texts(std::size_t count) {
  std::vector<engine::TokenRequest> requests(count);
  text::TokenId token = 100;
  for (std::size_t i = 0; i < count; ++i) {
    for (std::size_t t = 0; t < 70 + 30 * i / count; ++t)
      requests[i].context.push_back(token = (token * 75 + 74) % 40009);
    requests[i].continuation = {token};
  }
  return requests;
}

template <class F>
double seconds(const F& f) {
  const auto start = std::chrono::steady_clock::now();
  f();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

void sweep_against_one_by_one(benchmark::State& state, std::span<const char* const> lists) {
  Backend backend;
  const models::Llama<Backend> model(cli::require_default_model(), backend);
  const engine::Scorer scorer(model);
  const auto requests = random_texts(12);
  const auto plans = plans_of(lists, model.layers().size());
  const std::vector<PlanView> views(plans.begin(), plans.end());
  ApplicationGraph graph;
  double calls_alone = 0;
  for (const Plan& plan : plans) {
    graph.add(plan);
    calls_alone += static_cast<double>(calls(plan));
  }
  scorer.score(plans.front(), requests);  // weights to f32, primitives

  double alone = 0, together = 0;
  for (auto _ : state) {
    together += seconds([&] {
      scorer.score(views, requests,
                   [](std::size_t, std::size_t, std::span<const engine::Score>) {});
    });
    alone += seconds([&] {
      for (const Plan& plan : plans) scorer.score(plan, requests);
    });
  }
  const double promised = calls_alone / static_cast<double>(graph.applications());
  state.counters["calls"] = calls_alone;
  state.counters["distinct"] = static_cast<double>(graph.applications());
  state.counters["saved"] = alone / together;
  state.counters["of_counts"] = alone / together / promised;
}

void windows_at_once(benchmark::State& state) {
  const char* const lists[] = {"skip-windows", "reverse-windows", "middle-repeat-windows",
                               "looped-parallel-windows"};
  sweep_against_one_by_one(state, lists);
}

void single_layers_at_once(benchmark::State& state) {
  const char* const lists[] = {"skip-one", "switch-two"};
  sweep_against_one_by_one(state, lists);
}

void graph_of_the_papers_plans(benchmark::State& state) {
  const char* const lists[] = {"paper"};
  const auto plans = plans_of(lists, static_cast<std::size_t>(state.range(0)));
  for (auto _ : state) {
    ApplicationGraph graph;
    std::vector<ApplicationGraph::StateId> ends;
    for (const Plan& plan : plans) ends.push_back(graph.add(plan));
    const engine::SweepOrder order(graph, ends);
    benchmark::DoNotOptimize(order.applications());
    state.counters["distinct"] = static_cast<double>(order.applications());
  }
}

BENCHMARK(windows_at_once)->Unit(benchmark::kSecond)->UseRealTime()->Iterations(1);
BENCHMARK(single_layers_at_once)->Unit(benchmark::kSecond)->UseRealTime()->Iterations(1);
BENCHMARK(graph_of_the_papers_plans)->Arg(32)->Arg(80)->Unit(benchmark::kMillisecond);

}  // namespace
