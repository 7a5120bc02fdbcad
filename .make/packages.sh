#!/usr/bin/env bash
# packages.sh NAME...           installs those of these Debian packages that are missing; silent and instant if none is.
# packages.sh --check NAME...   installs nothing: names what is missing and the command that installs it.
set -euo pipefail

check=
[ "${1:-}" = --check ] && check=yes && shift
[ $# -gt 0 ] || exit 0

# Another system's packages have other names: there the compiler will say what it does not find.
[ -n "$check" ] && ! command -v dpkg-query >/dev/null && exit 0

there=$(dpkg-query -W -f '${Package} ${db:Status-Status}\n' "$@" 2>/dev/null || true)
missing=()
for name in "$@"; do
  grep -qx "$name installed" <<<"$there" || missing+=("$name")
done
[ ${#missing[@]} -eq 0 ] && exit 0

as_root=()
[ "$(id -u)" -eq 0 ] || as_root=(sudo)

stop() {
  echo "packages: $1. Missing: ${missing[*]}" >&2
  echo "packages: install them with: ${as_root[*]:+${as_root[*]} }apt-get install ${missing[*]}" >&2
  echo "packages: if you have them under other names, add PACKAGES= to the make command to skip this check" >&2
  exit 1
}

[ -z "$check" ] || stop "this command installs nothing"
command -v apt-get >/dev/null || stop "this system has no apt-get"
if [ ${#as_root[@]} -gt 0 ]; then
  sudo -n true 2>/dev/null || stop "not root, and sudo asks for a password"
  as_root=(sudo -n)
fi

echo "packages: installing ${missing[*]}"
"${as_root[@]}" apt-get update -qq || echo "packages: apt-get update failed, going on with the old lists" >&2
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
  apt-get install -qq -y --no-install-recommends "${missing[@]}" >/dev/null || stop "apt-get install failed"
