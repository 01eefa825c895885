// The table of all tasks, and how one is found in it.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include <painters/error.hpp>
#include <painters/joined.hpp>
#include <painters/tasks/arc.hpp>
#include <painters/tasks/hellaswag.hpp>
#include <painters/tasks/lambada.hpp>
#include <painters/tasks/task.hpp>
#include <painters/tasks/winogrande.hpp>

namespace painters::tasks {

/// Every task, in the order in which lists, tables and figures have them.
inline constexpr std::array all_tasks{&lambada_openai, &arc_challenge, &arc_easy, &hellaswag,
                                      &winogrande};

/// The task of that name, or nullptr.
constexpr const Task* find_task(std::string_view name) {
  for (const Task* task : all_tasks)
    if (task->name == name) return task;
  return nullptr;
}

/// All names, with `last` before the last of them: "a, b or c".
inline std::string task_names(std::string_view last = " or ") {
  return joined(all_tasks, last, [](const Task* task) { return task->name; });
}

/// Throws UsageError for a name that is not there.
inline const Task& task_named(std::string_view name) {
  if (const Task* task = find_task(name)) return *task;
  throw UsageError("there is no task \"" + std::string(name) + "\": expected one of " +
                   task_names(", "));
}

/// The tasks of the paper's figures.
inline std::vector<const Task*> paper_tasks() {
  std::vector<const Task*> list;
  for (const Task* task : all_tasks)
    if (task->in_paper != InPaper::no) list.push_back(task);
  return list;
}

}  // namespace painters::tasks
