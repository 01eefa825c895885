// The umbrella: plans and pipelines. Needs nothing but the standard library.
#pragma once

#include <painters/error.hpp>
#include <painters/plan/combinators.hpp>
#include <painters/plan/literal.hpp>
#include <painters/plan/node.hpp>
#include <painters/plan/paper.hpp>
#include <painters/plan/parse.hpp>
#include <painters/plan/plan.hpp>
#include <painters/plan/print.hpp>
#include <painters/plan/queries.hpp>
#include <painters/plan/stream.hpp>
#include <painters/plan/validate.hpp>
