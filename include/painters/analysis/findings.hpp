// The paper's findings, checked one by one on what was measured.
//
// Each is turned into one paired difference that is positive if the finding holds. Its 95 %
// interval decides: wholly above 0 agrees, wholly below 0 differs, else the documents are too few
// to tell.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include <painters/analysis/harm.hpp>
#include <painters/analysis/study.hpp>

namespace painters::analysis {

/// What the interval of a finding's difference says: above 0, below 0, around it, or there is none.
enum class Verdict { agrees, differs, undecided, not_judged };

/// In words, for the report and the files.
constexpr std::string_view text_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::agrees:
      return "agrees";
    case Verdict::differs:
      return "differs";
    case Verdict::undecided:
      return "not enough documents to tell";
    case Verdict::not_judged:
      return "not judged";
  }
  return "";
}

/// A finding of the paper and what became of it.
struct Finding {
  std::string claim;                      // the paper's, one sentence
  Verdict verdict = Verdict::not_judged;  // by the difference's interval
  std::string numbers;                    // what is behind the verdict, or why there is none
  std::optional<Estimate> difference;     // positive if the claim holds
};

/// "0.52 [0.40, 0.63]"
inline std::string text_of(double value, Interval interval) {
  const auto no_minus_zero = [](double x) { return std::abs(x) < 0.005 ? 0.0 : x; };
  return fmt::format("{:.2f} [{:.2f}, {:.2f}]", no_minus_zero(value), no_minus_zero(interval.lower),
                     no_minus_zero(interval.upper));
}
/// The same of its value and interval.
inline std::string text_of(const Estimate& estimate) {
  return text_of(estimate.value(), estimate.interval());
}

namespace detail {

inline Finding decide(std::string claim, const Estimate& difference, std::string numbers) {
  const Interval interval = difference.interval();
  const Verdict verdict = interval.lower > 0   ? Verdict::agrees
                          : interval.upper < 0 ? Verdict::differs
                                               : Verdict::undecided;
  return {std::move(claim), verdict, std::move(numbers), difference};
}

inline Finding not_judged(std::string claim,
                          std::string why = "Not all of its experiments are done.") {
  return {std::move(claim), Verdict::not_judged, std::move(why), {}};
}

/// A title in the middle of a sentence.
inline std::string lower_case(std::string_view title) {
  std::string text(title);
  if (!text.empty() && text[0] >= 'A' && text[0] <= 'Z')
    text[0] = static_cast<char>(text[0] - 'A' + 'a');
  return text;
}

/// Single layers: what the middle half keeps against what the two ends keep.
inline Finding ends_matter(const Study& study, Method method, std::string claim) {
  const auto t = study.task(single_layer_task);
  const std::size_t layers = study.source().layers;
  const std::size_t last = layers - (method == Method::skip_one ? 1 : 2);
  if (!t || !study.has_scale(*t))
    return not_judged(std::move(claim), "It needs LAMBADA with a full model above chance.");
  const auto scores = study.layers(method, *t);
  std::vector<Estimate> middle, ends;
  std::string costly;
  for (const auto& [layer, score] : scores) {
    if (layer == 0 || layer == last) ends.push_back(*score->normalised);
    if (layer >= layers / 4 && layer < layers - layers / 4) middle.push_back(*score->normalised);
    if (score->normalised->value() < 0.5)
      costly += (costly.empty() ? "" : ", ") + std::to_string(layer);
  }
  if (ends.size() < 2 || middle.empty()) return not_judged(std::move(claim));
  const Estimate kept = mean(middle);
  std::string numbers = fmt::format(
      "Changing one layer of {}..{} leaves {} of the full model's score on average; at layer {} "
      "{}, at layer {} {}. ",
      layers / 4, layers - layers / 4 - 1, text_of(kept), 0, text_of(ends.front()), last,
      text_of(ends.back()));
  numbers += costly.empty() ? "No layer costs more than half."
                            : "More than half is lost at: " + costly + ".";
  return decide(std::move(claim), kept - mean(ends), std::move(numbers));
}

/// `mild` keeps more than `harsh` over the compared windows.
inline Finding milder(const Curves& curves, Method mild, Method harsh, std::string claim) {
  if (curves.compared().empty()) return not_judged(std::move(claim));
  const Estimate a = curves.mean_median(mild, curves.compared());
  const Estimate b = curves.mean_median(harsh, curves.compared());
  return decide(
      std::move(claim), a - b,
      fmt::format("{} keeps {}, {} {}; the difference is {}.", text_of(mild).title, text_of(a),
                  lower_case(text_of(harsh).title), text_of(b), text_of(a - b)));
}

/// `method` is the worst (sign -1) or the best (+1) of all window methods: against whichever of the
/// others comes next, draw by draw.
inline Finding extreme(const Curves& curves, Method method, int sign, std::string claim) {
  if (curves.compared().empty()) return not_judged(std::move(claim));
  const Estimate own = curves.mean_median(method, curves.compared());
  std::vector<Estimate> others;
  for (Method other : window_methods)
    if (other != method) others.push_back(curves.mean_median(other, curves.compared()));
  const Estimate next = combine(others, [&](const std::vector<double>& scores) {
    return sign > 0 ? *std::max_element(scores.begin(), scores.end())
                    : *std::min_element(scores.begin(), scores.end());
  });
  return decide(std::move(claim), sign > 0 ? own - next : next - own,
                fmt::format("{} keeps {}; the {} of the others keeps {}.", text_of(method).title,
                            text_of(own), sign > 0 ? "mildest" : "most harmful", text_of(next)));
}

/// Large windows of middle repeat are within `near` of chance.
inline Finding falls_to_chance(const Study& study, const Curves& curves, std::string claim) {
  constexpr double near = 0.2;
  std::vector<std::size_t> large;
  for (std::size_t affected : curves.compared())
    if (2 * affected >= study.source().layers) large.push_back(affected);
  if (large.empty()) return not_judged(std::move(claim));
  const Estimate kept = curves.mean_median(Method::middle_repeat, large);
  return decide(
      std::move(claim), Estimate(near) - kept,
      fmt::format(
          "With half of the layers or more replaced by copies of the middle one, {} is left "
          "(counted as chance: below {:.1f}).",
          text_of(kept), near));
}

/// Around half of the layers in random order still beat chance.
inline Finding order_survives(const Study& study, const Curves& curves, std::string claim) {
  const Point* nearest = nullptr;
  const auto distance = [&](const Point& point) {
    const auto doubled = 2 * point.affected, layers = study.source().layers;
    return doubled > layers ? doubled - layers : layers - doubled;
  };
  for (const Point& point : curves.of(Method::random))
    if (point.median && (!nearest || distance(point) < distance(*nearest))) nearest = &point;
  if (!nearest || 4 * nearest->affected < study.source().layers)
    return not_judged(std::move(claim));
  return decide(std::move(claim), *nearest->median,
                fmt::format("With {} of {} layers in random order (mean of {} seeds) {} is left.",
                            nearest->affected, study.source().layers, nearest->seeds,
                            text_of(*nearest->median)));
}

/// Three loops over a single layer are worse than one, which is the full model.
inline Finding one_layer_looped(const Curves& curves, std::string claim) {
  const Point* looped = curves.at(Method::looped_parallel, 1);
  const Point* once = curves.at(Method::parallel, 1);
  if (!looped || !once || !looped->median || !once->median) return not_judged(std::move(claim));
  return decide(std::move(claim), *once->median - *looped->median,
                fmt::format("The middle layer three times: {}; once (the full model): {}.",
                            text_of(*looped->median), text_of(*once->median)));
}

/// ARC keeps less than HellaSwag and WinoGrande under skip, reverse and parallel.
inline Finding arc_falls_first(const Study& study, const Curves& curves, std::string claim) {
  const auto kept = [&](std::string_view prefix) {
    std::vector<Estimate> scores;
    for (std::size_t t = 0; t < study.tasks().size(); ++t)
      if (study.tasks()[t].task.starts_with(prefix) && study.has_scale(t))
        for (Method method : {Method::skip, Method::reverse, Method::parallel})
          for (std::size_t affected : curves.compared())
            scores.push_back(*curves.at(method, affected)->normalised[t]);
    return scores;
  };
  const std::vector<Estimate> fast = kept("arc"), hellaswag = kept("hellaswag"),
                              winogrande = kept("winogrande");
  if (fast.empty() || hellaswag.empty() || winogrande.empty())
    return not_judged(std::move(claim),
                      "It needs windows of five layers and more on these tasks, each with a full "
                      "model above chance.");
  const std::vector<Estimate> slow{mean(hellaswag), mean(winogrande)};
  return decide(std::move(claim), mean(slow) - mean(fast),
                fmt::format("Mean over these three methods: ARC {}, HellaSwag {}, WinoGrande {}.",
                            text_of(mean(fast)), text_of(slow[0]), text_of(slow[1])));
}

}  // namespace detail

/// In the order of the paper. Everything but single layers is about the median over tasks, averaged
/// over the windows of `smallest_compared_window` layers and more that all methods have done.
inline std::vector<Finding> findings(const Study& study, const Curves& curves) {
  using detail::milder, detail::extreme;
  return {
      detail::ends_matter(
          study, Method::skip_one,
          "Any one of the middle layers can be left out; the first and the last cannot."),
      detail::ends_matter(
          study, Method::switch_two,
          "Any two neighbours in the middle can change places; at the ends they cannot."),
      extreme(curves, Method::middle_repeat, -1,
              "Repeating the middle layer is the worst of all variants."),
      detail::falls_to_chance(study, curves, "Repeating the middle layer falls to chance."),
      milder(curves, Method::skip, Method::middle_repeat,
             "Leaving layers out is milder than replacing them by the middle one."),
      milder(curves, Method::parallel, Method::skip,
             "Running layers side by side is milder than leaving them out."),
      milder(curves, Method::reverse, Method::parallel,
             "Reversing layers is milder than running them side by side."),
      milder(curves, Method::random, Method::reverse,
             "Random order is milder than reversed order."),
      detail::order_survives(
          study, curves,
          "With half of the layers in random order the model is still better than chance."),
      milder(curves, Method::looped_parallel, Method::parallel,
             "Three loops of running layers side by side are milder than one."),
      detail::one_layer_looped(curves, "Only for a single layer one loop is better than three."),
      extreme(curves, Method::looped_parallel, +1,
              "Looped parallel is the mildest of all variants."),
      detail::arc_falls_first(
          study, curves,
          "Under skip, reverse and parallel ARC falls faster than HellaSwag and WinoGrande."),
  };
}

}  // namespace painters::analysis
