# painters plan: explanation, table, JSON, and what it says about wrong plans.
source "$(dirname "$0")/check.sh"

run 0 plan --layers 32 --plan "0..12, mean(13..19) x3, 20..31" && is_silent
prints "calls   46 in 28 steps, 1.44 times the model's own 32"
prints "layers  32 of 32 are called (100%)"
prints "      14     |-- 13"
prints "      20     '-- 19"
prints "  21..34     the same again, 2 times"
prints "  35..46   20..31"

run 0 plan --layers 10 --plan "@skip(start=2)" && prints "plan    0..2, 8, 9"
prints "layers  5 of 10 are called (50%), left out: 3..7"
run 0 plan --layers 10 --plan none && prints "calls   0 in 0 steps" && prints "left out: 0..9"

run 0 plan --layers 10 --plan 0..9 --plan "0..3, 9" --plan "0..3, 4 x2"
prints "    10     10      10   1.00      10  0..9"
prints "     5      5       5   0.50       4  0..3, 9"
prints "     6      6       5   0.60       5  0..3, 4 x2"
prints "3 plans, 21 calls one by one, 12 when what they have in common is computed once: 1.75 times fewer"

# The paper's plans, as a list, and lists and files together with plans.
run 0 plan --layers 32 --plans paper && prints "752 plans, 121056 calls one by one, 15593 when"
prints "@looped_parallel(start=15, repeats=28)"
printf '# two plans\n\n0..9\n  0..3, 9  # the second\n' >"$folder/plans.txt"
run 0 plan --layers 10 --plan "0..3, 4 x2" --plans "$folder/plans.txt" --plans skip-one && prints "13 plans"
printf '0..9\n0..10\n' >"$folder/wrong.txt"
run 2 plan --layers 10 --plans "$folder/wrong.txt" && complains "wrong.txt: \"0..10\"" && complains "column 4"
: >"$folder/empty.txt"
run 1 plan --layers 10 --plans "$folder/empty.txt" && complains "a plan on every line"
run 2 plan --layers 10 --plans skips && complains "there is no list of plans"

run 0 plan --layers 3 --plan "0, mean(1, 2.ffn)" --format json
for field in '"calls_together": 3' '"calls": 3' '"steps": 2' '"relative_cost": 1.0' '"layer": 2' '"step": 1' '"canonical": "0, mean(1, 2.ffn)"'; do
  prints "$field"
done

run 2 plan --layers 30 --plan "0..12, 40" && complains "the model has 30 layers"
run 2 plan --layers 30 --plan "0, mean()" && complains "column 9"
run 2 plan --layers 30 --plan "" && complains "column 1"
run 2 plan --layers 30 --plan "13..19 x3" && complains "(13..19) x3"
run 2 plan --layers 30 --plan 0..29 --plan "0 x" && complains '--plan "0 x"'
run 0 plan --layers 30 --plan "0 x10000000" && prints "10000000"
run 2 plan --layers 30 --plan "0 x10000000" --format json && complains "at most"
run 2 plan --layers 30 --plan "0 x99999999999" && complains "column"

finish
