// plan/ compiles without exceptions; built with -fno-exceptions and never run.
#include <painters/plan/combinators.hpp>
#include <painters/plan/literal.hpp>
#include <painters/plan/paper.hpp>
#include <painters/plan/stream.hpp>

painters::Plan shortened(std::size_t layers, std::size_t start) {
  const painters::Plan plan = painters::Sequence{layers} | painters::paper::skip(start);
  painters::validate(plan, layers);
  return plan;
}
