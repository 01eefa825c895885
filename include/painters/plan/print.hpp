// Writes the text of a plan, canonical and short; parse.hpp reads it back as the same plan.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <painters/plan/decimal.hpp>
#include <painters/plan/part_names.hpp>
#include <painters/plan/plan.hpp>

namespace painters {

namespace plan_detail {

/// A member of a list: an element of a sequence or the body of a branch with its weight.
struct Item {
  PlanView body;
  float weight = 1.0f;

  constexpr bool is_element() const { return !body.empty() && body[0].size == body.size(); }
  constexpr bool is_repeat() const { return is_element() && body[0].kind == NodeKind::repeat; }
  /// A single call, or a loop over one: what can be a member of a range.
  constexpr bool is_plain() const {
    return is_element() && body[body.size() - 1].kind == NodeKind::call &&
           body.size() == (is_repeat() ? 2 : 1);
  }
  constexpr const Node& call() const { return body[body.size() - 1]; }
  constexpr std::uint32_t times() const { return is_repeat() ? body[0].value : 0; }
};

/// Shorter runs of layers are written out.
inline constexpr std::size_t shortest_range = 3;

class Printer {
 public:
  constexpr explicit Printer(const PartNames& names) : names_(names) {}

  constexpr std::vector<char> print(PlanView plan) {
    sequence(plan);
    return out_;
  }

 private:
  constexpr void sequence(PlanView plan) {
    if (plan.empty()) return append_word(out_, "none");
    std::vector<Item> items;
    for (std::size_t i = 0; i < plan.size(); i = plan.next(i)) items.push_back({plan.subtree(i)});
    list(items);
  }

  constexpr void group(PlanView group) {
    append_word(out_, group[0].kind == NodeKind::mean ? "mean(" : "sum(");
    std::vector<Item> items;
    const PlanView branches = group.below(0);
    for (std::size_t i = 0; i < branches.size(); i = branches.next(i))
      items.push_back({branches.below(i), branches[i].weight});
    list(items);
    out_.push_back(')');
  }

  constexpr void list(const std::vector<Item>& items) {
    for (std::size_t i = 0; i < items.size();) {
      if (i > 0) append_word(out_, ", ");
      const std::size_t length = run_length(items, i);
      if (length < shortest_range) {
        item(items[i]);
        ++i;
      } else {
        range(items[i], items[i + length - 1]);
        i += length;
      }
    }
  }

  constexpr bool alike(const Item& a, const Item& b) const {
    return a.is_plain() && b.is_plain() && a.times() == b.times() && a.weight == b.weight &&
           a.call().part == b.call().part && same_part_name(a.call(), b.call());
  }

  /// For calls of one part: whether both layers call it by the same name.
  constexpr bool same_part_name(const Node& a, const Node& b) const {
    if (a.part == whole || !names_.differ()) return true;
    std::vector<char> of_a, of_b;
    append_part(of_a, names_.of(a.value), a.part);
    append_part(of_b, names_.of(b.value), b.part);
    return of_a == of_b;
  }

  /// How many items from `begin` on are alike and call layers that go up, or down, by one.
  constexpr std::size_t run_length(const std::vector<Item>& items, std::size_t begin) const {
    std::size_t end = begin + 1;
    if (end == items.size() || !alike(items[begin], items[end])) return 1;
    const std::uint32_t step = items[end].call().value - items[begin].call().value;
    if (step != 1 && step != std::uint32_t(-1)) return 1;
    while (end < items.size() && alike(items[begin], items[end]) &&
           items[end].call().value - items[end - 1].call().value == step)
      ++end;
    return end - begin;
  }

  constexpr void range(const Item& first, const Item& last) {
    const bool each = first.times() > 0 || first.weight != 1.0f;
    if (each) append_word(out_, "each(");
    append_number(out_, first.call().value);
    append_word(out_, "..");
    call(last.call());
    if (each) out_.push_back(')');
    times(first.times());
    weight(first.weight);
  }

  constexpr void item(const Item& item) {
    if (item.is_element())
      element(item.body);
    else
      block(item.body);
    weight(item.weight);
  }

  constexpr void element(PlanView element) {
    switch (element[0].kind) {
      case NodeKind::call:
        return call(element[0]);
      case NodeKind::repeat: {
        const PlanView body = element.below(0);
        const bool bare = Item{body}.is_element() && body[0].kind != NodeKind::repeat;
        bare ? this->element(body) : block(body);
        return times(element[0].value);
      }
      case NodeKind::mean:
      case NodeKind::sum:
        return group(element);
      case NodeKind::branch:
        break;
    }
  }

  constexpr void block(PlanView body) {
    if (body.empty()) return append_word(out_, "none");
    out_.push_back('(');
    sequence(body);
    out_.push_back(')');
  }

  constexpr void call(const Node& node) {
    append_number(out_, node.value);
    if (node.part == whole) return;
    out_.push_back('.');
    append_part(out_, names_.of(node.value), node.part);
  }

  constexpr void times(std::uint32_t times) {
    if (times == 0) return;
    append_word(out_, " x");
    append_number(out_, times);
  }

  constexpr void weight(float weight) {
    if (weight == 1.0f) return;
    append_word(out_, " * ");
    append_float(out_, weight);
  }

  const PartNames& names_;
  std::vector<char> out_;
};

template <std::size_t Size>
struct PrintedText {
  std::array<char, Size> characters{};

  constexpr operator std::string_view() const { return {characters.data(), Size}; }
};

constexpr std::vector<char> printed(PlanView plan, const PartNames& names = {}) {
  return Printer(names).print(plan);
}
constexpr std::size_t printed_size(PlanView plan) { return printed(plan).size(); }

}  // namespace plan_detail

/// The text form of `plan`, a plan that validate accepts. With the names of a network's parts it is
/// the text that parse_plan reads with these names.
inline std::string to_string(PlanView plan, const PartNames& names = {}) {
  const std::vector<char> text = plan_detail::printed(plan, names);
  return {text.begin(), text.end()};
}

/// The text form of a plan that is known at compile time; converts to std::string_view.
template <auto plan>
requires StaticPlanLike<decltype(plan)>
inline constexpr auto text_of = [] {
  plan_detail::PrintedText<plan_detail::printed_size(plan)> text;
  const std::vector<char> printed = plan_detail::printed(plan);
  for (std::size_t i = 0; i < printed.size(); ++i) text.characters[i] = printed[i];
  return text;
}();

}  // namespace painters
