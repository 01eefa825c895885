// The whole walk over a plan at once: a visitor is told every step. See cursor.hpp for a walk that
// waits.
#pragma once

#include <painters/pipeline/cursor.hpp>
#include <painters/plan/node.hpp>

namespace painters {

/// Tells a visitor the step that the cursor is at: visitor.call(CallSite), begin_group(GroupSite),
/// begin_branch(BranchSite), end_branch(BranchSite) or end_group(GroupSite).
template <class Visitor>
constexpr void visit_step(const PlanCursor& cursor, Visitor& visitor) {
  switch (cursor.step()) {
    case WalkStep::call:
      return visitor.call(cursor.call());
    case WalkStep::begin_group:
      return visitor.begin_group(cursor.group());
    case WalkStep::begin_branch:
      return visitor.begin_branch(cursor.branch());
    case WalkStep::end_branch:
      return visitor.end_branch(cursor.branch());
    case WalkStep::end_group:
      return visitor.end_group(cursor.group());
    case WalkStep::none:
      break;
  }
}

/// Tells a visitor all steps in the order of execution. The plan must be one that validate accepts.
template <class Visitor>
constexpr void walk(PlanView plan, Visitor& visitor) {
  PlanCursor cursor(plan);
  while (cursor.next()) visit_step(cursor, visitor);
}

}  // namespace painters
