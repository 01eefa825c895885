// The alphabet of plans: a plan is a flat, prefix-coded array of nodes.
//
//   call    one application of layer `value` (or of its part `part`)       size 1
//   repeat  the body that follows, `value` times in a row                  size 1 + body
//   mean    sum_i w_i f_i(h) / sum_i w_i of branches from the same state   size 1 + branches
//   sum     their updates are added: h + sum_i w_i (f_i(h) - h)            size 1 + branches
//   branch  one branch of the group before it; its body follows            size 1 + body
//
// The `value` of mean and sum is the number of branches; that of branch is 0. `size` counts the
// node itself and all nodes below it, so the next sibling of node i is node i + nodes[i].size. A
// body may be empty (a branch or a whole plan that calls nothing leaves the state as it is); a
// group has at least one branch. A branch of weight 0 adds nothing to its group, whatever its own
// result is: 0 times infinity is not added.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>

namespace painters {

/// What a node is, see the head of node.hpp.
enum class NodeKind : std::uint8_t { call, repeat, mean, sum, branch };

/// A part of a layer, by a number whose meaning is up to the layer, see part_names.hpp.
using Part = std::uint8_t;
inline constexpr Part whole = 0;  // the layer itself, for every layer

/// An element of the flat array, see the head of node.hpp.
struct Node {
  NodeKind kind = NodeKind::call;  // what it is
  Part part = whole;               // call: the part of the layer
  std::uint32_t value = 0;         // call: layer; repeat: times; mean, sum: branches
  std::uint32_t size = 1;          // nodes of this subtree, itself included
  float weight = 1.0f;             // branch: its weight

  friend constexpr bool operator==(const Node&, const Node&) = default;
  /// An order for sorting, by kind, part, value, size and weight. Weights are finite in plans that
  /// validate accepts; of two others neither need come first.
  friend constexpr std::weak_ordering operator<=>(const Node& a, const Node& b) {
    if (a.kind != b.kind) return a.kind <=> b.kind;
    if (a.part != b.part) return a.part <=> b.part;
    if (a.value != b.value) return a.value <=> b.value;
    if (a.size != b.size) return a.size <=> b.size;
    return a.weight < b.weight   ? std::weak_ordering::less
           : a.weight > b.weight ? std::weak_ordering::greater
                                 : std::weak_ordering::equivalent;
  }
};

/// A plan seen by code that does not care where its nodes live: valid as long as they do.
class PlanView {
 public:
  constexpr PlanView() = default;
  /// `size` nodes that follow one another.
  constexpr PlanView(const Node* nodes, std::size_t size) : nodes_(nodes), size_(size) {}

  /// The first node.
  constexpr const Node* data() const { return nodes_; }
  /// Nodes; elements(plan), calls(plan) and steps(plan) of queries.hpp count what people count.
  constexpr std::size_t size() const { return size_; }
  constexpr bool empty() const { return size_ == 0; }
  constexpr const Node& operator[](std::size_t i) const { return nodes_[i]; }

  /// What is below node i: the body of a repeat or branch, the branches of a group.
  constexpr PlanView below(std::size_t i) const { return {nodes_ + i + 1, nodes_[i].size - 1}; }
  /// Node i with everything below it.
  constexpr PlanView subtree(std::size_t i) const { return {nodes_ + i, nodes_[i].size}; }
  /// The index of the next sibling of node i.
  constexpr std::size_t next(std::size_t i) const { return i + nodes_[i].size; }

  /// Equal if all nodes are: plans that are written alike, so that `0, 1 x2` is not `0, 1, 1`;
  /// see equivalent().
  friend constexpr bool operator==(PlanView a, PlanView b) {
    if (a.size_ != b.size_) return false;
    for (std::size_t i = 0; i < a.size_; ++i)
      if (!(a.nodes_[i] == b.nodes_[i])) return false;
    return true;
  }
  /// An order for sorting and for keys, that of the first nodes that differ. It says nothing about
  /// what plans do.
  friend constexpr std::weak_ordering operator<=>(PlanView a, PlanView b) {
    for (std::size_t i = 0; i < a.size_ && i < b.size_; ++i)
      if (!(a.nodes_[i] == b.nodes_[i])) return a.nodes_[i] <=> b.nodes_[i];
    return a.size_ <=> b.size_;
  }

 private:
  const Node* nodes_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace painters
