#!/bin/bash
# Puts the table that chapter 9 writes between the two marks in the README, in place of the one before.
#   .make/readme.sh figures/at_a_glance.md README.md
set -euo pipefail
awk -v table="$1" '
  /^<!-- end of results -->/ { skip = 0 }
  !skip { print }
  /^<!-- results/ { skip = 1; print ""; while ((getline line < table) > 0) print line; print "" }
' "$2" > "$2.part"
cat "$2.part" > "$2"
rm "$2.part"
