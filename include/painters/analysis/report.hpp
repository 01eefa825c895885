// The report: one page of HTML that needs nothing else, no network and no scripts.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include <fmt/format.h>

#include <painters/analysis/figures.hpp>
#include <painters/analysis/findings.hpp>
#include <painters/analysis/harm.hpp>
#include <painters/analysis/html.hpp>
#include <painters/analysis/report_answer.hpp>
#include <painters/analysis/report_figures.hpp>
#include <painters/analysis/report_tables.hpp>
#include <painters/analysis/report_text.hpp>
#include <painters/analysis/study.hpp>
#include <painters/analysis/variant.hpp>

namespace painters::analysis {

namespace detail {

inline std::string how_it_was_done(const Study& study, std::size_t findings,
                                   const ReportText& text) {
  const std::size_t layers = study.source().layers;
  std::string html = fmt::format(
      "<h2>How it was done</h2>\n"
      "<p>The experiments are those of “Transformer Layers as Painters” (Sun, Pickett, Nain and "
      "Jones, "
      "arXiv 2407.09298). A window of M = {0} − 2s − 1 layers around the middle is changed, for "
      "start layers s; the first s + 1 "
      "and the last s layers run as they are. Nothing is trained or rescaled.</p>\n"
      "<p>Prompts and scoring follow lm-evaluation-harness: zero-shot, summed log-likelihoods, no "
      "token before the text. "
      "The normalised score is (accuracy − chance) / (accuracy of the full model − chance). The "
      "paper does not say "
      "whether its accuracies are per character; here they are not, and both are in the "
      "tables.</p>\n"
      "<p>Intervals cover 95 %. Those of accuracies are Wilson's; all others come from {1} "
      "resamples of the documents, the "
      "same for every plan, so that differences between plans are paired. They say how far the "
      "numbers depend on the "
      "documents, not on the seeds of the random orders. Among {2} findings judged at this "
      "level one may be wrong by chance.</p>\n",
      layers, replicates, findings);
  html +=
      "<h2>How to make this report again</h2>\n<p>This command makes the report, and continues "
      "where an "
      "interrupted run ended:</p>\n<pre><code>" +
      escape_html(text.command) + "</code></pre>\n" +
      "<p>Beside this page: <code>results.sqlite</code> (every score as it was made), "
      "<code>summary.csv</code>, "
      "<code>summary.json</code>, <code>documents.csv</code>, and <code>figures</code> with "
      "pictures (SVG, PNG), data and scripts.</p>\n";
  return html;
}

inline std::string caveats(const Study& study, const ReportText& text) {
  std::string items;
  const auto item = [&](const std::string& sentence) {
    items += "<li>" + escape_html(sentence) + "</li>\n";
  };
  for (std::size_t t = 0; t < study.tasks().size(); ++t)
    if (study.full(t) && !study.has_scale(t))
      item(
          fmt::format("On {} the full model is not clearly above chance ({}), so it has no "
                      "normalised score and is left "
                      "out of the medians.",
                      task_title(study.tasks()[t].task), text_of(study.full(t)->accuracy)));
  if (!text.setting.empty()) item(text.setting);
  item(
      "The paper's models have 7 to 70 billion parameters and were tested on other or larger data; "
      "that a finding differs "
      "here does not contradict the paper.");
  item(
      "Not run: GSM8K, BERT on GLUE, and the figures of hidden states, of the number of loops, of "
      "model sizes and of fine-tuning. "
      "The paper's remark on the speed of running layers side by side is not tested.");
  return "<h2>What to keep in mind</h2>\n<ul>\n" + items + "</ul>\n";
}

}  // namespace detail

/// The page. If `drawn`, `folder` has the figures.
inline std::string report_html(const Study& study, const Curves& curves,
                               const std::vector<Finding>& findings,
                               const std::vector<Figure>& figures,
                               const std::filesystem::path& folder, bool drawn,
                               const ReportText& text) {
  const std::string title = escape_html("Layers as painters: " + study.source().model);
  const std::size_t done = study.done(), all = study.experiments().size();
  std::string html = fmt::format(
      "<!doctype html>\n<html lang=en>\n<head>\n<meta charset=utf-8>\n<meta name=viewport "
      "content=\"width=device-width, initial-scale=1\">\n"
      "<title>{0}</title>\n<style>{1}</style>\n</head>\n<body>\n<main>\n<h1>{0}</h1>\n"
      "<p class=lead>What happens to a language model whose middle layers are skipped, repeated, "
      "reversed, shuffled or run "
      "side by side?</p>\n",
      title, report_style);
  html += detail::facts(study, text);
  if (done < all)
    html += fmt::format(
        "<p class=note>{} of {} experiments are done, and this page is made of those; the command "
        "at its end does the rest.</p>\n",
        done, all);
  html += detail::answer(curves, findings);
  html += detail::figure_section(study, curves, figures, folder, drawn);
  html += "<h2>Scores</h2>\n" + detail::full_model_table(study) + detail::median_table(curves);
  for (const VariantRow& row : variants)
    if (row.variant != Variant::baseline)
      html += detail::variant_tables(study, curves, row.variant);
  html += detail::caveats(study, text);
  html += detail::how_it_was_done(study, findings.size(), text);
  return html + "</main>\n</body>\n</html>\n";
}

}  // namespace painters::analysis
