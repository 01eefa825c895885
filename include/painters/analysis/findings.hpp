// The paper's findings, checked one by one on what was measured.
//
// Each finding becomes one paired difference that is positive if the finding holds. The
// difference's 95 % interval decides: above 0 the model agrees with the paper, below 0 it differs,
// and around 0 there are too few documents to tell.
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
#include <painters/analysis/variant.hpp>
#include <painters/tasks/tasks.hpp>

namespace painters::analysis {

/// What the interval of a finding's difference says: above 0, below 0, around it, or there is none.
enum class Verdict { agrees, differs, undecided, not_judged };

/// The verdict in words.
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
  std::string numbers;                    // what the verdict rests on, or why there is none
  std::optional<Estimate> difference;     // positive if the claim holds
};

/// "0.52 [0.40, 0.63]"
inline std::string text_of(double value, Interval interval) {
  const auto no_minus_zero = [](double x) { return std::abs(x) < 0.005 ? 0.0 : x; };
  return fmt::format("{:.2f} [{:.2f}, {:.2f}]", no_minus_zero(value), no_minus_zero(interval.lower),
                     no_minus_zero(interval.upper));
}
/// The same for an estimate.
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

/// Single layers: those of the middle half keep more than the two at the ends.
inline Finding ends_matter(const Study& study, Variant variant, std::string claim) {
  const auto t = study.task(single_layer_task.name);
  const std::size_t layers = study.source().layers;
  const std::size_t last = layers - about(variant).affected;
  if (!t || !study.has_scale(*t))
    return not_judged(std::move(claim), fmt::format("It needs {} with a full model above chance.",
                                                    single_layer_task.title));
  const auto scores = study.layers(variant, *t);
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

/// Over the compared windows `mild` keeps more than `harsh`.
inline Finding milder(const Curves& curves, Variant mild, Variant harsh, std::string claim) {
  if (curves.compared().empty()) return not_judged(std::move(claim));
  const Estimate a = curves.mean_median(mild, curves.compared());
  const Estimate b = curves.mean_median(harsh, curves.compared());
  return decide(
      std::move(claim), a - b,
      fmt::format("{} keeps {}, {} {}; the difference is {}.", about(mild).title, text_of(a),
                  lower_case(about(harsh).title), text_of(b), text_of(a - b)));
}

/// The variant is the worst (sign -1) or the best (+1) of all window variants: it is compared with
/// whichever of the others comes next, draw by draw.
inline Finding extreme(const Curves& curves, Variant variant, int sign, std::string claim) {
  if (curves.compared().empty()) return not_judged(std::move(claim));
  const Estimate own = curves.mean_median(variant, curves.compared());
  std::vector<Estimate> others;
  for (Variant other : window_variants)
    if (other != variant) others.push_back(curves.mean_median(other, curves.compared()));
  const Estimate next = combine(others, [&](const std::vector<double>& scores) {
    return sign > 0 ? *std::max_element(scores.begin(), scores.end())
                    : *std::min_element(scores.begin(), scores.end());
  });
  return decide(std::move(claim), sign > 0 ? own - next : next - own,
                fmt::format("{} keeps {}; the {} of the others keeps {}.", about(variant).title,
                            text_of(own), sign > 0 ? "mildest" : "most harmful", text_of(next)));
}

/// Middle repeat of large windows leaves hardly more than chance.
inline Finding falls_to_chance(const Study& study, const Curves& curves, std::string claim) {
  constexpr double near = 0.2;
  std::vector<std::size_t> large;
  for (std::size_t affected : curves.compared())
    if (2 * affected >= study.source().layers) large.push_back(affected);
  if (large.empty()) return not_judged(std::move(claim));
  const Estimate kept = curves.mean_median(Variant::middle_repeat, large);
  return decide(
      std::move(claim), Estimate(near) - kept,
      fmt::format(
          "With half of the layers or more replaced by copies of the middle one, {} is left "
          "(counted as chance: below {:.1f}).",
          text_of(kept), near));
}

/// With around half of its layers in random order the model still beats chance.
inline Finding order_survives(const Study& study, const Curves& curves, std::string claim) {
  const Point* nearest = nullptr;
  const auto distance = [&](const Point& point) {
    const auto doubled = 2 * point.affected, layers = study.source().layers;
    return doubled > layers ? doubled - layers : layers - doubled;
  };
  for (const Point& point : curves.of(Variant::random))
    if (point.median && (!nearest || distance(point) < distance(*nearest))) nearest = &point;
  if (!nearest || 4 * nearest->affected < study.source().layers)
    return not_judged(std::move(claim));
  return decide(std::move(claim), *nearest->median,
                fmt::format("With {} of {} layers in random order (mean of {} seeds) {} is left.",
                            nearest->affected, study.source().layers, nearest->seeds,
                            text_of(*nearest->median)));
}

/// Running the single middle layer three times is worse than once, which is the full model.
inline Finding one_layer_looped(const Curves& curves, std::string claim) {
  const Point* looped = curves.at(Variant::looped_parallel, 1);
  const Point* once = curves.at(Variant::parallel, 1);
  if (!looped || !once || !looped->median || !once->median) return not_judged(std::move(claim));
  return decide(std::move(claim), *once->median - *looped->median,
                fmt::format("The middle layer three times: {}; once (the full model): {}.",
                            text_of(*looped->median), text_of(*once->median)));
}

/// ARC keeps less than HellaSwag and WinoGrande under skip, reverse and parallel.
inline Finding arc_falls_first(const Study& study, const Curves& curves, std::string claim) {
  const auto kept = [&](const tasks::Task& wanted) {
    std::vector<Estimate> scores;
    for (std::size_t t = 0; t < study.tasks().size(); ++t)
      if (const tasks::Task* task = tasks::find_task(study.tasks()[t].task);
          task && task->data_set == wanted.data_set && study.has_scale(t))
        for (Variant variant : {Variant::skip, Variant::reverse, Variant::parallel})
          for (std::size_t affected : curves.compared())
            scores.push_back(*curves.at(variant, affected)->normalised[t]);
    return scores;
  };
  const std::vector<Estimate> fast = kept(tasks::arc_challenge), hellaswag = kept(tasks::hellaswag),
                              winogrande = kept(tasks::winogrande);
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

/// All findings, in the order of the paper. Those about windows rest on the median over tasks,
/// averaged over the windows of `smallest_compared_window` layers and more that all variants have
/// done.
inline std::vector<Finding> findings(const Study& study, const Curves& curves) {
  using detail::milder, detail::extreme;
  return {
      detail::ends_matter(
          study, Variant::skip_one,
          "Any one of the middle layers can be left out; the first and the last cannot."),
      detail::ends_matter(
          study, Variant::switch_two,
          "Any two neighbours in the middle can change places; at the ends they cannot."),
      extreme(curves, Variant::middle_repeat, -1,
              "Repeating the middle layer is the worst of all variants."),
      detail::falls_to_chance(study, curves, "Repeating the middle layer falls to chance."),
      milder(curves, Variant::skip, Variant::middle_repeat,
             "Leaving layers out is milder than replacing them by the middle one."),
      milder(curves, Variant::parallel, Variant::skip,
             "Running layers side by side is milder than leaving them out."),
      milder(curves, Variant::reverse, Variant::parallel,
             "Reversing layers is milder than running them side by side."),
      milder(curves, Variant::random, Variant::reverse,
             "Random order is milder than reversed order."),
      detail::order_survives(
          study, curves,
          "With half of the layers in random order the model is still better than chance."),
      milder(curves, Variant::looped_parallel, Variant::parallel,
             "Three loops of running layers side by side are milder than one."),
      detail::one_layer_looped(curves, "Only for a single layer one loop is better than three."),
      extreme(curves, Variant::looped_parallel, +1,
              "Looped parallel is the mildest of all variants."),
      detail::arc_falls_first(
          study, curves,
          "Under skip, reverse and parallel ARC falls faster than HellaSwag and WinoGrande."),
  };
}

}  // namespace painters::analysis
