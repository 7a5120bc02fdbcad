#!/usr/bin/env bash
# peers.sh FOLDER PACKAGE...: installs what `make bench` compares with, as far as it can be had; says what it has to do without.
set -uo pipefail

folder=$1
shift
packages=$(cd "$(dirname "$0")/../../.make" && pwd)/packages.sh

for package in "$@"; do
  "$packages" "$package" || echo "bench: going on without $package" >&2
done

command -v node >/dev/null && command -v npm >/dev/null || "$packages" nodejs npm || exit 0
# ONNX Runtime's binaries come inside the package; its install script would fetch more of them, for graphics cards.
for package in onnxruntime-node@1.30.0 @tensorflow/tfjs@4.22.0 @tensorflow/tfjs-backend-wasm@4.22.0; do
  [ -e "$folder/node_modules/${package%@*}" ] && continue
  echo "bench: installing the npm package $package"
  mkdir -p "$folder"
  npm install --prefix "$folder" --ignore-scripts --no-audit --no-fund --loglevel=error \
    --fetch-retries=1 "$package" >/dev/null || echo "bench: going on without $package" >&2
done
