// std::cout << plan writes the text form of a plan.
#pragma once

#include <iosfwd>

#include <painters/plan/print.hpp>

namespace painters {

/// The plan in its text form.
template <PlanLike P>
std::ostream& operator<<(std::ostream& out, const P& plan) {
  return out << to_string(plan);
}

}  // namespace painters
