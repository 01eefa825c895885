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
prints "3 plans, 21 calls one by one, 12 when what they have in common"
prints "is computed once: 1.75 times fewer"

# The paper's plans, as a list, and lists and files together with plans.
run 0 plan --layers 32 --plans paper && prints "752 plans, 121056 calls one by one, 15593 when"
prints "    32        992        527   @skip_one"
[ "$(wc -l <"$folder/out")" -lt 24 ] || failed "expected the plans to be summed up on a screen"
run 0 plan --layers 32 --plans paper --list && prints "@looped_parallel(start=15, repeats=28)"
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

# The shape of a known model: FLOPs, and the time on this machine, whatever it is.
run 0 plan --model-shape pythia-70m --plan 0..5 --tokens 512 --tokens-per-text 512 && is_silent
prints "6 of 6 are called" && prints "model   pythia-70m: 70.4 million parameters, 141 MB in F16"
# 512 tokens of 2 x (4 x 512 x 512 + 2 x 512 x 2048) and 4 x 512 x 256.5 FLOP, in six layers.
prints "texts   512 tokens in texts of 512: 3.49 GFLOP a call of a layer" && prints "work    20.9 GFLOP"
prints "FLOP/s, measured now with" && prints "the head (51.5 MFLOP for each token whose logits are needed)"
run 0 plan --model-shape pythia-70m --plan 0..5 --plan "0..2, 3.ffn" && prints "      one by one     together"
prints "calls            10            7"
run 0 plan --model-shape bert-tiny --plans skip-one && prints "the pooler"
# A call: 1000 tokens of 2 x (4 x 128 x 128 + 2 x 128 x 512), and 4 x 128 FLOP for each pair of seven texts of 128 tokens
# and one of 104. The feed-forward part: 1000 x 2 x 2 x 128 x 512.
run 0 plan --model-shape pythia-14m --plan "0..2, 4.ffn" --plan "0..2" --format json
for field in '"flops_of_a_call": 425601024.0' '"flops": 1538947072.0' '"flops": 1276803072.0' '"flops_one_by_one": 2815750144.0' '"flops_together": 1538947072.0' '"name": "pythia-14m"' '"parameters": 14067712' '"tokens": 1000' '"tokens_per_text": 128' '"flops_of_the_head": 12877824.0' '"calls_one_by_one": 7' '"calls_together": 4' '"seconds": ' '"seconds_together": ' '"flops_per_second": ' '"threads": '; do
  prints "$field"
done
run 2 plan --model-shape llama-2 --plan 0 && complains "found \"llama-2\"" && complains "llama-2-7b, llama-2-13b"
run 2 plan --model-shape llama-2-7b --layers 32 --plan 0 && complains "--layers"
run 2 plan --model-shape llama-2-7b --model m.gguf --plan 0 && complains "--model"
run 2 plan --layers 32 --tokens 10 --plan 0 && complains "--model-shape" && complains "found --layers"
run 2 plan --model-shape pythia-14m --tokens-per-text 0 --plan 0 && complains "--tokens-per-text"
run 2 plan --model-shape pythia-14m --plan 6 && complains "the model has 6 layers"

# A model's own file gives the same, with or without weights; one that cannot be run still gives its number of layers.
mkdir "$folder/pythia" "$folder/gemma" "$folder/mixed"
printf '{"model_type": "gpt_neox", "num_hidden_layers": 6, "hidden_size": 128, "intermediate_size": 512, "num_attention_heads": 4, "vocab_size": 50304}' >"$folder/pythia/config.json"
run 0 plan --model "$folder/pythia" --plan "0..2, 4.ffn" --plan "0..2" --format json
for field in '"flops_of_a_call": 425601024.0' '"flops_one_by_one": 2815750144.0' '"flops_together": 1538947072.0' '"name": "pythia"' '"parameters": 14067712' '"flops_of_the_head": 12877824.0' '"seconds_together": '; do
  prints "$field"
done
run 0 plan --model "$folder/pythia" --plan 0..5 --tokens 512 --tokens-per-text 512 && is_silent
prints "calls   6 in 6 steps" && prints "model   pythia: 14.1 million parameters, 28.1 MB in F16" && prints "texts   512 tokens in texts of 512"
# 1000 tokens in one text: 500500 pairs in layer 0 and, with a window of 10, 9955 in the others, of 4 x 32 FLOP each,
# besides 1000 x 2 x (4 x 32 x 32 + 3 x 32 x 48).
printf '{"model_type": "qwen2", "num_hidden_layers": 3, "hidden_size": 32, "intermediate_size": 48, "num_attention_heads": 4, "num_key_value_heads": 4, "vocab_size": 60, "use_sliding_window": true, "sliding_window": 10, "max_window_layers": 1}' >"$folder/mixed/config.json"
run 0 plan --model "$folder/mixed" --plan 0 --plan 1..2 --tokens-per-text 1000 --format json
prints '"flops": 81472000.0' && prints '"flops": 37364480.0' && prints '"flops_of_a_call": 39612160.0'
printf '{"model_type": "gemma2", "num_hidden_layers": 4}' >"$folder/gemma/config.json"
run 0 plan --model "$folder/gemma" --plan 0..3 && is_silent && prints "4 of 4 are called" && prints 'without costs: expected a model'
prints 'found "gemma2"; such models cannot be run'
run 0 plan --model "$folder/gemma" --plan 0..3 --format json && prints '"problem": "expected a model'
run 2 plan --model "$folder/gemma" --plan 4 && complains "the model has 4 layers"

run 2 plan --layers 30 --plan "0..12, 40" && complains "the model has 30 layers"
run 2 plan --layers 30 --plan "0, mean()" && complains "column 9"
run 2 plan --layers 30 --plan "" && complains "column 1"
run 2 plan --layers 30 --plan "13..19 x3" && complains "(13..19) x3"
run 2 plan --layers 30 --plan 0..29 --plan "0 x" && complains '--plan "0 x"'
run 0 plan --layers 30 --plan "0 x10000000" && prints "10000000"
run 2 plan --layers 30 --plan "0 x10000000" --format json && complains "at most"
run 2 plan --layers 30 --plan "0 x99999999999" && complains "column"

finish
