#!/usr/bin/env bash
# link.sh FOLDER: makes the folder, and a link to it in build/ whose name has no spaces; prints the link.
set -euo pipefail
link=build/link_$(cksum <<<"$1" | cut -d ' ' -f 1)
mkdir -p "$1" build
ln -sfn "$(cd "$1" && pwd)" "$link"
echo "$link"
