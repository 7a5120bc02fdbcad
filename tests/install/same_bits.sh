#!/usr/bin/env bash
# same_bits.sh BUILD BUILD...: train_cnn.cpp, linked with the library in each of these folders, prints the same numbers.
set -euo pipefail
cd "$(dirname "$0")/../.."
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
ln -s "$PWD/src" "$scratch/plaingrad"

first=
for build in "$@"; do
  "${CXX:-c++}" -std=c++20 -O2 -I"$scratch" -Isrc tests/install/train_cnn.cpp "$build/libplaingrad.a" \
    -lboost_iostreams -fopenmp -o "$scratch/train_cnn"
  printed=$("$scratch/train_cnn" tests/data/mnist)
  echo "$build: $printed"
  [ "$printed" = "${first:=$printed}" ] || { echo "same_bits.sh: the library in $build computes other numbers" >&2; exit 1; }
done
