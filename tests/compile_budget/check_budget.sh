#!/usr/bin/env bash
# Checks what FILE may cost: check_budget.sh FILE FOLDER NM COMPILER ARGUMENT...
#
# FILE says in its first lines how many times as long it may take to compile with PAINTERS_LARGE as without, and how
# long a symbol of the large one may be, except for those of a function, named as compilers do:
#   // at most: 1.5
#   // longest symbol: 1000 but for N8painters3run
#
# What counts is processor time, the smallest of several turns, because other work on the machine slows only some of
# them. Five turns say that a file keeps to its budget; it takes twenty to say that it does not. A file that takes long
# says how many turns it is given for either:
#   // turns: 1 5
set -eu
file=$1 folder=$2 nm=$3
shift 3
said() { sed -n "s|^// $1: ||p" "$file"; }
object="$folder/$(basename "$file" .cpp)"
TIMEFORMAT='%U %S'
milliseconds() {
  { time "$@" -c "$file" -o "$object.o" >"$object.log" 2>&1; } 2>&1 || { cat "$object.log" >&2; exit 1; }
}

limit=$(said 'at most') times='' kept=1
read -r fewest most <<<"$(said turns)" || true
for ((turn = 1; turn <= ${most:-20}; ++turn)); do
  small=$(milliseconds "$@" -O2 -DPAINTERS_LARGE=0)
  large=$(milliseconds "$@" -O2 -DPAINTERS_LARGE=1)
  times+="$small $large"$'\n'
  ((turn >= ${fewest:-5})) || continue
  kept=0
  verdict=$(printf '%s' "$times" | awk -v limit="$limit" '
    { small = $1 + $2; large = $3 + $4 }
    NR == 1 || small < least_small { least_small = small }
    NR == 1 || large < least_large { least_large = large }
    END {
      printf "%.2f s and %.2f s, %.2f times, at most %s\n", least_small, least_large, least_large / least_small, limit
      exit least_large > limit * least_small
    }') || kept=1
  ((kept)) || break
done
echo "$verdict"
((!kept)) || exit 1

symbols=$(said 'longest symbol')
[[ -n $symbols ]] || exit 0
read -r longest _ _ except <<<"$symbols"
milliseconds "$@" -O0 -DPAINTERS_LARGE=1 >/dev/null
"$nm" "$object.o" | awk -v longest="$longest" -v except="$except" '
  $NF ~ "^_ZZ?" except { ++excepted; next }
  length($NF) > found { found = length($NF); name = $NF }
  END {
    print "longest symbol: " found ", at most " longest ": " substr(name, 1, 200)
    if (!excepted) print "nothing is named " except
    exit found > longest || !excepted
  }'
