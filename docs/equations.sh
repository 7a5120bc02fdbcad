#!/usr/bin/env bash
# The equation index, and the check behind it: every equation of docs/equations.list has
#   its place in the docs    \anchor eq_2_12, once, in docs/
#   its line of code         code // (2.12), in src/ or chapters/
#   its function's mark      @eqimpl{2,12}
#   its test                 BOOST_AUTO_TEST_CASE(eq_2_12...) in tests/
# and every test that a page names by \testcase{...} must exist.
# Prints the index as a page for Doxygen; names what is missing on stderr and exits with status 1.
#   docs/equations.sh              > page
#   docs/equations.sh --links DIR  checks that every line the index leads to is in the site in DIR
set -euo pipefail
cd "$(dirname "$0")/.."

list=${EQUATIONS:-docs/equations.list}
missing=0
miss() { echo "docs/equations.sh: ($1) $2" >&2; missing=1; }

# Lines of code whose comment begins with an equation number, as file:line:code. Several numbers may stand in a row.
lines_of() {
  local number=${1//./\\.}
  grep -rnE --include='*.cpp' --include='*.hpp' "^ *[^/ ].*// (\([0-9.]+\),? )*\(${number}\)([ ,;]|$)" src chapters | sort -t: -k1,1 -k2,2n || true
}

# What Doxygen calls the page that shows a source file, and the line in it. Where files share a name, the page has the
# folders too, but for those that all of them share.
link_of() {
  local name=${1##*/} files common
  files=$(find src chapters tests -name "$name")
  if [ "$(wc -l <<<"$files")" -gt 1 ]; then
    common=$(sed '$!{N;s|^\(.*/\).*\n\1.*$|\1\n\1|;D;}' <<<"$files")
    name=${1#"$common"}
  fi
  printf '%s_source.html#l%05d' "$(sed 's/_/__/g; s|/|_2|g; s/\./_8/g' <<<"$name")" "$2"
}

# Code and names in a form that Doxygen shows as they stand.
escape() { sed -E 's/([*_`\@#]|::)/\\\1/g; s/&/\&amp;/g; s/</\&lt;/g; s/>/\&gt;/g'; }

tests_of() {
  grep -rhoE "TEST_CASE(_TEMPLATE)?\(\w*eq_${1//./_}(_[a-zA-Z]\w*)?\b" tests --include='*.cpp' | sed 's/.*(//' | sort -u || true
}

links_of_all() {
  while read -r number _; do
    while IFS=: read -r file line _; do
      [ -n "$file" ] && link_of "$file" "$line" && echo
    done < <(lines_of "$number")
  done < "$list"
}

if [ "${1:-}" = --links ]; then
  while IFS='#' read -r page anchor; do
    grep -qs "name=\"$anchor\"" "$2/$page" || miss "$page" "no line $anchor in $2"
  done < <(links_of_all)
  exit $missing
fi

cat <<'PAGE'
# Equation index {#equations}

From the report's number to the formula, to the line that computes it, to the tests that fail if that line is changed.
This page is made from the sources at every build, and the build fails if an equation lacks one of them.
\ref by_function turns the index round. Run one equation's tests by its number:
<code>build/tests \-\-run_test='*/eq_2_12\*'</code>.

<table class="equation-index">
<tr><th>Equation</th><th>What</th><th>Line of code, and its tests</th></tr>
PAGE
while read -r number what; do
  anchor=eq_${number//./_}
  case $(grep -rhoE "\\\\anchor ${anchor}\b" docs --include='*.md' | wc -l) in
    0) miss "$number" "no \\anchor $anchor in docs/" ;;
    1) ;;
    *) miss "$number" "\\anchor $anchor stands more than once in docs/" ;;
  esac
  grep -rqE "[@\\\\]eqimpl\{${number/./,}\}" src chapters || miss "$number" "no function is marked @eqimpl{${number/./,}}"
  code=
  while IFS=: read -r file line text; do
    [ -n "$file" ] || continue
    code+="<a href=\"$(link_of "$file" "$line")\">$(escape <<<"${file#src/}:$line")</a>"
    code+="$(sed -nE 's/.*\/\/ (\([0-9.]+\),? ?)+/ /p' <<<"$text" | escape)<br>"
    code+="<code>$(sed -E 's/^ *//; s/ *\/\/ .*//' <<<"$text" | escape)</code><br>"
  done < <(lines_of "$number")
  [ -n "$code" ] || miss "$number" "no line of code ends in // ($number)"
  tests=$(tests_of "$number" | sed 's/.*/\\testcase{&}/')
  [ -n "$tests" ] || miss "$number" "no test is named $anchor..."
  echo "<tr><td>\\anchor index_${number//./_} \\eq{${number/./,}}</td><td>$(escape <<<"$what")</td><td>$code<small>${tests//$'\n'/, }</small></td></tr>"
done < "$list"
echo '</table>'

# The tests that the pages name must exist.
while read -r name; do
  grep -rqE "TEST_CASE(_TEMPLATE)?\(${name}\b" tests --include='*.cpp' || miss "$name" "no such test, but docs/ names it"
done < <(grep -rhoE '\\testcase\{\w+\}' docs --include='*.md' | sed 's/.*{//; s/}//' | sort -u)
exit $missing
