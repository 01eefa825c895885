// The paper's methods as this room names, orders and colours them, in the order of the paper's
// figures.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

namespace painters::analysis {

/// A window: consecutive layers around the model's middle.
enum class Method {
  baseline,        // the full model
  skip_one,        // one layer left out
  switch_two,      // two neighbours exchanged
  skip,            // a window left out
  middle_repeat,   // a window replaced by copies of the middle layer
  reverse,         // a window in reverse order
  random,          // a window in random order
  parallel,        // a window side by side, its outputs averaged
  looped_parallel  // the same, `loops` times over
};

/// What is said about a method wherever it is named.
struct MethodText {
  Method method;             // what the rest is about
  std::string_view name;     // in files: lower case, no spaces
  std::string_view title;    // for people
  int figure;                // the paper's figure, 0 for none
  std::string_view does;     // completes "The layers of the window are ..."
  std::string_view finding;  // what the paper's figure shows, one sentence
};

/// In the order of Method.
inline constexpr std::array<MethodText, 9> method_texts{{
    {Method::baseline, "baseline", "Full model", 0, "run as they are", ""},
    {Method::skip_one, "skip_one", "Skip one layer", 2, "",
     "Leaving out any one of the middle layers hardly matters; the first few and the last one are "
     "indispensable."},
    {Method::switch_two, "switch_two", "Switch two neighbours", 2, "",
     "Neighbouring middle layers can change places; the first few and the last cannot."},
    {Method::skip, "skip", "Skip", 4, "left out",
     "Scores fall gradually as more layers are left out."},
    {Method::middle_repeat, "middle_repeat", "Middle repeat", 5,
     "replaced by as many copies of the middle layer",
     "The worst of all variants: scores soon fall to chance, so the middle layers do differ."},
    {Method::reverse, "reverse", "Reverse", 6, "run in reverse order",
     "Layer order matters somewhat: scores fall gradually and stay above those of skipping."},
    {Method::random, "random", "Random order", 7, "run in random order (mean over the seeds)",
     "Milder than the reversed order."},
    {Method::parallel, "parallel", "Parallel", 8,
     "run side by side on the same input, and their outputs averaged",
     "Scores fall gradually on all of these tasks (in the paper not on GSM8K, which is not run "
     "here)."},
    {Method::looped_parallel, "looped_parallel", "Looped parallel, 3 times", 9,
     "run side by side and averaged, three times over",
     "Better than running them side by side once, and with random order the mildest of all "
     "variants."},
}};

/// What is said about the method.
constexpr const MethodText& text_of(Method method) {
  return method_texts[static_cast<std::size_t>(method)];
}

/// The methods that change a window of layers around the middle (figures 4 to 9 and 11).
inline constexpr std::array window_methods{Method::skip,     Method::middle_repeat,
                                           Method::reverse,  Method::random,
                                           Method::parallel, Method::looped_parallel};

/// The methods that change one or two single layers (figure 2).
inline constexpr std::array layer_methods{Method::skip_one, Method::switch_two};

/// Whether it is one of window_methods.
constexpr bool changes_window(Method method) { return method >= Method::skip; }

}  // namespace painters::analysis
