// Ctrl-C: the first asks the program to end with what it has done, the second ends it at once.
//
// Threads that compute must never run a signal handler, not even an empty one: kernels of oneDNN
// point the stack pointer at the heap while they work, and what the system puts there for a handler
// destroys whatever lies before it. So a thread that does nothing else waits for the signals.
#pragma once

#include <pthread.h>

#include <atomic>
#include <csignal>
#include <thread>

namespace painters::cli {

namespace detail {

inline std::atomic<bool> catches_interrupts = false;
inline std::atomic<bool> interrupt_requested = false;

/// Lets a signal do what it does to a program that does not catch it.
inline void let_through(int signal, const sigset_t& waiting) {
  pthread_sigmask(SIG_UNBLOCK, &waiting, nullptr);
  std::raise(signal);
  pthread_sigmask(SIG_BLOCK, &waiting, nullptr);  // it was ignored
}

}  // namespace detail

/// Takes SIGINT and SIGTERM away from all threads that begin later. To be called first of all.
inline void watch_interrupts() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  std::thread([signals] {
    pthread_setname_np(pthread_self(), "signals");
    while (true) {
      int signal = 0;
      if (sigwait(&signals, &signal) != 0) continue;
      if (detail::catches_interrupts.exchange(false)) {
        detail::interrupt_requested = true;
        continue;
      }
      if (detail::interrupt_requested) std::signal(signal, SIG_DFL);  // even if it was ignored
      detail::let_through(signal, signals);
    }
  }).detach();
}

/// From now on the first SIGINT or SIGTERM only sets what interrupted() reports.
inline void catch_interrupts() { detail::catches_interrupts = true; }

inline bool interrupted() { return detail::interrupt_requested; }

}  // namespace painters::cli
