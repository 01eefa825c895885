// All combinators, and the plans that they start from.
#pragma once

#include <painters/plan/damped.hpp>
#include <painters/plan/each.hpp>
#include <painters/plan/group.hpp>
#include <painters/plan/loop.hpp>
#include <painters/plan/parallel_mean.hpp>
#include <painters/plan/parallel_sum.hpp>
#include <painters/plan/permute.hpp>
#include <painters/plan/repeat.hpp>
#include <painters/plan/reverse.hpp>
#include <painters/plan/sequence.hpp>
#include <painters/plan/shuffle.hpp>
#include <painters/plan/skip.hpp>
#include <painters/plan/swap.hpp>
#include <painters/plan/window.hpp>
