#!/usr/bin/env bash
# The equation index, and the check behind it. Every equation of docs/equations.list has
#   its place in the docs    \anchor eq_2_12, once, in docs/
#   its line of code         code // (2.12), in src/ or chapters/
#   its function's mark      @eqimpl{2,12}
#   its test                 BOOST_AUTO_TEST_CASE(eq_2_12...) in tests/
# What the report does not number (the steps of an algorithm, a listing) has a row that names its place, its lines and its
# tests, and all of them must be there; so must every test that a page names by \testcase{...}.
# Prints the index as a page for Doxygen; names what is missing on stderr and exits with status 1.
#   docs/equations.sh              > page
#   docs/equations.sh --links DIR  checks that every line the index leads to is in the site in DIR
set -euo pipefail
cd "$(dirname "$0")/.."

list=${EQUATIONS:-docs/equations.list}
missing=0
miss() { echo "docs/equations.sh: ($1) $2" >&2; missing=1; }
rows() { sed '/^#/d; s/ *| */|/g' "$list"; }
is_number() { [[ $1 =~ ^[0-9] ]]; }

# What the sources and the pages have, read once: lines of code whose comment begins with an equation number (several may
# stand in a row), as file:line:code; equations that functions are marked with; names of tests; anchors; files.
numbered=$(grep -rnE --include='*.cpp' --include='*.hpp' '^ *[^/ ].*// \([0-9.]+\)' src chapters | sort -t: -k1,1 -k2,2n)
marked=$(grep -rhoE '[@\\]eqimpl\{[0-9,]+\}' src chapters | sort -u)
all_tests=$(grep -rhoE 'TEST_CASE(_TEMPLATE)?\(\w+' tests --include='*.cpp' | sed 's/.*(//' | sort -u)
anchors=$(grep -rhoE '\\anchor \w+|\{#\w+\}' docs --include='*.md' | sed -E 's/\\anchor |[{}#]//g')
files=$(find src chapters tests -type f)

lines_of_number() { grep -E "// (\([0-9.]+\),? )*\(${1//./\\.}\)([ ,;]|$)" <<<"$numbered" || true; }

# The lines of a row without a number: those of a file that hold a text, or the first one of code in a named snippet.
lines_of_places() {
  local file text
  while read -r file text; do
    file=$(ls -d "src/$file" "chapters/$file" 2>/dev/null || true)
    [ -n "$file" ] || continue
    if [[ $text == \[* ]]; then
      awk -v tag="//! $text" 'inside && !/^ *\/\// { print FILENAME ":" FNR ":" $0; exit } index($0, tag) { inside = 1 }' "$file"
    else
      grep -nF -- "$text" "$file" | sed "s|^|$file:|" || true
    fi
  done < <(sed 's/ *; */\n/g' <<<"$1")
}

# lines_of NAME PLACES
lines_of() { if is_number "$1"; then lines_of_number "$1"; else lines_of_places "$2"; fi; }

# What Doxygen calls the page that shows a source file, and the line in it. Where files share a name, the page has the
# folders too, but for those that all of them share.
link_of() {
  local name=${1##*/} same common
  same=$(grep -F "/$name" <<<"$files" | grep -x ".*/${name//./\\.}")
  if [ "$(wc -l <<<"$same")" -gt 1 ]; then
    common=$(sed '$!{N;s|^\(.*/\).*\n\1.*$|\1\n\1|;D;}' <<<"$same")
    name=${1#"$common"}
  fi
  printf '%s_source.html#l%05d' "$(sed 's/_/__/g; s|/|_2|g; s/\./_8/g' <<<"$name")" "$2"
}

# Code and names in a form that Doxygen shows as they stand.
escape() { sed -E 's/([*_`\@#]|::)/\\\1/g; s/&/\&amp;/g; s/</\&lt;/g; s/>/\&gt;/g'; }

tests_of() { grep -xE "\w*eq_${1//./_}(_[a-zA-Z]\w*)?" <<<"$all_tests" || true; }
has_test() { grep -qx "$1" <<<"$all_tests"; }

# How often docs/ has that place: an anchor or the name of a heading.
places_named() { grep -cx "$1" <<<"$anchors" || true; }

if [ "${1:-}" = --links ]; then
  while IFS='|' read -r name _ _ _ places _; do
    while IFS=: read -r file line _; do
      [ -n "$file" ] || continue
      link=$(link_of "$file" "$line")
      grep -qs "name=\"${link#*#}\"" "$2/${link%#*}" || miss "$name" "no line ${link#*#} in $2/${link%#*}"
    done < <(lines_of "$name" "$places")
  done < <(rows)
  exit $missing
fi

cat <<'PAGE'
# Equation index {#equations}

From the report's number to the formula, to the line that computes it, to the tests that fail if that line is changed.
This page is made from the sources at every build, and the build fails if a row lacks one of them.
\ref by_function is the same table sorted by function. Run one equation's tests by its number:
<code>build/tests \-\-run_test='*/eq_2_12\*'</code>.

\htmlonly
<p id="index-filter" hidden><label>Show rows with <input type="search" placeholder="2.12, chain rule, erratum, Adam"></label> <span></span></p>
<script>
document.addEventListener('DOMContentLoaded', () => {
  const box = document.getElementById('index-filter'), input = box.querySelector('input');
  const rows = [...document.querySelectorAll('table.equation-index tr')].slice(1);
  const show = () => {
    const words = input.value.toLowerCase().split(/\s+/).filter(word => word);
    let shown = 0;
    for (const row of rows) {
      const text = row.textContent.toLowerCase();
      row.hidden = !words.every(word => text.includes(word));
      shown += !row.hidden;
    }
    box.querySelector('span').textContent = `${shown} of ${rows.length}`;
  };
  box.hidden = false;
  input.addEventListener('input', show);
  // A link to a row shows it whatever was typed.
  addEventListener('hashchange', () => { input.value = ''; show(); });
  show();
});
</script>
\endhtmlonly

<table class="equation-index">
<tr><th>Report</th><th>What</th><th>Line of code, and its tests</th></tr>
PAGE
while IFS='|' read -r name first second third places tests; do
  if is_number "$name"; then
    anchor=eq_${name//./_} row=${name//./_} title="\\eq{${name/./,}}" what=$first words=$second
    grep -qE "eqimpl\{${name/./,}\}" <<<"$marked" || miss "$name" "no function is marked @eqimpl{${name/./,}}"
    tests=$(tests_of "$name")
    [ -n "$tests" ] || miss "$name" "no test is named $anchor..."
  else
    anchor=$name row=$name title="\\ref $name \"$first\"" what=$second words=$third
    [ -n "$tests" ] || miss "$name" "no test is named"
    for test in $tests; do has_test "$test" || miss "$name" "no such test: $test"; done
    while read -r place; do
      [ -n "$(lines_of_places "$place")" ] || miss "$name" "no such line: $place"
    done < <(sed 's/ *; */\n/g' <<<"$places")
  fi
  [ "$(places_named "$anchor")" = 1 ] || miss "$name" "\\anchor $anchor stands $(places_named "$anchor") times in docs/, expected once"
  code=
  while IFS=: read -r file line text; do
    [ -n "$file" ] || continue
    code+="<a href=\"$(link_of "$file" "$line")\">$(escape <<<"${file#src/}:$line")</a>"
    code+="$(sed -nE 's/.*\/\/ (\([0-9.]+\),? ?|step [0-9])+/ /p' <<<"$text" | escape)<br>"
    code+="<code>$(sed -E 's/^ *//; s/ *\/\/ .*//' <<<"$text" | escape)</code><br>"
  done < <(lines_of "$name" "$places")
  [ -n "$code" ] || miss "$name" "no line of code"
  tests=$(sed -E 's/\w+/\\testcase{&}/g; s/ /, /g' <<<"${tests//$'\n'/ }")
  echo "<tr><td>\\anchor index_$row $title</td><td>$(escape <<<"$what")<br><small>$words</small></td><td>$code<small>$tests</small></td></tr>"
done < <(rows)
echo '</table>'

# The tests that the pages name must exist.
while read -r name; do
  miss "$name" "no such test, but docs/ names it"
done < <(comm -23 <(grep -rhoE '\\testcase\{\w+\}' docs --include='*.md' | sed 's/.*{//; s/}//' | sort -u) <(echo "$all_tests"))
exit $missing
