#!/usr/bin/env bash
# same_bits.sh HERE ARM: the program short_trainings, built for this processor and for a 64-bit ARM (which qemu plays),
# prints the same hashes: three steps of each network, with one thread and with two.
set -euo pipefail
cd "$(dirname "$0")/../.."
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
gzip -dc tests/data/mnist/train-images-idx3-ubyte.gz >"$scratch/images"
gzip -dc tests/data/mnist/train-labels-idx1-ubyte.gz >"$scratch/labels"

arguments=("$scratch/images" "$scratch/labels" 3 3)
"$1" "${arguments[@]}" >"$scratch/here"
qemu-aarch64 -L /usr/aarch64-linux-gnu "$2" "${arguments[@]}" >"$scratch/arm"
cat "$scratch/arm"
diff "$scratch/here" "$scratch/arm" >&2 || { echo "same_bits.sh: this processor (<) and a 64-bit ARM (>) differ" >&2; exit 1; }
echo "The same bits as on this processor."
