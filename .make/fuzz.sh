#!/usr/bin/env bash
# fuzz.sh FOLDER RUNS MINUTES TARGET...   runs the fuzz targets built in FOLDER one after the other, and prints a table.
# Memory: a target may take 64 MB at once and 1 GB in all. Time: 60 seconds for one input, as the machine may be busy.
# An input that ends a target is left in FOLDER/TARGET.found.
set -uo pipefail

folder=$1 runs=$2 minutes=$3
shift 3
export ASAN_OPTIONS=detect_leaks=1:malloc_context_size=3:quarantine_size_mb=64:allocator_release_to_os_interval_ms=-1

number() { awk -v name="stat::$1:" '$1 == name { print $2 }' "$2"; }

rows=$(printf '%-14s%16s%10s%10s' target executions seconds crashes)
failed=0
for target in "$@"; do
  log=$folder/$target.log start=$(date +%s) crashes=0
  mkdir -p "$folder/corpus/$target" "$folder/$target.found"
  "$folder/$target" -runs="$runs" -max_total_time=$((60 * minutes)) -print_final_stats=1 -max_len=4096 -timeout=60 \
    -malloc_limit_mb=64 -rss_limit_mb=1024 -verbosity=1 -artifact_prefix="$folder/$target.found/" \
    "$folder/corpus/$target" "tests/fuzz/corpus/$target" >"$log" 2>&1 || crashes=1
  executions=$(number number_of_executed_units "$log")
  [ $crashes -eq 0 ] && [ -n "$executions" ] || { failed=1; tail -n 40 "$log" >&2; }
  rows+=$'\n'$(printf '%-14s%16s%10s%10s' "$target" "${executions:-?}" $(($(date +%s) - start)) $crashes)
done
echo "$rows"
exit $failed
