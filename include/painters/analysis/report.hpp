// The report: one page of HTML that needs nothing else, no network and no scripts.
#pragma once

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include <painters/analysis/figures.hpp>
#include <painters/analysis/findings.hpp>
#include <painters/analysis/harm.hpp>
#include <painters/analysis/html.hpp>
#include <painters/analysis/report_tables.hpp>
#include <painters/analysis/study.hpp>

namespace painters::analysis {

/// What the page says beside the numbers.
struct ReportText {
  std::string command;  // that makes this report again, and finishes it if it was interrupted
  std::string setting;  // what was left out of the paper's experiments, a sentence; empty for nothing
  std::string data;     // which data, a sentence
};

namespace detail {

inline std::string_view css_class(Verdict verdict) {
  switch (verdict) {
    case Verdict::agrees: return "agrees";
    case Verdict::differs: return "differs";
    case Verdict::undecided: return "undecided";
    case Verdict::not_run: return "not_run";
  }
  return "";
}

inline std::string facts(const Study& study) {
  const Source& source = study.source();
  std::string data;
  for (const DataSet& set : study.tasks())
    data += fmt::format("{}{} ({} documents)", data.empty() ? "" : ", ", task_title(set.task), set.documents);
  double seconds = 0;
  std::vector<std::string> counted;
  for_each_score(study, [&](const Experiment& experiment, std::size_t t, const Score& score) {
    std::string key = study.tasks()[t].task + ' ' + experiment.plan;  // experiments may share a plan
    if (std::find(counted.begin(), counted.end(), key) != counted.end()) return;
    counted.push_back(std::move(key));
    seconds += score.seconds;
  });
  return fmt::format(
      "<dl class=facts><dt>Model<dd>{}, {} layers<dt>Precision<dd>{}<dt>Tasks<dd>{}<dt>Experiments<dd>{} of {} done"
      "<dt>Computed in<dd>{:.0f} minutes with {} threads, {}<dt>Program<dd>painters {}</dl>\n",
      escape_html(source.model), source.layers, escape_html(source.precision), escape_html(data), study.done(),
      study.experiments().size(), seconds / 60, source.threads, escape_html(source.backend),
      escape_html(source.version));
}

/// The bars: how much of the full model each method leaves.
inline std::string harm_chart(const std::vector<Harm>& order) {
  const auto percent = [](double x) { return 100 * std::clamp(x, 0.0, 1.0); };
  std::string html = "<div class=harm>\n";
  for (const Harm& harm : order) {
    const Interval interval = harm.score.interval();
    html += fmt::format(
        "<span>{}</span><span class=track><i style=\"width:{:.1f}%\"></i><b style=\"left:{:.1f}%;width:{:.1f}%\"></b></span>"
        "<span class=value>{}</span>\n",
        text_of(harm.method).title, percent(harm.score.value()), percent(interval.lower),
        percent(interval.upper) - percent(interval.lower), html_estimate(harm.score));
  }
  return html + "</div>\n";
}

inline std::string answer(const Curves& curves, const std::vector<Finding>& findings) {
  const std::vector<Harm> order = curves.order_of_harm();
  const auto count = [&](Verdict verdict) {
    return std::count_if(findings.begin(), findings.end(), [&](const Finding& f) { return f.verdict == verdict; });
  };
  std::string html = "<h2>What was found</h2>\n";
  if (order.empty()) {
    html += "<p class=answer>There is no order of harm yet: it needs a window of at least five layers on which every "
            "variant has been run.</p>\n";
  } else {
    std::string names;
    for (std::size_t i = 0; i < order.size(); ++i)
      names += (i == 0 ? "" : i + 1 == order.size() ? " and " : ", ") + lower_case(text_of(order[i].method).title);
    html += fmt::format(
        "<p class=answer><strong>The order of harm on this model is</strong>, from the worst to the mildest: {}.</p>\n"
        "<p>The paper's order on Llama-2-7B is middle repeat, skip, parallel, reverse, random order, looped parallel. "
        "The bars show how much of the full model is left (0 is chance, 1 the full model): the median over the tasks, "
        "averaged over the windows of {} to {} layers, with its 95 % interval.</p>\n{}",
        names, curves.compared().front(), curves.compared().back(), harm_chart(order));
  }
  html += fmt::format("<h2>The paper's findings, one by one</h2>\n<p>Of {} findings {} agree, {} differ, for {} there are "
                      "not enough documents to tell", findings.size(), count(Verdict::agrees), count(Verdict::differs),
                      count(Verdict::undecided));
  html += count(Verdict::not_run) > 0 ? fmt::format(", {} are not run yet.</p>\n", count(Verdict::not_run)) : ".</p>\n";
  html += "<ol class=findings>\n";
  for (const Finding& finding : findings)
    html += fmt::format("<li><span class=\"verdict {}\">{}</span><span>{}</span><small>{}</small></li>\n",
                        css_class(finding.verdict), text_of(finding.verdict), escape_html(finding.claim),
                        escape_html(finding.numbers));
  return html + "</ol>\n";
}

/// What a curve shows here, in words.
inline std::string seen(const Study& study, const Curves& curves, Method method) {
  std::vector<const Point*> points;
  for (const Point& point : curves.of(method))
    if (point.median) points.push_back(&point);
  if (points.empty()) return "Here: not complete yet.";
  std::string text = fmt::format("Here: the median is {} with {} affected layers and {} with {}", text_of(*points.front()->median),
                                 points.front()->affected, text_of(*points.back()->median), points.back()->affected);
  const auto half = std::find_if(points.begin(), points.end(), [](const Point* p) { return p->median->value() < 0.5; });
  text += half == points.end() ? "; it stays above one half" : fmt::format("; it is below one half from {} layers on", (*half)->affected);
  std::string low, high;
  double lowest = 0, highest = 0;
  for (std::size_t t = 0; t < study.tasks().size(); ++t) {
    if (!study.has_scale(t)) continue;
    double sum = 0;
    for (const Point* point : points) sum += point->normalised[t]->value();
    if (low.empty() || sum < lowest) low = task_title(study.tasks()[t].task), lowest = sum;
    if (high.empty() || sum > highest) high = task_title(study.tasks()[t].task), highest = sum;
  }
  return text + (low != high ? ". " + low + " falls most, " + high + " least." : ".");
}

inline std::string caption(const Study& study, const Curves& curves, int number) {
  if (number == 2)
    return "In the paper: one layer in the middle can be left out or change places with its neighbour at little cost; "
           "the first few and the last cannot. The bands are 95 % intervals.";
  if (number == 11)
    return "In the paper, from the worst to the mildest: middle repeat, skip, parallel, reverse, random order, looped "
           "parallel. Points are set side by side so that their 95 % intervals can be seen.";
  for (Method method : window_methods)
    if (text_of(method).figure == number)
      return fmt::format("The layers of the window are {}. In the paper: {} {}", text_of(method).does,
                         text_of(method).finding, seen(study, curves, method));
  return "";
}

inline std::string figure_section(const Study& study, const Curves& curves, const std::vector<Figure>& figures,
                                  const std::filesystem::path& folder, bool drawn) {
  std::string html = "<h2>Figures</h2>\n";
  if (!drawn)
    html += "<p class=note>gnuplot is not installed, so there are no pictures. Their data and scripts are in the folder "
            "<code>figures</code>; after installing gnuplot the command at the end of this page draws them.</p>\n";
  for (const Figure& figure : figures) {
    const std::string svg = drawn ? inline_svg(folder / (figure.name() + ".svg"), figure.title) : "";
    if (svg.empty()) continue;
    html += fmt::format("<figure id={}><div class=scroll>{}</div><figcaption>{}</figcaption></figure>\n", figure.name(), svg,
                        escape_html(caption(study, curves, figure.number)));
  }
  return html;
}

inline std::string method_section(const Study& study, const ReportText& text) {
  const std::size_t layers = study.source().layers;
  std::string html = fmt::format(
      "<h2>How it was done</h2>\n"
      "<p>The experiments are those of “Transformer Layers as Painters” (Sun, Pickett, Nain and Jones, "
      "arXiv 2407.09298). A window of M = {0} − 2s − 1 layers around the middle is changed, for start layers s; the first s + 1 "
      "and the last s layers run as they are. Nothing is trained or rescaled.</p>\n"
      "<p>Prompts and scoring follow lm-evaluation-harness: zero-shot, summed log-likelihoods, no token before the text. "
      "The normalised score is (accuracy − chance) / (accuracy of the full model − chance). The paper does not say "
      "whether its accuracies are per character; here they are not, and both are in the tables.</p>\n"
      "<p>Intervals cover 95 %. Those of accuracies are Wilson's; all others come from {1} resamples of the documents, the "
      "same for every plan, so that differences between plans are paired. They say how far the numbers depend on the "
      "documents, not on the seeds of the random orders. Of {2} findings judged at this level one may be wrong by chance.</p>\n",
      layers, replicates, 13);
  html += "<p>" + escape_html(text.data) + "</p>\n";
  html += "<h2>How to get it again</h2>\n<p>This command makes the report, and continues where an interrupted run ended:</p>\n<pre><code>" +
          escape_html(text.command) + "</code></pre>\n" +
          "<p>Beside this page: <code>results.jsonl</code> (every result as it was made), <code>summary.csv</code>, "
          "<code>summary.json</code>, <code>documents.csv</code>, and <code>figures</code> with pictures (SVG, PNG), data and scripts.</p>\n";
  return html;
}

inline std::string caveats(const Study& study, const ReportText& text) {
  std::string items;
  const auto item = [&](const std::string& sentence) { items += "<li>" + escape_html(sentence) + "</li>\n"; };
  for (std::size_t t = 0; t < study.tasks().size(); ++t)
    if (study.full(t) && !study.has_scale(t))
      item(fmt::format("On {} the full model is not clearly above chance ({}), so it has no normalised score and is left "
                       "out of the medians.",
                       task_title(study.tasks()[t].task), text_of(study.full(t)->accuracy)));
  if (!text.setting.empty()) item(text.setting);
  item("The paper's models have 7 to 70 billion parameters and were tested on other or larger data; that a finding differs "
       "here does not contradict the paper.");
  item("Not run: GSM8K, BERT on GLUE, and the figures of hidden states, of the number of loops, of model sizes and of fine-tuning. "
       "The paper's remark on the speed of running layers side by side is not tested.");
  return "<h2>What to keep in mind</h2>\n<ul>\n" + items + "</ul>\n";
}

}  // namespace detail

/// The page. `folder` has the figures if `drawn`.
inline std::string report_html(const Study& study, const Curves& curves, const std::vector<Finding>& findings,
                               const std::vector<Figure>& figures, const std::filesystem::path& folder, bool drawn,
                               const ReportText& text) {
  const std::string title = escape_html("Layers as painters: " + study.source().model);
  const std::size_t done = study.done(), all = study.experiments().size();
  std::string html = fmt::format(
      "<!doctype html>\n<html lang=en>\n<head>\n<meta charset=utf-8>\n<meta name=viewport content=\"width=device-width, initial-scale=1\">\n"
      "<title>{0}</title>\n<style>{1}</style>\n</head>\n<body>\n<main>\n<h1>{0}</h1>\n"
      "<p class=lead>What happens to a language model whose middle layers are skipped, repeated, reversed, shuffled or run "
      "side by side?</p>\n",
      title, report_style);
  html += detail::facts(study);
  if (done < all)
    html += fmt::format("<p class=note>{} of {} experiments are done. What is here is made of those; the command at the end of "
                        "this page does the rest.</p>\n", done, all);
  html += detail::answer(curves, findings);
  html += detail::figure_section(study, curves, figures, folder, drawn);
  html += "<h2>Scores</h2>\n" + detail::full_model_table(study);
  for (const MethodText& method : method_texts)
    if (method.method != Method::baseline) html += detail::method_tables(study, curves, method.method);
  html += detail::caveats(study, text);
  html += detail::method_section(study, text);
  return html + "</main>\n</body>\n</html>\n";
}

}  // namespace painters::analysis
