# Turns the comments of a header into comments of Doxygen, line for line.

# The comment at the head belongs to the file; indented lines in it are a table and stay one. The hold space is not empty
# inside a table.
1,/^#pragma once/{
  /^\/\/  /{
    s|^//  \{0,1\} \{0,1\}||
    x
    /^$/!{
      x
      b head
    }
    s|^|table|
    x
    s|^|\\verbatim |
    b head
  }
  s|@\([a-z_]*\)(|\\@\1(|g
  /`/!s|<\([a-z]\)|\\<\1|g
  s|^//||
  x
  /^$/!{
    s|.*||
    x
    s|^|\\endverbatim|
    b head
  }
  x
  :head
  1s|^|/** |
  s|#pragma once|\\file */|
  b
}

# The name of a method in a plan is not a command, and <svg> not an element of the page.
/^ *\/\//{
  s|@\([a-z_]*\)(|\\@\1(|g
  /`/!s|<\([a-z]\)|\\<\1|g
}

# Two members on a line share its comment.
s|^\( *\)\([A-Za-z].*\) \([a-z_]*\)\( = [^,]*\)\{0,1\}, \([a-z_]*\)\( = [^,]*\)\{0,1\};  *// \(.*\)$|\1\2 \3\4; /**< \7 */ \2 \5\6; /**< \7 */|

# A comment at the end of a member's line belongs to the member.
/^} /!s|\([;,}]  *\)// \(.*\)$|\1///< \2|

# What many classes have in common is documented once, here, unless the class does so itself.
s|^ *static constexpr std::size_t capacity(std::size_t|/** The most nodes that transform() makes of a plan of so many. */ &|
s|^ *constexpr Plan transform(PlanView|/** The plan that this makes of another; its errors are those of the header's comment. */ &|
s|^ *\(\[\[nodiscard\]\] \)\?\(static \)\?\(constexpr \)\?std::size_t size() |/** How many there are. */ &|
s|^ *\(constexpr \)\?bool empty() |/** Whether there is none. */ &|
s|^ *\(constexpr \)\?\(const \)\?float\* data() |/** The first element. */ &|
s|^ *\(friend \)\?\(constexpr \)\?bool operator==(.*= default;$|/** Equal where all members are. */ &|
s|^  [A-Z][A-Za-z]*([A-Z][A-Za-z]*&& other) noexcept|/** Takes the other's place. */ &|
s|^  [A-Z][A-Za-z]*& operator=([A-Z][A-Za-z]*&& other) noexcept|/** Takes the other's place. */ &|
s|^  [A-Z][A-Za-z]*(const [A-Z][A-Za-z]*& other)|/** Copies the contents. */ &|
s|^  [A-Z][A-Za-z]*& operator=(const [A-Z][A-Za-z]*& other) {|/** Copies the contents. */ &|
s|^  [A-Z][A-Za-z]*(\([A-Z][A-Za-z]*\)\?\(&&\)\?)\( noexcept\)\? = default;|/** As usual. */ &|
s|^  [A-Z][A-Za-z]*& operator=([A-Z][A-Za-z]*&&)\( noexcept\)\? = default;|/** As usual. */ &|
s|^ *\(constexpr \)\?const [A-Za-z]*& operator\[\](std::size_t [a-z]*) const|/** That of this number, counted from 0, which must be there. */ &|
s|^ *Positions<Bounds...> positions;|/** Where it applies. */ &|
s|^ *constexpr [A-Z][A-Za-z]*(std::size_t first, std::size_t last) requires(sizeof...(Bounds) == 0)|/** At positions first to last, both included. */ &|
s|^ *\(static \)\?constexpr bool whole_plan()|/** Whether no range was given. */ &|
s|^ *\(static \)\?constexpr std::size_t first()|/** The first position. */ &|
s|^ *\(static \)\?constexpr std::size_t last()|/** The last position, included. */ &|
s|^ *C combinator;|/** What is applied. */ &|
s|^ *const std::filesystem::path& path() const|/** The file, as it was named. */ &|
s|^ *std::size_t rows() const|/** The number of rows. */ &|
s|^ *std::size_t cols() const|/** The number of columns. */ &|
s|^ *constexpr operator PlanView() const|/** Seen as all other code takes plans. */ &|

# The namespace of an instruction set is inline, so the pages leave it out.
s|painters::backend::inline PAINTERS_ISA|painters::backend|

# Deduction guides say nothing that the constructors do not.
s|^[A-Z][A-Za-z]*(.*) *-> *[A-Z].*;$||
/^template <.*>$/{
  N
  s|^[^\n]*\n[A-Z][A-Za-z]*(.*) *-> *[A-Z].*;$|\n|
  P
  D
}
