// A plan drawn as text: its calls numbered in the order of execution, the branches of a group one
// below the other.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include <painters/plan/print.hpp>
#include <painters/plan/queries.hpp>

namespace painters::cli {

namespace detail {

/// Draws at most as many lines as the plan has nodes: runs of layers share a line, and only the
/// first pass of a loop is drawn.
class Picture {
 public:
  std::string draw(PlanView plan) {
    text_ = "   calls   layers\n";
    sequence(plan, "", "");
    return text_;
  }

 private:
  /// `first` stands before the first line, `rest` before all others.
  void sequence(PlanView plan, std::string first, const std::string& rest) {
    for (std::size_t i = 0; i < plan.size();) {
      const std::size_t end = end_of_run(plan, i);
      if (end > i) {
        const PlanView run(plan.data() + i, end - i);
        line(calls(run), first, to_string(run));
        i = end;
      } else {
        element(plan.subtree(i), first, rest);
        i = plan.next(i);
      }
      first = rest;
    }
  }

  /// A run of calls, and of loops over a single call, shares one line.
  static std::size_t end_of_run(PlanView plan, std::size_t begin) {
    std::size_t end = begin;
    while (end < plan.size() && plan[plan.next(end) - 1].kind == NodeKind::call &&
           (plan[end].kind == NodeKind::call ||
            (plan[end].kind == NodeKind::repeat && plan[end].size == 2)))
      end = plan.next(end);
    return end;
  }

  void element(PlanView element, const std::string& first, const std::string& rest) {
    if (element[0].kind == NodeKind::repeat) return loop(element, first, rest);
    const bool mean = element[0].kind == NodeKind::mean;
    line(0, first,
         fmt::format("{} of {} {}", mean ? "mean" : "sum of the updates", element[0].value,
                     element[0].value == 1 ? "branch" : "branches"));
    const PlanView branches = element.below(0);
    for (std::size_t i = 0; i < branches.size(); i = branches.next(i)) {
      const bool last = branches.next(i) == branches.size();
      const std::string weight =
          branches[i].weight == 1.0f ? "" : fmt::format("{} * ", branches[i].weight);
      const PlanView body = branches.below(i);
      if (body.empty()) line(0, rest + "|-- " + weight, "the state as it is");
      sequence(body, rest + (last ? "'-- " : "|-- ") + weight,
               rest + (last ? "    " : "|   ") + std::string(weight.size(), ' '));
    }
  }

  void loop(PlanView loop, const std::string& first, const std::string& rest) {
    const std::uint32_t times = loop[0].value;
    line(0, first, fmt::format("{} times:", times));
    sequence(loop.below(0), rest + "  ", rest + "  ");
    if (times > 1)
      line((times - 1) * calls(loop.below(0)), rest + "  ",
           times == 2 ? "the same again" : fmt::format("the same again, {} times", times - 1));
  }

  void line(std::uint64_t calls, const std::string& prefix, std::string_view what) {
    std::string numbers;
    if (calls > 0)
      numbers = calls == 1 ? fmt::format("{}", done_ + 1)
                           : fmt::format("{}..{}", done_ + 1, done_ + calls);
    done_ += calls;
    text_ += fmt::format("{:>8}   {}{}\n", numbers, prefix, what);
  }

  std::string text_;
  std::uint64_t done_ = 0;
};

}  // namespace detail

/// Several lines, each ended by a newline. `plan` is one that validate accepts.
inline std::string picture(PlanView plan) { return detail::Picture().draw(plan); }

}  // namespace painters::cli
