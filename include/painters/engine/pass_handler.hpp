// What run_passes() says about a pass, and what it asks of a handler.
//
// A handler has one of
//
//   on_state(pass, id, x)      x: const Model::State&, a wanted state with all rows of the pass
//   on_rows(pass, id, rows)    its rows at the last tokens that the texts ask for, as a matrix of
//                              the backend, a row for each of pass.rows. Calls that nothing follows
//                              are made for these rows only
//
// and may have
//
//   apply(pass, id, site, x)   makes the call `site` that turns x into state `id`: to keep a memory
//                              for each edge of the graph, or to look into the layers
//   bytes_per_row()            what on_rows needs in memory for each row
//
// States come depth first, the beginning before all others. What a handler throws ends the work.
#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include <painters/engine/token_tree.hpp>
#include <painters/error.hpp>
#include <painters/pipeline/cursor.hpp>
#include <painters/plan/application_graph.hpp>

namespace painters::engine {

/// A pass that is under way, as handlers see it.
struct RunningPass {
  std::size_t work;                    // the number of the PassWork that it is a part of
  std::span<const std::size_t> texts;  // by their numbers in the work
  const TokenTree& tree;               // where their tokens are; text i of it is texts[i]
  std::vector<std::size_t> rows;       // of the state that the texts ask for, ascending, each once

  /// The index in `rows` of the row for the token at `position` of texts[i]. Throws UsageError if
  /// that is not wanted.
  std::size_t place(std::size_t i, std::size_t position) const {
    const std::size_t row = tree.row(i, position);
    const auto at = std::lower_bound(rows.begin(), rows.end(), row);
    if (at == rows.end() || *at != row)
      throw UsageError("expected a token whose row the text asks for, found token " +
                       std::to_string(position) + " of text " + std::to_string(i) +
                       " of the pass: ask for more with PassText::rows");
    return static_cast<std::size_t>(at - rows.begin());
  }
};

/// A handler that takes whole states of a model.
template <class H, class Model>
concept HandlesStates = requires(H& handler, const RunningPass& pass, ApplicationGraph::StateId id,
                                 const typename Model::State& x) {
  handler.on_state(pass, id, x);
};

/// A handler that takes rows of states.
template <class H, class Model>
concept HandlesRows = requires(H& handler, const RunningPass& pass, ApplicationGraph::StateId id,
                               typename Model::Backend::ConstMatrix rows) {
  handler.on_rows(pass, id, rows);
};

/// A handler that makes the layer calls itself.
template <class H, class Model>
concept MakesCalls = requires(H& handler, const RunningPass& pass, ApplicationGraph::StateId id,
                              const CallSite& site, typename Model::State& x) {
  handler.apply(pass, id, site, x);
};

/// Whether H can be given to run_passes.
template <class H, class Model>
concept PassHandler = HandlesStates<H, Model>
!= HandlesRows<H, Model> && (MakesCalls<H, Model> || !requires { &H::apply; });

namespace detail {

/// Says what is wrong with a handler.
template <class H, class Model>
consteval bool require_handler() {
  static_assert(HandlesStates<H, Model> || HandlesRows<H, Model>,
                "painters: a handler of run_passes needs on_state(pass, id, x) or on_rows(pass, "
                "id, rows); pass_handler.hpp says with which types");
  static_assert(!(HandlesStates<H, Model> && HandlesRows<H, Model>),
                "painters: a handler of run_passes has on_state or on_rows, not both: take the "
                "rows that you need from the state");
  static_assert(
      MakesCalls<H, Model> || !requires { &H::apply; },
      "painters: run_passes calls a handler's apply as apply(pass, id, site, x): take these "
      "parameters, or give it another name");
  return PassHandler<H, Model>;
}

}  // namespace detail

}  // namespace painters::engine
