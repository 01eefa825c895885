// Opens a model on the backend that a user chooses when the program runs. It only declares what
// does so: loaded_model_on.hpp defines that.
#pragma once

#include <filesystem>
#include <memory>

#include <painters/backend/built_in.hpp>
#include <painters/front/loaded_model.hpp>

namespace painters::front {

/// A model on backend B, whatever options.backend names. Defined in loaded_model_on.hpp, for one
/// translation unit to instantiate.
template <class B>
std::unique_ptr<LoadedModel> open_model_on(const std::filesystem::path& path,
                                           const ModelOptions& options);

/// A model on the backend that options.backend names. `path`: a .gguf file, or a folder with
/// config.json and safetensors. Throws Error if the model cannot be loaded, UsageError for a
/// backend or a precision that this build lacks.
inline std::unique_ptr<LoadedModel> open_model(const std::filesystem::path& path,
                                               const ModelOptions& options) {
  return backend::with_built_in(options.backend, [&](auto row) {
    return open_model_on<typename decltype(row)::Backend>(path, options);
  });
}

}  // namespace painters::front
