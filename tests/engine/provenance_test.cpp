#include <painters/engine/provenance.hpp>

#include "support/backends.hpp"
#include "support/catch.hpp"

using namespace painters;

TEMPLATE_TEST_CASE("a run names its version, backend and threads", "[engine][provenance]",
                   PAINTERS_TEST_BACKENDS) {
  const TestType backend;
  const engine::Run run = engine::run_of(backend, "1.2");
  CHECK(run.version == "1.2");
  CHECK_FALSE(run.backend.empty());
  CHECK(run.threads >= 1);
}

TEST_CASE("stores of earlier versions are found by the precision that they name",
          "[engine][provenance]") {
  CHECK(engine::precision_text(backend::Reference()) == "weights as in the file, f32 arithmetic");
}
