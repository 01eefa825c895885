// One value whose type only the layer that uses it knows: a memory, a tape, gradients.
#pragma once

#include <painters/error.hpp>
#include <string>
#include <utility>

namespace painters {

namespace pipeline_detail {
template <class T>
inline constexpr char type_tag =
    0;  // its address names the type; works without run-time type information
}

/// Empty, or the owner of one value. Movable, not copyable.
class Slot {
 public:
  Slot() = default;
  Slot(Slot&& other) noexcept
      : value_(std::exchange(other.value_, nullptr)),
        type_(other.type_),
        destroy_(other.destroy_) {}
  Slot& operator=(Slot&& other) noexcept {
    std::swap(value_, other.value_);
    std::swap(type_, other.type_);
    std::swap(destroy_, other.destroy_);
    return *this;
  }
  ~Slot() {
    if (value_) destroy_(value_);
  }

  bool empty() const { return value_ == nullptr; }

  /// The value, which is made (default-constructed) if there is none yet. Throws Error if it is not
  /// a T.
  template <class T>
  T& get() {
    if (!value_) {
      value_ = new T();
      type_ = &pipeline_detail::type_tag<T>;
      destroy_ = [](void* value) { delete static_cast<T*>(value); };
    }
    check<T>();
    return *static_cast<T*>(value_);
  }

  /// The value. Throws Error if there is none or if it is not a T.
  template <class T>
  const T& get() const {
    check<T>();
    return *static_cast<const T*>(value_);
  }

 private:
  template <class T>
  void check() const {
    if (!value_ || type_ != &pipeline_detail::type_tag<T>)
      throw Error("a memory, tape or gradient was expected to hold what this layer uses, found " +
                  std::string(value_ ? "a value of another type" : "nothing") +
                  ": use it with the plan and pipeline it was made for.");
  }

  void* value_ = nullptr;
  const char* type_ = nullptr;
  void (*destroy_)(void*) = nullptr;
};

}  // namespace painters
