// The paper's methods as the report tells them apart, in the order of the paper's figures. Names,
// arguments and plans are those of plan/paper_methods.hpp; here is what is said about them.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include <painters/plan/paper_lists.hpp>
#include <painters/plan/paper_methods.hpp>

namespace painters::analysis {

/// A method with its repeats fixed, so that only place and seed are left to choose. A window:
/// consecutive layers around the model's middle.
enum class Variant {
  baseline,        // the full model
  skip_one,        // one layer left out
  switch_two,      // two neighbours exchanged
  skip,            // a window left out
  middle_repeat,   // a window replaced by copies of the middle layer
  reverse,         // a window in reverse order
  random,          // a window in random order
  parallel,        // a window side by side, its outputs averaged
  looped_parallel  // the same three times over
};

/// What is said about a variant wherever it is named.
struct VariantRow {
  Variant variant;           // what the rest is about
  const PlanList* list;      // its plans; null for the full model
  std::string_view title;    // for people
  int figure;                // the paper's figure, 0 for none
  std::size_t affected;      // layers that it changes, 0 for those of a window
  std::string_view does;     // completes "The layers of the window are ..."
  std::string_view finding;  // what the paper's figure shows, one sentence
  std::string_view alias;    // its name in files, if not that of the method

  /// Whether nothing is changed. Not asked of `list`: under its sanitizers g++ does not accept a
  /// comparison with nullptr in a constant.
  constexpr bool is_full_model() const { return variant == Variant::baseline; }
  /// The method that it runs.
  constexpr const paper::Method& method() const {
    return is_full_model() ? paper::method_named("baseline") : *list->method;
  }
  /// In files: lower case, no spaces.
  constexpr std::string_view name() const { return alias.empty() ? method().name : alias; }
  /// Whether the method changes a window, not one or two layers by themselves.
  constexpr bool changes_window() const {
    return method().arguments[0].name == paper::arguments::start.name;
  }
  /// Whether every window is run with several seeds, over which curves average.
  constexpr bool has_seeds() const {
    return !is_full_model() && !list->second &&
           method().arguments[1].name == paper::arguments::seed.name;
  }
  /// The values of the method's arguments; only a variant with seeds looks at `seed`.
  constexpr paper::Values values(std::uint64_t start, std::uint64_t seed) const {
    return {start, has_seeds() ? seed : is_full_model() ? 0 : list->second.value_or(0)};
  }
};

/// In the order of Variant.
inline constexpr auto variants = std::to_array<VariantRow>({
    {Variant::baseline, nullptr, "Full model", 0, 0, "run as they are", "", ""},
    {Variant::skip_one, &plan_list_named("skip-one"), "Skip one layer", 2, 1, "",
     "Leaving out any one of the middle layers hardly matters; the first few and the last one are "
     "indispensable.",
     ""},
    {Variant::switch_two, &plan_list_named("switch-two"), "Switch two neighbours", 2, 2, "",
     "Neighbouring middle layers can change places; the first few and the last cannot.", ""},
    {Variant::skip, &plan_list_named("skip-windows"), "Skip", 4, 0, "left out",
     "Scores fall gradually as more layers are left out.", ""},
    {Variant::middle_repeat, &plan_list_named("middle-repeat-windows"), "Middle repeat", 5, 0,
     "replaced by as many copies of the middle layer",
     "The worst of all variants: scores soon fall to chance, so the middle layers do differ.", ""},
    {Variant::reverse, &plan_list_named("reverse-windows"), "Reverse", 6, 0, "run in reverse order",
     "Layer order matters somewhat: scores fall gradually and stay above those of skipping.", ""},
    {Variant::random, &plan_list_named("random-windows"), "Random order", 7, 0,
     "run in random order (mean over the seeds)", "Milder than the reversed order.", ""},
    {Variant::parallel, &plan_list_named("parallel-windows"), "Parallel", 8, 0,
     "run side by side on the same input, and their outputs averaged",
     "Scores fall gradually on all of these tasks (in the paper not on GSM8K, which is not run "
     "here).",
     "parallel"},
    {Variant::looped_parallel, &plan_list_named("looped-parallel-windows"),
     "Looped parallel, 3 times", 9, 0, "run side by side and averaged, three times over",
     "Better than running them side by side once, and with random order the mildest of all "
     "variants.",
     ""},
});

/// What is said about the variant.
constexpr const VariantRow& about(Variant variant) {
  return variants[static_cast<std::size_t>(variant)];
}
static_assert(std::all_of(variants.begin(), variants.end(),
                          [](const VariantRow& row) {
                            return about(row.variant).title == row.title;
                          }),
              "painters: the rows of variants are in the order of Variant");

namespace detail {

constexpr std::size_t windows_count = static_cast<std::size_t>(std::count_if(
    variants.begin(), variants.end(), [](const VariantRow& row) { return row.changes_window(); }));
constexpr std::size_t singles_count = variants.size() - windows_count - 1;

/// Those of `Count` variants that change windows, or those that change single layers.
template <std::size_t Count>
constexpr std::array<Variant, Count> chosen(bool windows) {
  std::array<Variant, Count> list{};
  std::size_t found = 0;
  for (const VariantRow& row : variants)
    if (!row.is_full_model() && row.changes_window() == windows) list[found++] = row.variant;
  return list;
}

}  // namespace detail

/// The variants that change a window of layers around the middle (figures 4 to 9 and 11).
inline constexpr auto window_variants = detail::chosen<detail::windows_count>(true);

/// The variants that change one or two single layers (figure 2).
inline constexpr auto layer_variants = detail::chosen<detail::singles_count>(false);

/// What the paper found on Llama-2-7B, from the worst to the mildest.
inline constexpr std::string_view paper_order_of_harm =
    "middle repeat, skip, parallel, reverse, random order, looped parallel";

}  // namespace painters::analysis
