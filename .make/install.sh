#!/usr/bin/env bash
# install.sh install|uninstall: the library for other programs, below $DESTDIR$PREFIX. `make install` calls it with
# PREFIX, DESTDIR, BUILD and LIBRARIES (what a program must link besides) in the environment.
set -euo pipefail
case $PREFIX in /*) ;; *) PREFIX=$PWD/$PREFIX ;; esac
include=$DESTDIR$PREFIX/include/plaingrad lib=$DESTDIR$PREFIX/lib

# The engines' own headers stay inside, as do those that draw figures (they need gnuplot, the library does not) and the
# one that splits work over threads (it needs OpenMP's flag where it is compiled) and the one that fuses a product and a
# sum (which depends on the processor).
headers() {
  find src -maxdepth 2 -name '*.hpp' ! -path 'src/plotting/*' ! -path src/math/parallel.hpp \
    ! -path src/math/multiply_add.hpp | sort
}

# pkg-config's file for library $1; $2: what its users' code is compiled with; $3: its number type. In such a file a
# space within a path is escaped.
describe() {
  cat <<END
prefix=${PREFIX// /\\ }
includedir=\${prefix}/include
libdir=\${prefix}/lib

Name: $1
Description: Deep learning on images in plain C++, equation by equation; numbers are $3
Version: $(sed -n 's/^version: *//p' CITATION.cff)
Cflags: -I\${includedir}${2:+ $2}
Libs: -L\${libdir} -l$1 $LIBRARIES
END
}

case $1 in
  install)
    rm -rf "$include"
    headers | while read -r header; do
      installed=$include/${header#src/}
      mkdir -p "${installed%/*}"
      sed -E 's|^#include "(.*)"|#include <plaingrad/\1>|' "$header" >"$installed"
    done
    mkdir -p "$lib/pkgconfig"
    cp "$BUILD/libplaingrad.a" "$BUILD/libplaingrad_double.a" "$lib"
    describe plaingrad '' float >"$lib/pkgconfig/plaingrad.pc"
    describe plaingrad_double '-DPLAINGRAD_DOUBLE -Dplaingrad=plaingrad_double' double \
      >"$lib/pkgconfig/plaingrad_double.pc"
    ;;
  uninstall)
    rm -rf "$include"
    rm -f "$lib"/libplaingrad{,_double}.a "$lib"/pkgconfig/plaingrad{,_double}.pc
    ;;
esac
