#!/usr/bin/env python3
"""A header includes a standard header if it uses something of it and only then, and a header of painters only if it
uses something that is declared there: includes.py SOURCE_DIR ROOM... judges the headers of these rooms and those
that belong to no room. It looks for names as text, so it may miss an include that is not needed, but what it reports can be
removed."""
import pathlib
import re
import sys

# The names for which a standard header is included. The test fails on a header that is not listed here.
NAMES = {
    "algorithm": r"std::(ranges::)?(min|max|minmax|clamp|sort|stable_sort|partial_sort|nth_element|copy|copy_n|copy_if|fill|fill_n|find|find_if|find_if_not|find_first_of|any_of|all_of|none_of|count|count_if|transform|reverse|reverse_copy|rotate|equal|lower_bound|upper_bound|equal_range|binary_search|swap_ranges|unique|remove|remove_if|min_element|max_element|minmax_element|mismatch|search|for_each|generate|lexicographical_compare|is_sorted|adjacent_find|replace|move_backward|copy_backward|merge|inplace_merge|push_heap|pop_heap|make_heap|shuffle|set_difference|partition|stable_partition|is_permutation|iter_swap|includes|contains|starts_with)\b",
    "array": r"std::(array|to_array)\b",
    "atomic": r"std::(atomic\w*|memory_order\w*)\b",
    "bit": r"std::(bit_cast|endian|countr_zero|countl_zero|popcount|bit_ceil|bit_floor|bit_width|has_single_bit|rotl|rotr)\b",
    "cassert": r"\bassert\(",
    "cctype": r"std::(is\w+|to(upper|lower))\(",
    "cerrno": r"\berrno\b|\bE[A-Z]+\b",
    "charconv": r"std::(from_chars|to_chars|chars_format)",
    "chrono": r"std::chrono",
    "climits": r"\b(CHAR_BIT|(U?(INT|LONG|LLONG|CHAR|SHRT))_(MAX|MIN))\b",
    "cmath": r"std::(abs|fabs|exp|exp2|expm1|log|log2|log10|log1p|pow|sqrt|cbrt|sin|cos|tan|tanh|atan\w*|erf\w*|floor|ceil|round|lround|llround|rint|nearbyint|trunc|fma|fmin|fmax|fmod|remainder|ldexp|frexp|scalbn|isnan|isinf|isfinite|signbit|copysign|hypot|nextafter|numbers)\b|\b(INFINITY|NAN|HUGE_VAL)\b",
    "compare": r"std::(strong|weak|partial)_ordering|<=>",
    "concepts": r"std::(same_as|derived_from|convertible_to|common_with|integral|signed_integral|unsigned_integral|floating_point|assignable_from|swappable\w*|destructible|constructible_from|default_initializable|move_constructible|copy_constructible|movable|copyable|semiregular|regular|equality_comparable\w*|totally_ordered\w*|invocable|regular_invocable|predicate|relation)\b",
    "condition_variable": r"std::condition_variable",
    "csignal": r"std::(signal|raise|sig_atomic_t)|\bSIG[A-Z]+\b",
    "cstddef": r"\b(std::)?(size_t|ptrdiff_t|nullptr_t|max_align_t)\b|std::byte\b|\boffsetof\b",
    "cstdint": r"\bu?int(_fast|_least)?(8|16|32|64|max|ptr)_t\b|\bU?INT(8|16|32|64)_(MAX|MIN|C)\b",
    "cstdio": r"\b(std::)?(FILE|f(open|close|read|write|seek|tell|puts|flush|printf)|s?n?printf|remove|rename|perror|puts)\b",
    "cstdlib": r"std::(abort|exit|getenv|strto\w+|malloc|free|aligned_alloc|abs|div|system|atexit|quick_exit|_Exit)\b|\bEXIT_\w+",
    "cstring": r"\b(std::)?(mem(cpy|set|move|cmp|chr)|str(len|cmp|ncmp|error|chr|str|cpy|ncpy))\b",
    "ctime": r"\b(std::)?(time|tm|gmtime|localtime|strftime|time_t|mktime|clock)\b",
    "cwchar": r"\bw(char_t|mem\w+|cs\w+)\b",
    "deque": r"std::deque\b",
    "exception": r"std::(exception\w*|current_exception|rethrow_exception|make_exception_ptr|terminate|uncaught_exceptions|throw_with_nested|nested_exception)\b",
    "filesystem": r"\bfilesystem\b",
    "fstream": r"std::(basic_)?[io]?(fstream|filebuf)\b",
    "functional": r"std::(function|hash|less\w*|greater\w*|plus|minus|multiplies|equal_to|not_equal_to|invoke|ref|cref|reference_wrapper|bind\w*|identity|mem_fn|move_only_function|logical_\w+|bit_(and|or|xor|not)|negate|not_fn|boyer_moore\w*)\b|std::ranges::(less|greater|equal_to)",
    "initializer_list": r"std::initializer_list\b",
    "iomanip": r"std::(setw|setprecision|setfill|quoted|put_time|get_time|setbase)\b",
    "ios": r"std::(ios\w*|streamsize|streamoff|fixed|scientific|hex|dec|left|right|boolalpha)\b",
    "iosfwd": r"std::(basic_)?[io]?\w*stream\b",
    "iostream": r"std::(cout|cerr|cin|clog)\b",
    "istream": r"std::(basic_)?istream\b|std::(getline|ws)\b",
    "iterator": r"std::(\w*_?iterator\w*|back_inserter|inserter|front_inserter|begin|end|cbegin|cend|rbegin|rend|size|ssize|data|empty|next|prev|advance|distance|\w*iter_\w+|sentinel_for|default_sentinel\w*|indirectly_\w+)\b",
    "limits": r"std::numeric_limits\b",
    "list": r"std::list\b",
    "locale": r"std::locale\b",
    "map": r"std::(multi)?map\b",
    "memory": r"std::(\w*unique_ptr|make_unique\w*|shared_ptr|make_shared\w*|weak_ptr|enable_shared_from_this|addressof|allocator\w*|construct_at|destroy\w*|uninitialized_\w+|align|assume_aligned|to_address|pointer_traits|default_delete|static_pointer_cast|dynamic_pointer_cast)\b",
    "mutex": r"std::((recursive_|timed_)?mutex|lock_guard|unique_lock|scoped_lock|call_once|once_flag|lock|adopt_lock|defer_lock)\b",
    "new": r"\bstd::(bad_alloc|align_val_t|nothrow\w*|launder|hardware_\w+)\b|operator (new|delete)|\bnew \(|::new",
    "numbers": r"std::numbers\b",
    "numeric": r"std::(accumulate|iota|reduce|inner_product|partial_sum|adjacent_difference|gcd|lcm|midpoint|transform_reduce|(in|ex)clusive_scan)\b",
    "optional": r"std::(optional|nullopt\w*|make_optional|bad_optional_access|in_place\w*)\b",
    "ostream": r"std::(basic_)?ostream\b|std::(endl|flush)\b",
    "queue": r"std::(priority_)?queue\b",
    "random": r"std::(mt19937\w*|\w+_distribution|random_device|seed_seq|minstd\w*|\w+_engine)\b",
    "ranges": r"std::(ranges|views)::\w+",
    "ratio": r"std::ratio|std::(milli|micro|nano)\b",
    "regex": r"std::(regex|smatch|cmatch)\b",
    "set": r"std::(multi)?set\b",
    "shared_mutex": r"std::shared_(mutex|lock|timed_mutex)\b",
    "span": r"std::(span|as_bytes|as_writable_bytes|dynamic_extent|ranges::enable_view)\b",
    "sstream": r"std::(basic_)?[io]?stringstream\b|std::stringbuf\b",
    "stdexcept": r"std::(runtime_error|logic_error|out_of_range|invalid_argument|length_error|domain_error|range_error|overflow_error|underflow_error)\b",
    "string": r"\.string\(\)|std::(basic_string|u?(8|16|32)?string|to_string|getline|sto[a-z]+|char_traits|wstring)\b|\"s\b",
    "string_view": r"std::(basic_string_view|u?(8|16|32)?string_view)\b|\"sv\b|\bstruct hash<",
    "system_error": r"std::(error_code|errc|system_error|make_error_code|error_condition|\w+_category)\b",
    "thread": r"std::(this_thread|j?thread)\b",
    "tuple": r"std::(tuple\w*|tie|make_tuple|get|apply|forward_as_tuple|ignore|make_from_tuple)\b",
    "type_traits": r"std::(is_\w+|remove_\w+|add_\w+|decay\w*|conditional\w*|enable_if\w*|void_t|true_type|false_type|bool_constant|integral_constant|underlying_type\w*|common_\w+|invoke_result\w*|make_(un)?signed\w*|conjunction\w*|disjunction\w*|negation\w*|type_identity\w*|has_virtual_destructor\w*|alignment_of\w*|extent\w*|rank\w*|aligned_\w+|unwrap_\w+)\b",
    "typeindex": r"std::type_index\b",
    "typeinfo": r"\btypeid\b|std::type_info\b",
    "unordered_map": r"std::unordered_(multi)?map\b",
    "unordered_set": r"std::unordered_(multi)?set\b",
    "utility": r"std::(move|forward|swap|exchange|pair|make_pair|declval|as_const|in_range|cmp_\w+|(make_)?(index|integer)_sequence\w*|index_sequence_for|get|piecewise_construct|to_underlying|in_place\w*|unreachable|rel_ops|tuple_size\w*|tuple_element\w*)\b",
    "variant": r"std::(variant\w*|visit|holds_alternative|get|get_if|monostate|in_place\w*|bad_variant_access)\b",
    "vector": r"std::vector\b",
}


# Whoever uses a name of one of these headers must include it directly, not by way of another header: these names belong
# to one header each.
NEEDED = ("algorithm array atomic bit cassert charconv chrono cmath cstdint cstring filesystem fstream functional limits map "
          "memory mutex optional set span sstream stdexcept string string_view type_traits unordered_map unordered_set "
          "vector").split()


def code_of(text):
    """The text without comments."""
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.S)
    return re.sub(r"//[^\n]*", "", text)


def declared(code):
    """The names that a header seems to declare for those who include it."""
    names = set(re.findall(r"\b(?:class|struct|concept|enum class|enum|using|union)\s+(?:alignas\([^)]*\)\s*)?(\w+)", code))
    names |= set(re.findall(r"\b([A-Za-z_]\w*)\s*\(", code))
    names |= set(re.findall(r"\b(?:constexpr|inline|const)\b[^;(){}=]*?\b(\w+)\s*(?:=|\{|;)", code))
    names |= set(re.findall(r"#\s*define\s+(\w+)", code))
    names |= set(re.findall(r'operator\s*""\s*_?(\w+)', code)) | ({"operator<<"} if "operator<<" in code else set())
    return names - {"if", "for", "while", "switch", "return", "sizeof", "requires", "static_assert", "decltype", "noexcept",
                    "operator", "assert", "explicit", "size_t", "namespace"}


def main():
    include = pathlib.Path(sys.argv[1]) / "include"
    headers = sorted(include.glob("painters/**/*.hpp"))
    if not headers:
        sys.exit(f"expected headers in {include}, found none")
    wrong = []
    gives = {}
    reexports = {}
    for header in headers:
        text = header.read_text()
        name = str(header.relative_to(include))
        gives[name] = declared(code_of(text))
        reexports[name] = re.findall(r"#include <(painters/[^>]+)>", text)
    for header in headers:
        room = header.relative_to(include / "painters").parts[0]
        if room not in sys.argv[2:] and not room.endswith(".hpp"):
            continue
        text = header.read_text()
        code = code_of(text)
        body = re.sub(r"#\s*include[^\n]*", "", code)
        if not re.search(r"\b(namespace|#define)\b", body):
            continue  # an umbrella: all that it has is what it includes
        included = set(re.findall(r"#\s*include <([^>]+)>", code))
        plain = re.sub(r'"(\\.|[^"\\])*"', '""', body)
        for name in NEEDED:
            found = re.search(NAMES[name], plain)
            if found and name not in included:
                wrong.append(f"{header}: {found[0]} is used, <{name}> is not included: add it")
        for number, line in enumerate(text.splitlines(), 1):
            found = re.match(r"\s*#\s*include <([^>]+)>", line)
            if not found:
                continue
            place, included = f"{header}:{number}", found[1]
            if included.startswith("painters/"):
                names = gives.get(included)
                if names is None:
                    wrong.append(f"{place}: expected a header of painters, found none named {included}: correct it")
                    continue
                if not names:  # an umbrella gives what it includes
                    names = set().union(*(gives[i] for i in reexports[included]))
                if not any(re.search(rf"(?<!\w){re.escape(n)}(?!\w)", body) for n in names):
                    wrong.append(f"{place}: nothing of <{included}> is used: remove it")
            elif included in NAMES:
                if not re.search(NAMES[included], body):
                    wrong.append(f"{place}: nothing of <{included}> is used: remove it")
            elif re.fullmatch(r"[a-z_]+", included):
                wrong.append(f"{place}: <{included}> is not known to {sys.argv[0]}: add to it what the header is for")
    if wrong:
        sys.exit("\n".join(wrong))


main()
