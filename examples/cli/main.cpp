// painters: runs the layers of a pretrained transformer in any order, from the command line.
//
// Exit codes: 0 done; 2 wrong arguments or plan text; 1 everything else.
#include <algorithm>
#include <exception>
#include <iostream>
#include <new>
#include <string>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include <painters/backend/built_in.hpp>
#include <painters/engine/store_keys.hpp>
#include <painters/error.hpp>

#include "commands.hpp"
#include "interrupt.hpp"
#include "machine.hpp"

namespace {

/// Prints one line, whatever the names and texts from files that the sentence quotes.
int complain(std::string sentence, int exit_code) {
  std::ranges::replace_if(
      sentence, [](unsigned char c) { return c < ' ' || c == 0x7f; }, ' ');
  std::cerr << "painters: " << sentence << std::endl;
  return exit_code;
}

/// The subcommand that was being read when an argument was wrong, for the hint.
std::string help_of(const CLI::App& program) {
  const auto chosen = program.get_subcommands();
  return "painters " + (chosen.empty() ? "" : chosen.front()->get_name() + " ") + "--help";
}

std::string without_final_stop(std::string sentence) {
  while (!sentence.empty() && (sentence.back() == '\n' || sentence.back() == '.'))
    sentence.pop_back();
  return sentence;
}

/// Made only where it is printed, because it takes a backend to describe one.
std::string version_line() {
  const painters::engine::Run run = painters::cli::default_run();
  const bool is_slow = painters::backend::built_in_names().front() == "reference";
  return "painters " + run.version + " (" + run.backend +
         (is_slow ? "; slow: oneDNN was not there when it was built" : "") + ")";
}

}  // namespace

int main(int argc, char** argv) {
  painters::cli::watch_interrupts();
  CLI::App program("Runs the layers of a pretrained transformer in any order.", "painters");
  program.require_subcommand(0, 1);
  program.set_version_flag("--version", version_line);
  program.footer("painters COMMAND --help explains a command and shows an example.");
  for (const auto add : painters::cli::commands) add(program);
  try {
    program.parse(argc, argv);
    if (program.get_subcommands().empty())
      return complain("expected a command; see " + help_of(program), 2);
    std::cout.flush();
    if (!std::cout)
      return complain("expected to write the results to standard output, but it refused them", 1);
    return 0;
  } catch (const CLI::Success& help) {
    return program.exit(help);
  } catch (const CLI::ParseError& e) {
    return complain(without_final_stop(e.what()) + "; see " + help_of(program), 2);
  } catch (const painters::UsageError& e) {
    return complain(e.what(), 2);
  } catch (const std::bad_alloc&) {
    return complain(
        "there is not enough memory for this; fewer plans or requests at a time need less", 1);
  } catch (const std::exception& e) {
    return complain(e.what(), 1);
  }
}
