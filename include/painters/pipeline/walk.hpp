// Walks over a whole plan at once and calls a visitor for every step. See cursor.hpp for a walk
// that can wait.
#pragma once

#include <painters/pipeline/cursor.hpp>
#include <painters/plan/node.hpp>

namespace painters {

/// Calls a visitor for the step that the cursor is at: visitor.call(CallSite),
/// begin_group(GroupSite), begin_branch(BranchSite), end_branch(BranchSite) or
/// end_group(GroupSite).
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

/// Calls a visitor for every step, in the order of execution. The plan must be one that validate
/// accepts.
template <class Visitor>
constexpr void walk(PlanView plan, Visitor& visitor) {
  PlanCursor cursor(plan);
  while (cursor.next()) visit_step(cursor, visitor);
}

}  // namespace painters
