// Runs gnuplot as a child process, without a shell. POSIX.
#pragma once

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <string>

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <painters/error.hpp>

namespace painters::analysis {

/// Runs gnuplot on `script` in the script's own folder, so that the script can name files without
/// their folder and still works after the folder has moved. Returns false if gnuplot is not
/// installed. Throws Error, with the end of what gnuplot said, if it fails.
inline bool run_gnuplot(const std::filesystem::path& script) {
  const std::string folder = std::filesystem::absolute(script).parent_path().string();
  const std::string name = script.filename().string();
  const std::filesystem::path log = std::filesystem::path(folder) / "gnuplot.log";
  char program[] = "gnuplot";
  std::string argument = name;
  char* const arguments[] = {program, argument.data(), nullptr};

  posix_spawnattr_t
      attributes;  // signals that this program keeps from its threads are not kept from gnuplot
  posix_spawnattr_init(&attributes);
  sigset_t none;
  sigemptyset(&none);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addchdir_np(&actions, folder.c_str());
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, log.c_str(),
                                   O_WRONLY | O_CREAT | O_TRUNC, 0644);
  pid_t child = 0;
  const int failed = posix_spawnp(&child, program, &actions, &attributes, arguments, environ);
  posix_spawn_file_actions_destroy(&actions);
  posix_spawnattr_destroy(&attributes);
  if (failed == ENOENT) return false;
  if (failed)
    throw Error(std::string("expected to start gnuplot, found: ") + std::strerror(failed));

  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) {
    std::filesystem::remove(log);
    return true;
  }
  std::string said, line;
  for (std::ifstream in(log); std::getline(in, line);)
    if (line.find_first_not_of(" \t^") != std::string::npos) said = line;
  throw Error("expected gnuplot to draw " + (std::filesystem::path(folder) / name).string() +
              ", found that it failed: " + said + "; all of it is in " + log.string());
}

}  // namespace painters::analysis
