// Text and pictures as parts of an HTML page.
#pragma once

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>

namespace painters::analysis {

/// Makes any text safe between tags and within a quoted attribute.
inline std::string escape_html(std::string_view text) {
  std::string out;
  for (char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

/// The <svg> element of a file that gnuplot drew, with a name for screen readers; empty if the file
/// has none.
inline std::string inline_svg(const std::filesystem::path& path, std::string_view label) {
  std::ifstream file(path, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(file), {}};
  const std::size_t begin = text.find("<svg");
  if (begin == std::string::npos || text.rfind("</svg>") == std::string::npos) return "";
  text.erase(0, begin);
  // gnuplot's own title would show as a tooltip.
  for (std::string_view tag : {"title", "desc"}) {
    const std::string open = "<" + std::string(tag) + ">", close = "</" + std::string(tag) + ">";
    const std::size_t from = text.find(open), to = text.find(close);
    if (from != std::string::npos && to != std::string::npos)
      text.erase(from, to + close.size() - from);
  }
  return text.insert(4, " role=\"img\" aria-label=\"" + escape_html(label) + "\"");
}

/// The style sheet of the report: readable at a width of 400 pixels, on paper and in dark mode,
/// where figures stay light.
inline constexpr std::string_view report_style = R"css(
:root { color-scheme: light dark; --ink: #1f2933; --soft: #56616c; --line: #dde2e7; --paper: #fff; --tint: #f4f6f8;
  --good: #0b6e4f; --bad: #b3401b; --open: #7a6000; --bar: #0072b2; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6eaee; --soft: #a3adb7; --line: #39424b; --paper: #161b20;
  --tint: #1f262d; --good: #5cc9a0; --bad: #f0916c; --open: #dcbf56; --bar: #58a9dc; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 17px/1.6 system-ui, "Segoe UI", "DejaVu Sans", sans-serif; }
main { max-width: 54rem; margin: 0 auto; padding: 2.5rem 1.25rem 4rem; }
h1 { font-size: 2rem; line-height: 1.2; margin: 0 0 .4rem; letter-spacing: -.01em; }
h2 { font-size: 1.35rem; line-height: 1.3; margin: 3rem 0 .8rem; padding-top: 1rem; border-top: 1px solid var(--line); }
h3 { font-size: 1.05rem; margin: 1.8rem 0 .4rem; }
p { margin: .6rem 0; max-width: 44rem; }
.lead { font-size: 1.12rem; color: var(--soft); }
.answer { font-size: 1.12rem; }
.note { border-left: 4px solid var(--open); background: var(--tint); padding: .6rem 1rem; }
small, .soft, figcaption, caption { color: var(--soft); }
code { font: .88em ui-monospace, "DejaVu Sans Mono", monospace; overflow-wrap: anywhere; }
pre { background: var(--tint); padding: .8rem 1rem; overflow-x: auto; border-radius: 6px; }
dl.facts { display: grid; grid-template-columns: max-content 1fr; gap: .15rem 1.2rem; margin: 1.2rem 0; font-size: .95rem; }
dl.facts dt { color: var(--soft); } dl.facts dd { margin: 0; overflow-wrap: anywhere; }
.scroll { overflow-x: auto; margin: .8rem 0; }
table { border-collapse: collapse; font-size: .9rem; font-variant-numeric: tabular-nums; width: 100%; }
caption { text-align: left; padding-bottom: .4rem; }
th, td { padding: .35rem .7rem; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; }
th { font-weight: 600; border-bottom-color: var(--soft); }
.numbers td, .numbers th { text-align: right; white-space: nowrap; }
.numbers td:first-child, .numbers th:first-child { text-align: left; }
.numbers .plan { text-align: left; white-space: normal; }
.narrow .range { display: block; margin: 0; line-height: 1.2; }
.range { color: var(--soft); font-size: .85em; margin-left: .35em; }
.verdict { font-weight: 600; white-space: nowrap; }
.agrees { color: var(--good); } .differs { color: var(--bad); } .undecided { color: var(--open); } .not_judged { color: var(--soft); }
ol.findings { list-style: none; padding: 0; margin: 1rem 0; }
ol.findings li { display: grid; grid-template-columns: 7.5rem 1fr; gap: .1rem 1.2rem; grid-template-rows: auto 1fr; padding: .7rem 0; border-bottom: 1px solid var(--line); }
ol.findings .verdict { grid-row: span 2; white-space: normal; line-height: 1.35; padding-top: .15rem; }
ol.findings small { grid-column: 2; }
.harm { margin: 1.2rem 0; }
.harm div { display: grid; grid-template: "name track value" / 12rem 1fr 9rem; gap: 0 1rem; align-items: center; margin: .4rem 0; }
.harm .name { grid-area: name; } .harm .value { grid-area: value; font-variant-numeric: tabular-nums; white-space: nowrap; }
.track { grid-area: track; position: relative; height: 1.1rem; background: var(--tint); border-radius: 3px; }
.track i { position: absolute; top: 0; bottom: 0; left: 0; background: var(--bar); border-radius: 3px; }
.track b { position: absolute; top: calc(50% - 1px); height: 2px; background: var(--ink); }
figure { margin: 1.8rem 0; }
figure .scroll { background: #fff; border: 1px solid var(--line); border-radius: 6px; margin: 0 0 .6rem; }
figure svg { display: block; width: 100%; height: auto; min-width: 34rem; }
figure svg * { font-family: system-ui, "Segoe UI", "DejaVu Sans", sans-serif; }
details { margin: .6rem 0; } summary { cursor: pointer; font-weight: 600; padding: .3rem 0; }
@media (max-width: 560px) {
  body { font-size: 16px; } h1 { font-size: 1.6rem; }
  ol.findings li { display: block; } ol.findings small, ol.findings .verdict { display: block; }
  .harm div { grid-template: "name value" "track track" / 1fr max-content; margin: .7rem 0; }
  dl.facts { display: block; } dl.facts dd { margin-bottom: .5rem; }
}
@media print { body { font-size: 10.5pt; } main { max-width: none; padding: 0; } figure, li, tr { break-inside: avoid; }
  h2, h3 { break-after: avoid; } figure svg { min-width: 0; } .scroll { overflow: visible; } }
)css";

}  // namespace painters::analysis
