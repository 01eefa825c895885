// The commands of painters, one file each. Every function adds its command to the program.
#pragma once

#include <array>

#include <CLI/App.hpp>

namespace painters::cli {

void add_reproduce(CLI::App& program);
void add_report(CLI::App& program);
void add_score(CLI::App& program);
void add_forward(CLI::App& program);
void add_plan(CLI::App& program);
void add_tokenize(CLI::App& program);
void add_info(CLI::App& program);

/// All of them, in the order of painters --help.
inline constexpr std::array commands{add_reproduce, add_report,   add_score, add_forward,
                                     add_plan,      add_tokenize, add_info};

}  // namespace painters::cli
