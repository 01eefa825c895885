// A tokenizer.model file, read and applied by the sentencepiece library.
#pragma once

#include <exception>
#include <filesystem>
#include <memory>
#include <new>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <sentencepiece_processor.h>

#include <painters/error.hpp>
#include <painters/formats/file_kind.hpp>
#include <painters/formats/mapped_file.hpp>
#include <painters/text/character_bpe.hpp>
#include <painters/text/character_map.hpp>
#include <painters/text/metaspace.hpp>
#include <painters/text/python_text.hpp>
#include <painters/text/token.hpp>
#include <painters/text/vocabulary.hpp>

namespace painters::text {

/// Shared and immutable: copies are cheap, any number of threads may encode at once.
class SentencePieceModel {
 public:
  /// Throws Error if the file is missing or the library cannot read it.
  explicit SentencePieceModel(const std::filesystem::path& path) {
    const formats::MappedFile file(path);
    const auto bytes = file.bytes();
    auto processor = std::make_shared<sentencepiece::SentencePieceProcessor>();
    const std::string_view model{reinterpret_cast<const char*>(bytes.data()), bytes.size()};
    if (bytes.empty() || !detail::has_good_character_maps(model) || !load(*processor, model)) {
      formats::refuse_other_kinds(bytes, "a SentencePiece model", path);
      throw Error("expected a SentencePiece model at " + path.string() +
                  ", found something that the library cannot read; fetch the file again");
    }
    processor_ = std::move(processor);
  }

  /// Appends the tokens of `text`. What is not UTF-8 is read as U+FFFD.
  void encode(std::string_view text, Tokens& out) const {
    std::vector<int> ids;
    if (const auto status = processor_->Encode(text, &ids); !status.ok())
      throw Error("expected a text that SentencePiece can encode, found one of " +
                  std::to_string(text.size()) + " bytes: " + status.ToString());
    out.insert(out.end(), ids.begin(), ids.end());
  }

  /// The same model, but no blank is put before a text.
  SentencePieceModel without_blank() const {
    // a message that is repeated overrides fields: normalizer_spec { add_dummy_prefix: false }
    constexpr std::string_view change{"\x1a\x02\x18\x00", 4};
    auto processor = std::make_shared<sentencepiece::SentencePieceProcessor>();
    if (!load(*processor, processor_->serialized_model_proto() + std::string(change)))
      throw Error("expected a SentencePiece model that can be read again, found one that cannot");
    SentencePieceModel model(*this);
    model.processor_ = std::move(processor);
    return model;
  }

  /// The tokens by id. Control tokens and the one for what is unknown are found in texts as a
  /// whole, as Hugging Face's tokenizers do.
  std::vector<VocabularyEntry> entries() const {
    std::vector<VocabularyEntry> entries;
    for (int id = 0; id < processor_->GetPieceSize(); ++id) {
      const std::string& piece = processor_->IdToPiece(id);
      const bool added = processor_->IsControl(id) || processor_->IsUnknown(id);
      const auto byte = processor_->IsByte(id) ? byte_of_piece(piece) : std::nullopt;
      entries.push_back({piece,
                         added  ? piece
                         : byte ? std::string(1, *byte)
                                : replace(piece, metaspace, " "),
                         added});
    }
    return entries;
  }

  /// Whether a blank is put before every text.
  bool adds_blank() const {
    std::vector<std::string> pieces;
    return processor_->Encode("a", &pieces).ok() && !pieces.empty() &&
           pieces.front().starts_with(metaspace);
  }
  /// Beginning of a text; empty if the model has none.
  std::optional<TokenId> bos() const { return token(processor_->bos_id()); }
  /// End of a text; empty if the model has none.
  std::optional<TokenId> eos() const { return token(processor_->eos_id()); }

 private:
  /// False if the bytes are no model, which the library tells by its status or by an exception.
  static bool load(sentencepiece::SentencePieceProcessor& processor, std::string_view model) {
    try {
      return processor.LoadFromSerializedProto({model.data(), model.size()}).ok();
    } catch (const std::bad_alloc&) {
      throw;
    } catch (const std::exception&) {
      return false;
    }
  }
  static std::optional<TokenId> token(int id) { return id < 0 ? std::nullopt : std::optional(id); }

  std::shared_ptr<const sentencepiece::SentencePieceProcessor> processor_;
};

}  // namespace painters::text
