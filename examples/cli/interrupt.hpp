// Ctrl-C: the first asks the program to end with what it has done, the second ends it at once.
#pragma once

#include <csignal>

namespace painters::cli {

namespace detail {
inline volatile std::sig_atomic_t interrupt_requested = 0;
}

/// From now on SIGINT and SIGTERM only set what interrupted() reports, once each.
inline void catch_interrupts() {
  struct sigaction action {};
  action.sa_handler = [](int) { detail::interrupt_requested = 1; };
  action.sa_flags = SA_RESETHAND | SA_RESTART;
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
}

inline bool interrupted() { return detail::interrupt_requested != 0; }

}  // namespace painters::cli
