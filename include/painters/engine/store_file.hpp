// The file of results: an SQLite database that several processes may fill and read at once, and
// that stays intact when a process is killed.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <system_error>
#include <utility>

#include <SQLiteCpp/SQLiteCpp.h>
#include <fmt/format.h>
#include <sqlite3.h>

#include <painters/error.hpp>

namespace painters::engine {

/// Whoever opens the file may write to it; writers wait for each other.
///
///   run      what computed: program version, backend, threads, when, for how long
///   origin   what scores depend on besides plan and request: model, precision, protocol
///   plan     by its key, with its text as it was first given
///   request  by its key, with the number of tokens of its continuation
///   score    of a plan and a request: loglikelihood (NULL for not a number), is_greedy, its run
///   note     named texts, for callers that keep more than scores
class StoreFile {
 public:
  /// Grows when older programs could not read, or would misread, what newer ones write.
  static constexpr int layout = 1;
  /// "PNTR", in the file's header: what tells a store from other databases.
  static constexpr int application_id = 0x504e5452;

  /// Whether a missing file is an error or is made.
  enum class Mode { open, open_or_make };

  /// Throws Error if the file cannot be opened or made, is not a store, or is one of another
  /// layout.
  explicit StoreFile(std::filesystem::path path, Mode mode = Mode::open_or_make)
      : path_(std::move(path)), database_(opened(mode)) {
    guarded([&] { prepare(); });
  }

  const std::filesystem::path& path() const { return path_; }

  /// For queries; run them in guarded() so that an error is reported in one sentence.
  SQLite::Database& database() { return database_; }

  /// Runs f; throws Error for what SQLite complains about.
  template <class F>
  auto guarded(F&& f) const -> decltype(f()) {
    try {
      return f();
    } catch (const SQLite::Exception& problem) {
      fail(problem);
    }
  }

  /// Runs f as one transaction: all that it writes is kept, or nothing.
  template <class F>
  void write(F&& f) {
    guarded([&] {
      SQLite::Transaction transaction(database_, SQLite::TransactionBehavior::IMMEDIATE);
      f();
      transaction.commit();
    });
  }

  /// The text of this name, if there is one. Throws Error if the file cannot be read.
  std::optional<std::string> note(const std::string& name) {
    return guarded([&]() -> std::optional<std::string> {
      SQLite::Statement query(database_, "SELECT text FROM note WHERE name = ?");
      query.bind(1, name);
      if (!query.executeStep()) return std::nullopt;
      return query.getColumn(0).getString();
    });
  }

  /// Keeps a text under a name in place of the one before. Throws Error if it cannot be written.
  void set_note(const std::string& name, const std::string& text) {
    if (note(name) == text) return;
    write([&] {
      SQLite::Statement insert(database_, "INSERT OR REPLACE INTO note(name, text) VALUES (?, ?)");
      insert.bind(1, name);
      insert.bind(2, text);
      insert.exec();
    });
  }

 private:
  static constexpr int patience = 60'000;  // milliseconds that a writer waits for others

  SQLite::Database opened(Mode mode) const {
    std::error_code error;
    if (mode == Mode::open && !std::filesystem::exists(path_, error))
      throw Error("expected a store of results at " + path_.string() +
                  ", found none; check the path");
    return guarded([&] {
      return SQLite::Database(
          path_.string(),
          SQLite::OPEN_READWRITE | (mode == Mode::open_or_make ? SQLite::OPEN_CREATE : 0),
          patience);
    });
  }

  int number(const std::string& pragma) {
    return database_.execAndGet("PRAGMA " + pragma).getInt();
  }

  void prepare() {
    database_.exec("PRAGMA synchronous = NORMAL");  // with WAL: intact after every crash
    {
      SQLite::Transaction transaction(database_);
      require_ours();
      if (number("user_version") == layout) return;
    }
    // Another process may be about to do the same.
    for (int attempt = 0; database_.tryExec("PRAGMA journal_mode = WAL") == SQLITE_BUSY;
         ++attempt) {
      if (attempt * 100 > patience) break;
      sqlite3_sleep(100);
    }
    SQLite::Transaction transaction(database_, SQLite::TransactionBehavior::IMMEDIATE);
    require_ours();
    if (number("user_version") != layout) make_tables();
    transaction.commit();
  }

  /// An empty database counts as ours. Call this in a transaction: another process may be about to
  /// make the tables.
  void require_ours() {
    const int id = number("application_id"), version = number("user_version");
    const bool is_empty =
        database_.execAndGet("SELECT count(*) FROM sqlite_master").getInt() == 0 && version == 0;
    if (id != application_id && !(id == 0 && is_empty))
      throw Error("expected a store of results at " + path_.string() +
                  ", found an SQLite database of another program; name another file");
    if (!is_empty && version != layout)
      throw Error(fmt::format(
          "expected a store of layout {} at {}, found layout {}, which another version of painters "
          "wrote; use that version, or name another file",
          layout, path_.string(), version));
  }

  void make_tables() {
    database_.exec(R"sql(
      CREATE TABLE run(id INTEGER PRIMARY KEY, version TEXT NOT NULL, backend TEXT NOT NULL,
                       threads INTEGER NOT NULL, begun TEXT NOT NULL, seconds REAL NOT NULL);
      CREATE TABLE origin(id INTEGER PRIMARY KEY, model TEXT NOT NULL, precision TEXT NOT NULL,
                          protocol INTEGER NOT NULL, model_name TEXT NOT NULL,
                          UNIQUE(model, precision, protocol));
      CREATE TABLE plan(id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, text TEXT NOT NULL);
      CREATE TABLE request(id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE,
                           tokens INTEGER NOT NULL);
      CREATE TABLE score(origin INTEGER NOT NULL, plan INTEGER NOT NULL, request INTEGER NOT NULL,
                         run INTEGER NOT NULL, loglikelihood REAL, is_greedy INTEGER NOT NULL,
                         PRIMARY KEY(origin, plan, request)) WITHOUT ROWID;
      CREATE TABLE note(name TEXT PRIMARY KEY, text TEXT NOT NULL);
    )sql");
    database_.exec(fmt::format("PRAGMA application_id = {}; PRAGMA user_version = {}",
                               application_id, layout));
  }

  [[noreturn]] void fail(const SQLite::Exception& problem) const {
    const std::string file = path_.string();
    switch (problem.getErrorCode()) {
      case SQLITE_NOTADB:
        throw Error("expected a store of results at " + file +
                    ", found a file of another kind; name another file");
      case SQLITE_CORRUPT:
        throw Error("expected a store of results at " + file +
                    ", found one that is damaged; move it away and run the same command again");
      case SQLITE_FULL:
        throw Error("expected to keep results in " + file +
                    ", but the disk is full; free some space and run the same command again: what "
                    "was kept until now is there");
      case SQLITE_CANTOPEN:
      case SQLITE_READONLY:
      case SQLITE_PERM:
        throw Error("expected to open " + file +
                    " for reading and writing, but it is not possible; check the folder and its "
                    "permissions");
      default:
        throw Error("expected to use the store of results " + file + ", but " + problem.what() +
                    "; check the disk, and that no other program holds the file");
    }
  }

  std::filesystem::path path_;
  SQLite::Database database_;
};

}  // namespace painters::engine
