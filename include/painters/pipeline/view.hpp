// Which types are views: their copies share the values of the original, so that the branches of a
// parallel group would overwrite each other. Views cannot be states.
//
// Known for what they are: pointers, std::span and all views of the standard library,
// std::reference_wrapper, Eigen::Map, Ref and Block, views of xtensor, whatever gives numbers that
// can be written to although it is const itself, containers of these, and structs with a member
// that is a pointer to numbers or one of these. What hides its pointer is found when it is copied,
// see copies.hpp.
#pragma once

#include <concepts>
#include <cstddef>
#include <span>  // declares std::ranges::enable_view
#include <type_traits>
#include <utility>

namespace painters {

namespace pipeline_detail {

template <class R>
concept Writable = std::is_lvalue_reference_v<R> && !std::is_const_v<std::remove_reference_t<R>>;

/// Const objects of the type refer to values that are not const.
template <class T>
concept ShallowRange = std::is_class_v<T> && requires(const T& x) {
  requires Writable<decltype(*std::begin(x))>;
};
template <class T>
concept ShallowData = std::is_class_v<T> && requires(const T& x) {
  requires Writable<decltype(*x.data())>;
};
template <class T>
concept ShallowReference = std::is_class_v<T> && requires(const T& x) {
  requires Writable<decltype(x.get())>;
};
template <class T>
concept ShallowPointer = std::is_class_v<T> && requires(const T& x) {
  requires Writable<decltype(*x)>;
};

/// A library's type that is computed from, or refers to, what another of its types owns; that one
/// is PlainObject in Eigen and temporary_type in xtensor.
template <class T>
concept RefersToPlainObject = requires {
  typename T::PlainObject;
}
&&!std::derived_from<T, typename T::PlainObject>;
template <class T>
concept RefersToTemporaryType = !std::default_initializable<T> && requires {
  typename T::temporary_type;
}
&&!std::derived_from<T, typename T::temporary_type>;

template <class R>
struct HasNumbersBehind : std::bool_constant<std::floating_point<R>> {};
template <class R>
requires requires { typename R::value_type; }
struct HasNumbersBehind<R> : std::bool_constant<std::floating_point<typename R::value_type>> {};
template <class R>
inline constexpr bool numbers_behind = HasNumbersBehind<std::remove_reference_t<R>>::value;

template <class T>
constexpr bool has_shared_member();
template <class T>
constexpr bool shares_numbers_as_element();

/// Whether a member of this type makes a view of its struct. One that only reads does not, nor does
/// one that may be there for another purpose, such as a pointer to a backend; a smart pointer can
/// be part of a state that copies before it writes.
template <class T>
constexpr bool shares_numbers() {
  if constexpr (std::is_pointer_v<T>)
    return !std::is_const_v<std::remove_pointer_t<T>> && numbers_behind<std::remove_pointer_t<T>>;
  else if constexpr (ShallowRange<T>)
    return numbers_behind<decltype(*std::begin(std::declval<const T&>()))>;
  else if constexpr (ShallowReference<T>)
    return numbers_behind<decltype(std::declval<const T&>().get())>;
  else if constexpr (RefersToPlainObject<T>)
    return requires(T & x) { requires Writable<decltype(*x.data())>; };
  else if constexpr (requires(T & x) { std::begin(x) != std::end(x); })
    return shares_numbers_as_element<
        std::remove_cvref_t<decltype(*std::begin(std::declval<T&>()))>>();
  else
    return has_shared_member<T>();
}

/// The same for elements of a container. Does not look into structs, which may hold containers of
/// themselves.
template <class T>
constexpr bool shares_numbers_as_element() {
  if constexpr (std::is_aggregate_v<T> && !requires(T & x) { std::begin(x); })
    return false;
  else
    return shares_numbers<T>();
}

// Stand for a member of a struct when it is asked what it can be initialised with. Never defined.
struct SharedMember {
  template <class V>
  requires(shares_numbers<V>()) operator V() const;
};
struct NoMember {};

/// Whether member number `Member` can be initialised with a Last. Braces initialise the members
/// before it.
template <class T, class Last, std::size_t Member>
inline constexpr bool takes_member = false;
template <class T, class Last>
inline constexpr bool takes_member<T, Last, 0> = requires {
  T{Last{}};
};
template <class T, class Last>
inline constexpr bool takes_member<T, Last, 1> = requires {
  T{{}, Last{}};
};
template <class T, class Last>
inline constexpr bool takes_member<T, Last, 2> = requires {
  T{{}, {}, Last{}};
};
template <class T, class Last>
inline constexpr bool takes_member<T, Last, 3> = requires {
  T{{}, {}, {}, Last{}};
};
template <class T, class Last>
inline constexpr bool takes_member<T, Last, 4> = requires {
  T{{}, {}, {}, {}, Last{}};
};
template <class T, class Last>
inline constexpr bool takes_member<T, Last, 5> = requires {
  T{{}, {}, {}, {}, {}, Last{}};
};

template <class T, std::size_t... Member>
constexpr bool has_shared_members(std::index_sequence<Member...>) {
  return ((takes_member<T, SharedMember, Member> && !takes_member<T, NoMember, Member>) || ...);
}
template <class T>
constexpr bool has_shared_member() {
  if constexpr (std::is_aggregate_v<T> && std::is_class_v<T>)
    return has_shared_members<T>(std::make_index_sequence<6>{});  // the first of many
  else
    return false;
}

template <class T>
constexpr bool looks_like_view() {
  if constexpr (std::is_pointer_v<T> || ShallowRange<T> || ShallowData<T> || ShallowReference<T> ||
                ShallowPointer<T> || RefersToPlainObject<T> || RefersToTemporaryType<T>)
    return true;
  else if constexpr (std::is_class_v<T>)
    return std::ranges::enable_view<T> || shares_numbers<T>();
  else
    return false;
}

}  // namespace pipeline_detail

/// Whether T is a view and so no state. Specialise it for a type that is taken for the other kind:
/// template <> inline constexpr bool painters::is_view<Mine> = false;
template <class T>
inline constexpr bool is_view = pipeline_detail::looks_like_view<T>();

}  // namespace painters
