// The umbrella: plans and pipelines. Needs nothing but the standard library.
#pragma once

#include <painters/error.hpp>
#include <painters/pipeline/apply_call.hpp>
#include <painters/pipeline/backward.hpp>
#include <painters/pipeline/check_layer.hpp>
#include <painters/pipeline/concepts.hpp>
#include <painters/pipeline/executor.hpp>
#include <painters/pipeline/facts.hpp>
#include <painters/pipeline/hooks.hpp>
#include <painters/pipeline/memories.hpp>
#include <painters/pipeline/network.hpp>
#include <painters/pipeline/pipeline.hpp>
#include <painters/pipeline/stack.hpp>
#include <painters/pipeline/state.hpp>
#include <painters/pipeline/walk.hpp>
#include <painters/plan/combinators.hpp>
#include <painters/plan/literal.hpp>
#include <painters/plan/node.hpp>
#include <painters/plan/paper.hpp>
#include <painters/plan/part_names.hpp>
#include <painters/plan/parse.hpp>
#include <painters/plan/plan.hpp>
#include <painters/plan/print.hpp>
#include <painters/plan/queries.hpp>
#include <painters/plan/stream.hpp>
#include <painters/plan/validate.hpp>
