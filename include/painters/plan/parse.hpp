// Reads the text form of plans: "0..12, mean(13..19) x3, 20..31".
//
//   plan   = list
//   list   = item {"," item}
//   item   = what ["x" times] ["*" weight]          a weight only directly inside mean and sum
//   what   = layer [".." layer] ["." part]          13    0..12    19..13    0..12.ffn
//          | "(" list ")"                           a block
//          | "each" "(" list ")"                    "x" and "*" hold for each element by itself
//          | ("mean" | "sum") "(" list ")"          each item is a branch; a bare range is a branch
//                                                   for each layer
//          | "@" method ["(" argument {"," argument} ")"]    see method.hpp
//          | "none"                                 calls nothing
//   part   = name | "part" number                   the names are the layers' own, see
//                                                   part_names.hpp; attention, ffn without them
//
// Blanks between these words mean nothing. Any text is safe: it is read or refused with the column
// of the mistake.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string_view>
#include <vector>

#include <painters/plan/build.hpp>
#include <painters/plan/decimal.hpp>
#include <painters/plan/method.hpp>
#include <painters/plan/part_names.hpp>
#include <painters/plan/queries.hpp>
#include <painters/plan/scanner.hpp>
#include <painters/plan/sequence.hpp>
#include <painters/plan/validate.hpp>

namespace painters {

namespace plan_detail {

/// Every list is read into branch nodes, one for each item; whatever holds the list decides what
/// becomes of them.
class Parser {
 public:
  constexpr Parser(std::string_view text, std::size_t layers, const PartNames& names)
      : scan_(text), layers_(layers), names_(names) {}

  constexpr Plan parse() {
    const Plan plan = joined(list(false, 0));
    if (!scan_.at_end()) scan_.expected(PAINTERS_EXPECTED("',' or the end of the text"));
    validate(plan, layers_, 1);
    return plan;
  }

 private:
  /// What an item is decides what may follow it.
  enum class Form { one, range, each };

  constexpr Plan list(bool in_group, std::size_t nesting) {
    Plan items;
    do item(items, in_group, nesting);
    while (scan_.accept(','));
    return items;
  }

  constexpr Plan list_in_brackets(bool in_group, std::size_t nesting) {
    if (nesting == max_nesting)
      fail("brackets nest at most {} deep, found more", {max_nesting}, scan_.column());
    scan_.expect('(', PAINTERS_EXPECTED("'('"));
    if (in_group) require_branches(scan_.peek() != ')', scan_.column());
    const Plan items = list(in_group, nesting + 1);
    scan_.expect(')', PAINTERS_EXPECTED("',' or ')'"));
    return items;
  }

  constexpr void item(Plan& items, bool in_group, std::size_t nesting) {
    const std::size_t column = scan_.column();
    Form form = Form::one;
    open_ += items.size();
    Plan branches = what(form, nesting);
    open_ -= items.size();
    if (scan_.peek() == 'x') branches = repeated(branches, form);
    if (scan_.peek() == '*') {
      const float weight = read_weight(in_group, form);
      for (std::size_t i = 0; i < branches.size(); i += branches[i].size)
        branches[i].weight = weight;
    }
    if (form != Form::range) validate(joined(branches), layers_, column);
    require_nodes(open_ + items.size() + branches.size(), column);
    items.append(branches);
  }

  constexpr Plan what(Form& form, std::size_t nesting) {
    if (scan_.at_digit()) return range(form);
    if (scan_.peek() == '(') return as_branch(joined(list_in_brackets(false, nesting)));
    if (scan_.peek() == '@') return as_branch(read_method(scan_, layers_));
    const std::size_t column = scan_.column();
    const std::string_view word = scan_.word();
    if (word == "none") return as_branch(Plan());
    if (word == "each") {
      form = Form::each;
      return list_in_brackets(false, nesting);
    }
    if (word != "mean" && word != "sum")
      scan_.expected(PAINTERS_EXPECTED("a layer, a range such as 0..12, (...), each(...), "
                                       "mean(...), sum(...), @method or none"),
                     column);
    Plan group;
    append_group(group, word == "mean" ? NodeKind::mean : NodeKind::sum,
                 list_in_brackets(true, nesting));
    return as_branch(group);
  }

  constexpr Plan range(Form& form) {
    const std::size_t column = scan_.column();
    const std::uint64_t first = layer();
    std::uint64_t last = first;
    if (scan_.accept("..")) {
      form = Form::range;
      last = layer();
    }
    const bool has_part = scan_.accept('.');
    const std::size_t part_column = scan_.column();
    const std::string_view part = has_part ? scan_.word() : std::string_view();
    if (scan_.peek() == '.')
      fail("a part is named once, after the range: 13..19.attention", {}, scan_.column());
    require_nodes(open_ + 2 * (distance(first, last) + 1), column);
    Plan branches;
    for (std::uint64_t layer = first;; first < last ? ++layer : --layer) {
      const Node node = call_node(layer, has_part ? part_of(layer, part, part_column) : whole);
      append_branch(branches, 1.0f, PlanView(&node, 1));
      if (layer == last) return branches;
    }
  }

  constexpr std::uint64_t layer() {
    const std::size_t column = scan_.column();
    const std::uint64_t number = scan_.number(PAINTERS_EXPECTED("a layer number"));
    if (layers_ != any_depth) require_layer_inside(number, layers_, column);
    return require_layer_number(number, column);
  }

  /// The part of `layer` that is named by `word`, which stands at `column`.
  constexpr Part part_of(std::uint64_t layer, std::string_view word, std::size_t column) {
    const Part named = part_named(word, names_.of(layer));
    if (named != whole) return named;
    const std::uint64_t number = number_of(word);
    if (number == no_number) {
      const std::vector<char> text = wanted_part(layer);
      const std::string_view names(text.data(), text.size());
      if (has_usual_names(layer))
        scan_.expected(
            PAINTERS_EXPECTED_AS(names, "a part of a layer: attention, ffn or part and its number"),
            column);
      scan_.expected(
          PAINTERS_EXPECTED_AS(names, "a part that the layer names, or part and its number"),
          column);
    }
    if (number < 1 || number > std::numeric_limits<Part>::max())
      fail("the parts of a layer are numbered 1 to 255, found {}", {number}, column);
    return static_cast<Part>(number);
  }

  static constexpr std::uint64_t no_number = std::numeric_limits<std::uint64_t>::max();

  /// The 3 of part3.
  static constexpr std::uint64_t number_of(std::string_view word) {
    if (word.size() < 5 || word.size() > 7 || word.substr(0, 4) != "part") return no_number;
    std::uint64_t number = 0;
    for (const char c : word.substr(4)) {
      if (!is_digit(c)) return no_number;
      number = 10 * number + static_cast<std::uint64_t>(c - '0');
    }
    return number;
  }

  /// Those of the sentence in part_of.
  constexpr bool has_usual_names(std::uint64_t layer) const {
    static_assert(usual_part_names[0] == "attention" && usual_part_names[1] == "ffn");
    return names_.of(layer) == NameList(usual_part_names.data(), usual_part_names.size());
  }

  constexpr std::vector<char> wanted_part(std::uint64_t layer) const {
    std::vector<char> wanted;
    append_word(wanted, names_.differ() ? "a part of layer " : "a part of a layer");
    if (names_.differ()) append_number(wanted, layer);
    append_word(wanted, ": ");
    append_choice(wanted, names_.of(layer));
    return wanted;
  }

  constexpr Plan repeated(const Plan& branches, Form form) {
    const std::size_t column = scan_.column();
    scan_.expect('x', PAINTERS_EXPECTED("'x'"));
    if (form == Form::range)
      fail(
          "a range with x could mean two things: write (13..19) x3 to repeat the block, "
          "each(13..19) x3 for each layer",
          {}, column);
    const std::uint64_t times =
        require_times(scan_.number(PAINTERS_EXPECTED("how many times")), column);
    if (scan_.peek() == 'x') fail("a second x needs brackets: (13 x2) x3", {}, scan_.column());
    require_nodes(branches.size() + elements(branches), column);
    Plan out;
    for (std::size_t i = 0; i < branches.size(); i += branches[i].size) {
      Plan body;
      append_repeat(body, times, PlanView(branches).below(i));
      append_branch(out, 1.0f, body);
    }
    return out;
  }

  constexpr float read_weight(bool in_group, Form form) {
    const std::size_t column = scan_.column();
    scan_.expect('*', PAINTERS_EXPECTED("'*'"));
    if (!in_group)
      fail("a weight belongs to a branch of mean(...) or sum(...): a damped step is sum(13 * 0.5)",
           {}, column);
    if (form == Form::range)
      fail(
          "a range with a weight could mean two things: write (13..19) * 0.5 for one branch, "
          "each(13..19) * 0.5 for "
          "a branch for each layer",
          {}, column);
    return scan_.decimal();
  }

  static constexpr Plan as_branch(PlanView body) {
    Plan branch;
    append_branch(branch, 1.0f, body);
    return branch;
  }

  /// The bodies of the branches one after another.
  static constexpr Plan joined(PlanView branches) {
    Plan out;
    for (std::size_t i = 0; i < branches.size(); i = branches.next(i))
      out.append(branches.below(i));
    return out;
  }

  Scanner scan_;
  std::size_t layers_;
  const PartNames& names_;
  std::size_t open_ = 0;  // nodes of the lists around the one that is being read
};

}  // namespace plan_detail

/// The plan that `text` describes. With `layers`, the model's depth, layer numbers are checked
/// against it and the paper's methods use it; without it they need it as an argument,
/// @skip(start=12, layers=32). `names` are those of the parts, part_names(net) for a network. Fails
/// with UsageError; the sentence says the column, counted from 1, and what was expected.
constexpr Plan parse_plan(std::string_view text, std::size_t layers = any_depth,
                          const PartNames& names = {}) {
  return plan_detail::Parser(text, layers, names).parse();
}

}  // namespace painters
