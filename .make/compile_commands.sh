#!/usr/bin/env bash
# compile_commands.sh: from the commands that make would run (on standard input) to the JSON that editors read.
set -euo pipefail
quoted() { sed -e 's/[\\"]/\\&/g' <<<"$1"; }

separator='['
grep -E -- ' -c [^ ]+\.cpp -o ' | while read -r command; do
  file=${command#* -c }
  printf '%s\n  {"directory": "%s", "file": "%s", "command": "%s"}' "$separator" "$(quoted "$PWD")" \
    "${file%% *}" "$(quoted "$command")"
  separator=,
done
printf '\n]\n'
