#include <painters/formats/json.hpp>
#include <painters/formats/jsonl.hpp>

#include <string>
#include <vector>

#include "support/catch.hpp"
#include "support/message.hpp"
#include "support/temporary_folder.hpp"

using namespace painters;
using formats::JsonObject;
using support::message;

TEST_CASE("fields of a JSON object come back by type", "[formats][json]") {
  const JsonObject object = JsonObject::parse(
      R"({"text":"x","n":-3,"big":18446744073709551615,"real":0.5,"yes":true,"list":[1,2],"null":null,"inner":{"k":1}})",
      "c.json");
  CHECK(object.get<std::string>("text") == "x");
  CHECK(object.get<int>("n") == -3);
  CHECK(object.get<std::uint64_t>("big") == 18446744073709551615u);
  CHECK(object.get<double>("n") == -3.0);
  CHECK(object.get<float>("real") == 0.5f);
  CHECK(object.get<bool>("yes"));
  CHECK(object.get<std::vector<int>>("list") == std::vector<int>{1, 2});
  CHECK(object.object("inner").get<int>("k") == 1);
  CHECK_FALSE(object.find<int>("null"));
  CHECK_FALSE(object.find<int>("none"));
  CHECK(object.contains("null"));

  const auto says = [&](auto f, const std::string& words) {
    const std::string text = message(f);
    INFO(text);
    CHECK(text.find(words) != std::string::npos);
    CHECK(text.find("c.json") != std::string::npos);
  };
  says([&] { object.get<int>("none"); }, "\"none\"");
  says([&] { object.get<unsigned>("n"); }, "a whole number from 0, found -3");
  says([&] { object.get<int>("big"); }, "found 18446744073709551615");
  says([&] { object.get<int>("real"); }, "found 0.5");
  says([&] { object.get<bool>("n"); }, "true or false");
  says([&] { object.get<std::vector<std::string>>("list"); }, "a list, each element a string");
  says([&] { object.object("inner").get<int>("none"); }, "\"inner\" of c.json");
  says([&] { object.object("list"); }, "found [1,2]");
}

TEST_CASE("text that is not a JSON object is refused", "[formats][json]") {
  for (const std::string& text :
       {std::string(""), std::string("{"), std::string("[1]"), std::string("{\"a\":1,}"),
        std::string("{\"a\":1,\"a\":2}"), std::string("{\"a\":\"\xff\"}"),
        std::string(1000000, '['), std::string("{\"a\":1e999}")})
    CHECK_THROWS_AS(JsonObject::parse(text, "c.json"), Error);
  const support::TemporaryFolder folder;
  CHECK_THROWS_AS(formats::read_json(folder.path() / "none.json"), Error);
  CHECK_THROWS_AS(formats::read_json(folder.path()), Error);
}

TEST_CASE("JSONL is read line by line and errors name the line", "[formats][jsonl]") {
  const support::TemporaryFolder folder;
  const auto read = [&](const std::string& bytes) {
    std::vector<int> found;
    formats::for_each_jsonl(folder.write("d.jsonl", bytes),
                            [&](const JsonObject& line) { found.push_back(line.get<int>("n")); });
    return found;
  };
  CHECK(read("{\"n\":1}\n\n{\"n\":2}\r\n  \n{\"n\":3}") == std::vector<int>{1, 2, 3});
  CHECK(read("").empty());
  CHECK(message([&] { read("{\"n\":1}\n\n{\"n\":"); }).find("d.jsonl, line 3") !=
        std::string::npos);
  CHECK(message([&] { read("{\"n\":1}\n[2]\n"); }).find("d.jsonl, line 2") != std::string::npos);
  CHECK(message([&] {
          read("{\"n\":1}\n{\"m\":1}\n");
        }).find("\"n\" in " + (folder.path() / "d.jsonl").string() + ", line 2") !=
        std::string::npos);
  CHECK_THROWS_AS(formats::for_each_jsonl(folder.path() / "none.jsonl", [](const JsonObject&) {}),
                  Error);
  CHECK_THROWS_AS(formats::for_each_jsonl(folder.path(), [](const JsonObject&) {}), Error);
}
