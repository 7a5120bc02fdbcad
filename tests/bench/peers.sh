#!/usr/bin/env bash
# peers.sh FOLDER PACKAGE...: installs what `make bench` compares with, as far as it can be had; says what it has to do without.
set -uo pipefail

onnxruntime=onnxruntime-node@1.30.0
folder=$1
shift
packages=$(cd "$(dirname "$0")/../../.make" && pwd)/packages.sh

for package in "$@"; do
  "$packages" "$package" || echo "bench: going on without $package" >&2
done

# ONNX Runtime's binaries come inside the package; its install script would fetch more of them, for graphics cards.
[ -e "$folder/node_modules/onnxruntime-node" ] && exit 0
command -v node >/dev/null && command -v npm >/dev/null || "$packages" nodejs npm || exit 0
echo "bench: installing the npm package $onnxruntime"
mkdir -p "$folder"
npm install --prefix "$folder" --ignore-scripts --no-save --no-audit --no-fund --loglevel=error \
  --fetch-retries=1 "$onnxruntime" >/dev/null || echo "bench: going on without $onnxruntime" >&2
