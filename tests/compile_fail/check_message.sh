#!/usr/bin/env bash
# Checks the answer to a mistake: check_message.sh FILE COMMAND...
#
# FILE says in comments at its beginning what must be read, each over as many lines as it takes:
#   // expect: the sentence; each {} stands for something that was found
#   // when compiling: the sentence that the compiler shows instead, where words that it cannot show would fill the {}
#   // found: what that is, in order, separated by |
#   // column: where the mistake is in the text of a plan
# and in a comment `// here` which of its lines the user must be led to.
#
# COMMAND is a compiler: the sentence stands in the first lines of what it prints, numbers and column beside it
# and the user's line near it. Or it is a program that makes the mistake at run time and prints the error: the same
# sentence with everything filled in.
set -u -o pipefail
file=$1
shift
said() {
  awk -v key="$1" '
    /^\/\/ (expect|when compiling|found|column): / { on = index($0, "// " key ":") == 1; if (on) text = substr($0, length(key) + 6); next }
    !/^\/\// { exit }
    on { text = text substr($0, 3) }
    END { print text }' "$file"
}
sentence=$(said expect) found=$(said found) column=$(said column)
output=$(LC_ALL=C "$@" 2>&1) && { echo "the mistake was not found"; exit 1; }

if [[ $* != *-fsyntax-only* ]]; then
  IFS='|' read -ra details <<<"$found"
  for detail in "${details[@]}"; do
    detail=${detail# } detail=${detail% }
    sentence=${sentence/'{}'/$detail}
  done
  [[ -z $column ]] || sentence="the plan's text, column $column: $sentence"
  [[ $output == "$sentence" ]] && exit
  printf 'expected: %s\nfound:    %s\n' "$sentence" "$output"
  exit 1
fi

compiling=$(said 'when compiling')
[[ -z $compiling ]] || sentence=$compiling
export sentence numbers="${column:-${found//|/ }}" here="${file##*/}:$(grep -n '// here$' "$file" | cut -d: -f1):"
awk -v within=13 -v near=9 '
  function is_include() { return /^In file included from / || /^ +from / }
  function is_quotation() { return /^ *[0-9]* \| / }  # the code itself, which newer versions of g++ show more often
  function has_numbers(line,   n, i, all) {
    gsub(/[^0-9]+/, " ", line)
    n = split(ENVIRON["numbers"], all)
    for (i = 1; i <= n; ++i)
      if (all[i] ~ /^[0-9]+$/ && index(" " line " ", " " all[i] " ") == 0) return 0
    return 1
  }
  is_include() { next }
  { if (!is_quotation()) ++count; gsub(/\\\047/, "\047") }
  index($0, ENVIRON["here"]) { if (!says || !leads || count - says < says - leads) leads = count }
  index($0, ENVIRON["sentence"]) && !says { says = count }
  index($0, ENVIRON["sentence"]) && count <= within && has_numbers($0) { complete = 1 }
  END {
    if (!says) wrong = "the sentence is missing: " ENVIRON["sentence"]
    else if (says > within) wrong = "the sentence comes in line " says ", after " within
    else if (!complete) wrong = "the numbers are not beside the sentence: " ENVIRON["numbers"]
    else if (!leads) wrong = "the user is not led to " ENVIRON["here"]
    else if (leads - says > near || says - leads > near) wrong = "the sentence is in line " says ", the user'"'"'s in " leads
    if (wrong) { print wrong; exit 1 }
    print "sentence in line " says ", the user'"'"'s in line " leads
  }' <<<"$output" || { echo "$output"; exit 1; }
