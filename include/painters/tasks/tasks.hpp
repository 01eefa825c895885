// All tasks, and finding one by its name.
#pragma once

#include <array>
#include <string>
#include <string_view>

#include <painters/error.hpp>
#include <painters/tasks/arc.hpp>
#include <painters/tasks/hellaswag.hpp>
#include <painters/tasks/lambada.hpp>
#include <painters/tasks/winogrande.hpp>

namespace painters::tasks {

/// Every task of this room.
inline constexpr std::array<const Task*, 5> all_tasks{&lambada_openai, &arc_challenge, &arc_easy,
                                                      &hellaswag, &winogrande};

/// Throws UsageError for a name that is not there.
inline const Task& task_named(std::string_view name) {
  std::string names;
  for (const Task* task : all_tasks) {
    if (task->name == name) return *task;
    names += (names.empty() ? "" : ", ") + std::string(task->name);
  }
  throw UsageError("there is no task \"" + std::string(name) + "\": expected one of " + names);
}

}  // namespace painters::tasks
