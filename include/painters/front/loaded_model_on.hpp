// Loaded models on a backend: the one place that knows the types of models.
//
//   #include <painters/backend/onednn.hpp>
//   #include <painters/front/loaded_model_on.hpp>
//   template std::unique_ptr<painters::front::LoadedModel>
//   painters::front::open_model_on<painters::backend::OneDnn>(const std::filesystem::path&,
//                                                             const painters::ModelOptions&);
//
// in one translation unit for each backend, side by side, keeps all others quick to compile. A
// program of one translation unit includes this and backend/built_in_all.hpp and needs no more.
#pragma once

#include <filesystem>
#include <memory>

#include <painters/front/causal_lm_on.hpp>
#include <painters/front/encoder_on.hpp>
#include <painters/front/loaded_model.hpp>
#include <painters/models/families.hpp>
#include <painters/models/model_file.hpp>

namespace painters::front {

template <class B>
std::unique_ptr<LoadedModel> open_model_on(const std::filesystem::path& path,
                                           const ModelOptions& options) {
  if (models::kind_of(models::ModelFile::open(path)) == models::ModelKind::encoder)
    return detail::EncoderOn<B>::open(path, options);
  return detail::CausalLmOn<B>::open(path, options);
}

}  // namespace painters::front
