#include <painters/tasks/tasks.hpp>

#include <set>
#include <string>
#include <string_view>

#include "support/catch.hpp"

using namespace painters;

TEST_CASE("every row of the table of tasks is complete", "[tasks][table]") {
  std::set<std::string_view> names, titles;
  for (const tasks::Task* task : tasks::all_tasks) {
    CAPTURE(task->name);
    CHECK(names.insert(task->name).second);
    CHECK(titles.insert(task->title).second);
    CHECK_FALSE(task->data_set.empty());
    CHECK(task->chance >= 0);
    CHECK(task->chance < 1);
    CHECK(task->metrics.front() != nullptr);
    CHECK(task->recognizes != nullptr);
    CHECK(task->document != nullptr);
  }
}

TEST_CASE("a task is found by its name", "[tasks][table]") {
  for (const tasks::Task* task : tasks::all_tasks) {
    CHECK(tasks::find_task(task->name) == task);
    CHECK(&tasks::task_named(task->name) == task);
  }
  CHECK(tasks::find_task("lambda") == nullptr);
  CHECK_THROWS_WITH(tasks::task_named("lambda"),
                    "there is no task \"lambda\": expected one of lambada_openai, arc_challenge, "
                    "arc_easy, hellaswag, winogrande");
  CHECK_THROWS_AS(tasks::task_named(""), UsageError);
  CHECK(tasks::task_names() == "lambada_openai, arc_challenge, arc_easy, hellaswag or winogrande");
}

TEST_CASE("the paper's figures have four of the tasks", "[tasks][table]") {
  std::string names;
  for (const tasks::Task* task : tasks::paper_tasks()) names += std::string(task->name) + ' ';
  CHECK(names == "lambada_openai arc_challenge hellaswag winogrande ");
}
