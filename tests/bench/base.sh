#!/usr/bin/env bash
# base.sh COMMIT FOLDER: exports an earlier version into a folder in FOLDER, to be built and measured; prints which.
set -euo pipefail

commit=$(git rev-parse --verify --quiet "$1^{commit}") || { echo "bench: there is no commit $1" >&2; exit 1; }
tree=$2/${commit:0:12}
if [ ! -d "$tree" ]; then
  rm -rf "$tree.part"
  mkdir -p "$tree.part"
  git archive "$commit" | tar -x -C "$tree.part"
  mv "$tree.part" "$tree"
fi
# Both versions take the time in the same way.
cmp -s tests/bench/worker.hpp "$tree/tests/bench/worker.hpp" || cp tests/bench/worker.hpp "$tree/tests/bench/"
echo "$tree"
