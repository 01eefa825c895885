// What a compiler says where a plan is run without the header for it.
#pragma once

/// Declarations that every other one is better than, with a sentence.
#define PAINTERS_RUN_ELSEWHERE                                                                  \
  __attribute__((unavailable(                                                                   \
      "painters: run takes a plan, a network and a state, run(plan, net, x) or run<plan>(net, " \
      "x), "                                                                                    \
      "and stands in <painters/pipeline/executor.hpp>, which <painters/painters.hpp> includes")))

namespace painters {

/// Exists only to explain a mistake.
PAINTERS_RUN_ELSEWHERE void run(...);
/// Exists only to explain a mistake. Compilers show the name of its parameter where the plan is no
/// constant.
template <auto constexpr_plan_expected_for_any_other_write_run_plan_net_x>
PAINTERS_RUN_ELSEWHERE void run(...);

}  // namespace painters

#undef PAINTERS_RUN_ELSEWHERE
