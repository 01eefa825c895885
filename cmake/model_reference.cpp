// Models on the reference backend, for programs that link painters::model; see
// painters/front/loaded_model_on.hpp.
#include <painters/backend/reference.hpp>
#include <painters/front/loaded_model_on.hpp>

namespace painters::front {

template std::unique_ptr<LoadedModel> open_model_on<backend::Reference>(
    const std::filesystem::path&, const ModelOptions&);

}  // namespace painters::front
