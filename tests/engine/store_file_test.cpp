#include <painters/engine/store_file.hpp>

#include <filesystem>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include "support/catch.hpp"
#include "support/temporary_folder.hpp"

using namespace painters;
using engine::StoreFile;

namespace {

std::string complaint(const std::filesystem::path& path,
                      StoreFile::Mode mode = StoreFile::Mode::open_or_make) {
  try {
    StoreFile store(path, mode);
  } catch (const Error& e) {
    return e.what();
  }
  return "";
}

void change(const std::filesystem::path& path, const std::string& sql) {
  SQLite::Database(path.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE).exec(sql);
}

bool has(const std::string& text, const std::string& words) {
  return text.find(words) != std::string::npos;
}

}  // namespace

TEST_CASE("notes are kept by name", "[engine][store]") {
  const support::TemporaryFolder folder;
  {
    StoreFile store(folder.path() / "s");
    CHECK_FALSE(store.note("a"));
    store.set_note("a", "one");
    store.set_note("a", "two");
    store.set_note("b", "three");
  }
  StoreFile store(folder.path() / "s", StoreFile::Mode::open);
  CHECK(store.note("a") == "two");
  CHECK(store.note("b") == "three");
}

TEST_CASE("what is not written as a whole is not written at all", "[engine][store]") {
  const support::TemporaryFolder folder;
  StoreFile store(folder.path() / "s");
  const auto insert = [&](const char* name) {
    store.database().exec("INSERT INTO note VALUES('" + std::string(name) + "', '')");
  };
  CHECK_THROWS_AS(store.write([&] {
    insert("a");
    throw Error("enough");
  }),
                  Error);
  CHECK_FALSE(store.note("a"));
  store.write([&] { insert("b"); });
  CHECK(store.note("b") == "");
  CHECK_THROWS_WITH(store.write([&] { insert("b"); }),
                    Catch::Matchers::StartsWith("expected to use the store of results"));
}

TEST_CASE("a file that is no store of this layout is left alone", "[engine][store]") {
  const support::TemporaryFolder folder;
  const auto text = folder.write("text", std::string(5000, 'x'));
  CHECK(has(complaint(text), "a file of another kind"));
  const auto other = folder.path() / "other";
  change(other, "CREATE TABLE score(a)");
  CHECK(has(complaint(other), "an SQLite database of another program"));
  const auto foreign = folder.path() / "foreign";
  change(foreign, "PRAGMA application_id = 5");
  CHECK(has(complaint(foreign), "an SQLite database of another program"));
  const auto newer = folder.path() / "newer";
  { StoreFile store(newer); }
  change(newer, "PRAGMA user_version = 77");
  CHECK(has(complaint(newer), "expected a store of layout 1 at"));
  CHECK(has(complaint(newer), "found layout 77"));

  CHECK(has(complaint(folder.path()), "expected to open"));
  CHECK(has(complaint(folder.path() / "none" / "s"), "expected to open"));
  CHECK(has(complaint(folder.path() / "s", StoreFile::Mode::open), "found none"));
  CHECK_FALSE(std::filesystem::exists(folder.path() / "s"));
}

TEST_CASE("a damaged store is refused in one sentence", "[engine][store]") {
  const support::TemporaryFolder folder;
  const auto path = folder.path() / "s";
  {
    StoreFile store(path);
    for (int i = 0; i < 100; ++i) store.set_note(std::to_string(i), std::string(500, 'x'));
  }
  const auto size = std::filesystem::file_size(path);
  REQUIRE(size > 40'000);
  {
    std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(4096);
    for (std::size_t i = 4096; i < size; ++i) file.put('\x55');
  }
  const auto read = [&] {
    StoreFile store(path);
    store.note("5");
  };
  CHECK_THROWS_WITH(read(), Catch::Matchers::ContainsSubstring("damaged"));
}

TEST_CASE("several writers may make and fill one store at the same time", "[engine][store]") {
  const support::TemporaryFolder folder;
  constexpr int writers = 6, each = 20;
  std::vector<std::string> complaints(writers);
  {
    std::vector<std::jthread> threads;
    for (int w = 0; w < writers; ++w)
      threads.emplace_back([&, w] {
        try {
          StoreFile store(folder.path() / "s");
          for (int i = 0; i < each; ++i)
            store.set_note(std::to_string(w) + ' ' + std::to_string(i), "x");
        } catch (const std::exception& e) {
          complaints[static_cast<std::size_t>(w)] = e.what();
        }
      });
  }
  for (const std::string& text : complaints) CHECK(text == "");
  StoreFile store(folder.path() / "s");
  CHECK(store.database().execAndGet("SELECT count(*) FROM note").getInt() == writers * each);
}
