# plaingrad. `make figures` and `make test` do everything, on a fresh machine too; `make help` lists the rest.

SCALE    ?= quick
BUILD    ?= build
DATA     ?= $(or $(PLAINGRAD_DATA),data)
OUT      ?= $(if $(filter full,$(SCALE)),figures,build/figures)
CXX      ?= g++

# A tilde that the shell has left as it is would become a folder of that name.
$(foreach v,BUILD DATA OUT PREFIX DESTDIR ANSWERS,$(if $(filter ~%,$(firstword $($(v)))),$(error $(v)=$($(v)): write $$HOME in place of ~)))
# A target cannot have a space in its name: a folder that has some is reached by a link without.
ifneq ($(words $(BUILD)),1)
  override BUILD := $(or $(shell .make/link.sh "$(BUILD)"),$(error BUILD=$(BUILD): cannot make that folder))
endif

# src/engine/fast, or src/engine/plain: the definitions' own loops, one thread.
ENGINE   ?= fast
# Empty: one thread, the same numbers.
OPENMP   ?= $(if $(filter fast,$(ENGINE)),-fopenmp)

# What the compiler is and compiles for, by the macros that it defines: its name may say something else.
MACROS   := $(shell $(CXX) -dM -E -x c++ /dev/null 2>/dev/null | cut -d ' ' -f 2)
CLANG    := $(filter __clang__,$(MACROS))
X86      := $(filter __x86_64__ __i386__,$(MACROS))

# Reading the standard library's headers takes half of the time of compiling: g++ reads them once (PRECOMPILED= for each
# file again). What uses them must be optimized as they were. g++ forgets that they are the system's and raises false
# alarms inside std::string.
PRECOMPILED ?= $(if $(CLANG),,yes)
# Instantiating its templates takes much of the rest: the files of a folder are compiled together, into folder/all.o,
# and share them (TOGETHER= for each by itself, as clang++ compiles them).
TOGETHER ?= $(PRECOMPILED)

OPTIMIZE ?= -O3
# For this very processor; on x86 with the widest vectors that it has.
PROCESSOR ?= $(if $(X86),-march=native -mprefer-vector-width=512,$(if $(filter __aarch64__,$(MACROS)),-mcpu=native))
# -Wrestrict of g++ 12 raises false alarms inside std::string; clang++ does not know it.
WARNINGS := -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror $(if $(CLANG),,-Wno-restrict)
# g++ 12 makes short copies, one vector long, by halves; loading what was stored so makes the processor wait.
COPIES   := $(if $(CLANG),,-fno-tree-loop-distribute-patterns)
# Nobody reads errno after a square root, nor the processor's flags after an operation; without them the compiler
# can take several roots at once, and choose between results where it would have to branch.
# Only math/multiply_add.hpp fuses a product and a sum: so every compiler computes the same bits.
CODE      = -std=c++20 $(or $(OPENMP),-fopenmp-simd) -ffp-contract=off -fno-math-errno -fno-trapping-math $(COPIES) $(OPTIMIZE) $(PROCESSOR)
FLAGS     = $(CODE) $(WARNINGS) $(INCLUDES) -MMD -MP $(CPPFLAGS) $(CXXFLAGS)
LINK      = $(CODE) $(CXXFLAGS) $(LDFLAGS)
# The builds in double and with dual numbers live in namespaces of their own, so that one program can link all three
# (chapter 2 does). Loops over dual numbers need not be vectorized.
DOUBLE   := -DPLAINGRAD_DOUBLE -Dplaingrad=plaingrad_double
DUAL     := -DPLAINGRAD_DUAL -Dplaingrad=plaingrad_dual $(if $(CLANG),-Wno-pass-failed)
LIBS     := -lboost_program_options -lboost_iostreams -lboost_filesystem

# Debian and Ubuntu packages. What only the docs need is installed by `make docs` alone, and so on.
# (A compiler that is not there yet cannot be asked which one it is.)
PACKAGES_LIBRARY  := g++ $(if $(or $(CLANG),$(if $(MACROS),,$(findstring clang,$(CXX)))),clang libomp-dev) libboost-iostreams-dev nlohmann-json3-dev
PACKAGES_PROGRAMS := libboost-program-options-dev libboost-filesystem-dev libgnuplot-iostream-dev
PACKAGES        ?= $(PACKAGES_LIBRARY) $(PACKAGES_PROGRAMS) gnuplot-nox libboost-test-dev librapidcheck-dev libeigen3-dev pkg-config gdb python3-numpy locales
PACKAGES_DOCS   ?= doxygen libjs-mathjax doxygen-awesome-css $(if $(filter no,$(INTERACTIVE)),,emscripten)
PACKAGES_BROWSER ?= chromium $(if $(shell command -v npm),,nodejs npm)
PACKAGES_FUZZ   ?= clang libclang-rt-dev
PACKAGES_LINT   ?= clang-tidy-14 cppcheck libomp-14-dev
PACKAGES_THREADS ?= clang-14 libomp-14-dev libomp5-14
PACKAGES_ARM    ?= g++-aarch64-linux-gnu qemu-user
PACKAGES_FORMAT ?= clang-format
PACKAGES_BENCH  ?= python3 python3-torch libopenblas-dev libdlib-dev libdnnl-dev emscripten

# By themselves: what is used without the rest of its folder, and the engine, so that nothing else in its folder changes what
# the compiler makes of a loop.
APART    := src/engine/% src/gradient_check/% src/plotting/% tests/% $(wildcard chapters/*.cpp chapters/seconds/*.cpp chapters/gradient_court/*.cpp) \
            chapters/chapter8/section_8_1.cpp src/data/dataset.cpp
IN_FOLDER = $(filter-out $(APART),$(wildcard $(1)/*.cpp))
# The objects in float, double or dual (1) of source files (2).
OBJECTS   = $(patsubst %.cpp,$(BUILD)/$(1)/%.o,$(if $(TOGETHER),\
              $(filter $(APART),$(2)) $(addsuffix all.cpp,$(sort $(dir $(filter-out $(APART),$(2))))),$(2)))

LIBRARY  := $(filter-out src/plotting/%,$(wildcard src/*/*.cpp)) $(wildcard src/engine/$(ENGINE)/*.cpp)
PLOTTING := $(wildcard src/plotting/*.cpp)
# What has a derivative, as the definitions compute it: dual numbers are there to check, not to be fast.
DIFFERENTIABLE := $(foreach p,math neuron convolution engine/plain layers losses optimizers models,$(wildcard src/$(p)/*.cpp))
# In the order in which they draw their figures: what goes beyond the report draws from chapter 8's trainings.
CHAPTERS := $(sort $(wildcard chapters/chapter*_*.cpp)) $(wildcard chapters/beyond_*.cpp chapters/seconds_*.cpp)
PROGRAMS := $(foreach c,$(notdir $(CHAPTERS)),$(BUILD)/$(firstword $(subst _, ,$(c))))
# Gradients are tested in double and by dual numbers, the rest in float or in both; the fast engine's own tests only where
# it is built.
TESTS       := $(wildcard tests/*.cpp tests/examples/*.cpp tests/float_and_double/*.cpp) \
               $(if $(filter fast,$(ENGINE)),$(wildcard tests/engine_fast/*.cpp))
TESTS_FLOAT := tests/main.cpp $(wildcard tests/float/*.cpp tests/float_and_double/*.cpp) \
               $(if $(filter fast,$(ENGINE)),$(wildcard tests/engine_fast/float/*.cpp))

TESTS_DUAL  := tests/main.cpp $(wildcard tests/dual/*.cpp)

$(if $(filter fast plain,$(ENGINE)),,$(error ENGINE=$(ENGINE): expected fast or plain))

SHELL       := bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
# Steps that must come one after another are makes of their own, each with all processors unless -j says otherwise.
STEP = $(MAKE) --no-print-directory $(if $(filter -j%,$(MAKEFLAGS)),,-j$(shell nproc))

.PHONY: all
all: check-packages  ## the programs, build/chapter1 and so on: one for each chapter
	+@$(STEP) programs

.PHONY: programs
programs: $(PROGRAMS)

# ---- commands ------------------------------------------------------------------------------------------------------
.PHONY: packages
packages:  ## installs the packages that are missing
	@.make/packages.sh $(PACKAGES)

# What it takes to compile, named where it is missing: `make`, `make install` and their like leave the system alone.
.PHONY: check-packages
check-packages:
	@.make/packages.sh --check $(filter $(PACKAGES_LIBRARY) $(PACKAGES_PROGRAMS),$(PACKAGES))

.PHONY: data
data:  ## gets MNIST and Fashion-MNIST (MNIST_MIRROR=URL, FASHION_MIRROR=URL: sources of your own)
	@.make/data.sh "$(DATA)"

.PHONY: figures
figures:  ## everything: packages, data, programs, all figures (SCALE=full: at the report's own scale)
	@$(if $(filter figures,$(OUT)),.make/readme.sh figures/at_a_glance.md README.md)
	@.make/gallery.py "$(OUT)"
	@echo "The figures are in $(OUT), all on one page in $(OUT)/index.html."

.PHONY: figures-start
figures-start: packages
	@.make/data.sh "$(DATA)" || echo 'NOTE: going on with the small samples in tests/data'
	@mkdir -p "$(OUT)/output"

# Each program is built and run before the next one: the first figures are there after a minute. A program names each
# figure when it has written it.
before := figures-start
define DRAW
.PHONY: figures-$(1)
figures-$(1): $(before)
	+@$$(STEP) $(BUILD)/$(1)
	@echo '==== $(1)'
	@stdbuf -oL $(BUILD)/$(1) --scale $(SCALE) --out "$(OUT)" --data "$(DATA)" --sample | tee -i "$(OUT)/output/$(1).txt"
before := figures-$(1)
endef
$(foreach p,$(notdir $(PROGRAMS)),$(eval $(call DRAW,$(p))))
figures: figures-gradient_check

# The checker's own page shows this layer with this fault. That it is wrong is no failure.
.PHONY: figures-gradient_check
figures-gradient_check: $(before)
	+@$(STEP) $(BUILD)/gradient_check
	@echo '==== gradient_check'
	@{ $(BUILD)/gradient_check --layer conv2d --stride 2 --break turned-kernel --rows 3 --out "$(OUT)" || [ $$? -eq 1 ]; } \
	  | tee -i "$(OUT)/output/gradient_check.txt"

# Every training that has a record is there to be drawn; `make figures SCALE=full` draws anew.
SEEDS ?= 10
.PHONY: sweep
sweep: SCALE = full
sweep: packages  ## the trainings of chapter 8 for the seeds 1 to SEEDS=10, at full scale: what has no record yet
	@.make/data.sh "$(DATA)"
	+@$(STEP) $(BUILD)/chapter8
	@$(BUILD)/chapter8 --scale $(SCALE) --sweep $(SEEDS) --out "$(OUT)" --data "$(DATA)"

# Counts come from Boost.Test's own report; a program that ends without one (a crash) is one more failure.
.PHONY: test
test: packages  ## everything: packages, programs, all tests
	+@$(STEP) programs $(BUILD)/gradient_check $(BUILD)/gradient_court $(BUILD)/answers $(BUILD)/tests $(BUILD)/tests_float $(BUILD)/tests_dual
	+@$(STEP) $(BUILD)/debug/chapter3 $(DEBUG)
	@passed=0; failed=0; \
	count() { grep -o "$$2=\"[0-9]*\"" $$1 | head -1 | tr -dc 0-9; }; \
	for program in tests tests_float tests_dual; do \
	  report=$(BUILD)/$$program.xml; rm -f $$report; status=0; bad=0; \
	  PLAINGRAD_BUILD=$(BUILD) $(BUILD)/$$program --color_output=no --report_level=short \
	    --report_format=XML --report_sink=$$report || status=$$?; \
	  if [ -s $$report ]; then \
	    passed=$$((passed + $$(count $$report test_cases_passed))); \
	    bad=$$(($$(count $$report test_cases_failed) + $$(count $$report test_cases_skipped))); \
	  fi; \
	  if [ $$status -ne 0 ] && [ $$bad -eq 0 ]; then echo "$$program ended with status $$status"; bad=1; fi; \
	  failed=$$((failed + bad)); \
	done; \
	echo "$$passed passed, $$failed failed"; \
	[ $$failed -eq 0 ] && [ $$passed -gt 0 ]

# Under the sanitizers g++ 12 raises false alarms inside std::regex and std::function.
SANITIZE := -O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=all \
            -Wno-maybe-uninitialized
.PHONY: sanitize
sanitize:  ## the tests under AddressSanitizer and UndefinedBehaviorSanitizer
	+@$(MAKE) --no-print-directory test BUILD=$(BUILD)/sanitize OPTIMIZE='$(SANITIZE)'

# Together a million cases with CASES at its default, of 12 properties.
CASES ?= 84000
.PHONY: properties
properties: packages  ## what holds for layers of every size, with CASES=84000 random cases for each property
	+@$(STEP) $(BUILD)/tests
	RC_PARAMS='max_success=$(CASES) verbose_progress=0' $(BUILD)/tests --run_test=properties --log_level=test_suite

# Each target is one file of tests/fuzz: bytes in memory, nothing but a reader's own errors out. Its corpus is committed;
# what a run finds beyond it is kept in the build folder.
FUZZ := -O1 -g -fno-omit-frame-pointer -fno-sanitize-recover=all -fsanitize=fuzzer-no-link,address,undefined \
        -fsanitize=float-divide-by-zero,float-cast-overflow,implicit-conversion,local-bounds,nullability \
        -fsanitize-ignorelist=tests/fuzz/ignore.list -Wno-pass-failed
RUNS    ?= 1000000
MINUTES ?= 30
TARGETS ?= $(patsubst tests/fuzz/%.cpp,%,$(wildcard tests/fuzz/*.cpp))
.PHONY: fuzz
fuzz: packages  ## libFuzzer with all sanitizers, each target at most RUNS=1000000 executions or MINUTES=30
	@.make/packages.sh $(PACKAGES_FUZZ)
	+@$(STEP) $(addprefix $(BUILD)/fuzz/,$(TARGETS)) BUILD=$(BUILD)/fuzz CXX=clang++ OPENMP= OPTIMIZE='$(FUZZ)'
	@.make/fuzz.sh $(BUILD)/fuzz $(RUNS) $(MINUTES) $(TARGETS)

# Which thread waits for which is known from OpenMP's own tool interface: libarcher.so, of the package libomp5-14.
.PHONY: sanitize-threads
sanitize-threads: packages  ## short trainings of all networks under ThreadSanitizer
	@.make/packages.sh $(PACKAGES_THREADS)
	+@$(STEP) $(BUILD)/threads/tests_threads BUILD=$(BUILD)/threads CXX=clang++-14 OPTIMIZE='-O1 -g -fsanitize=thread'
	OMP_NUM_THREADS=4 OMP_WAIT_POLICY=passive OMP_TOOL_LIBRARIES=/usr/lib/llvm-14/lib/libarcher.so ARCHER_OPTIONS=verbose=1 \
	  TSAN_OPTIONS='ignore_noninstrumented_modules=1 halt_on_error=1' $(BUILD)/threads/tests_threads

.PHONY: lint
lint: packages  ## clang-tidy and cppcheck over all sources (.clang-tidy says what for)
	@.make/packages.sh $(PACKAGES_LINT)
	+@$(STEP) -k $(TIDY)
	@mkdir -p $(BUILD)/lint/cppcheck
	cppcheck --quiet -j $(shell nproc) --cppcheck-build-dir=$(BUILD)/lint/cppcheck --std=c++20 --language=c++ \
	  --enable=warning,performance,portability --inline-suppr $(BOOST_TEST) --suppressions-list=.make/cppcheck.txt \
	  --error-exitcode=1 -Isrc -Ichapters -Itests src chapters tests

# DEFECT=1: something is broken from outside, and every row must lose. The table that the book shows is written by
# `make torture SCALE=full TRIALS=1000`, JOBS=2 trials at a time; if stopped, the same command resumes.
JOBS ?= 1
.PHONY: torture
torture: packages  ## kills, full disks, neighbours, damaged files: what is lost (TRIALS=100 for each, JOBS=1)
	+@$(STEP) $(BUILD)/chapter8
	@mkdir -p "$(OUT)"
	@python3 tests/torture/torture.py --build $(BUILD) --trials $(or $(TRIALS),100) --jobs $(JOBS) \
	  $(if $(DEFECT),--defect,--record $(BUILD)/torture.record) | tee $(if $(DEFECT),/dev/null,"$(OUT)/torture.txt")

# Takes hours; if stopped, the same command resumes. Several share the work with SHARD=1/2, SHARD=2/2. The table that
# the book shows is written by `make mutants SCALE=full`.
MUTANTS ?= 700
MUTATE   = tests/mutants/mutants.py --build $(BUILD) --count $(MUTANTS) $(CHANGED:%=--changed %)
.PHONY: mutants
mutants: packages  ## single changes in src/: do the tests see them? (MUTANTS=700, SHARD=K/N, CHANGED=COMMIT)
	@$(MUTATE) $(SHARD:%=--shard %)
	@mkdir -p "$(OUT)"
	@$(MUTATE) --table | tee $(if $(CHANGED),/dev/null,"$(OUT)/mutants.txt")

.PHONY: test-portable
test-portable:  ## the tests built for any x86-64 processor (SSE2), and by clang++; the same bits without OpenMP
	+@$(MAKE) --no-print-directory test BUILD=$(BUILD)/portable PROCESSOR=$(if $(X86),-march=x86-64)
	+@$(MAKE) --no-print-directory test BUILD=$(BUILD)/clang CXX=clang++
	+@$(STEP) $(BUILD)/libplaingrad.a
	+@$(STEP) $(BUILD)/no_openmp/libplaingrad.a BUILD=$(BUILD)/no_openmp OPENMP=
	@tests/install/same_bits.sh $(BUILD) $(BUILD)/no_openmp

# Cross-compiled; what short_trainings does not call is left out, as there is no Boost.Iostreams to link.
ARM := BUILD=$(BUILD)/arm CXX=aarch64-linux-gnu-g++ PROCESSOR=-march=armv8-a OPTIMIZE='-O3 -ffunction-sections' \
       LDFLAGS=-Wl,--gc-sections LIBS=
.PHONY: test-arm
test-arm: packages  ## short trainings on a 64-bit ARM, which qemu plays: the same bits as here
	@.make/packages.sh $(PACKAGES_ARM)
	+@$(STEP) $(BUILD)/short_trainings
	+@$(STEP) $(BUILD)/arm/short_trainings $(ARM)
	@tests/arm/same_bits.sh $(BUILD)/short_trainings $(BUILD)/arm/short_trainings

# ANSWERS=FOLDER: answers that are elsewhere, such as the solutions in tests/exercises.
ANSWERS ?= chapters/exercises
ifneq ($(words $(ANSWERS)),1)
  override ANSWERS := $(shell .make/link.sh "$(ANSWERS)")
endif
EXERCISE = $(basename $(wildcard $(ANSWERS)/$(N)_*.cpp))
LIST_EXERCISES = sed -sn '1s,^// Exercise \([0-9]*\): ,  make exercise N=\1   ,p' chapters/exercises/[0-9]*.cpp
.PHONY: exercise
exercise:  ## checks your lines in an exercise of chapters/exercises, N=1 to 8; without N it lists them
ifndef N
	@$(LIST_EXERCISES)
else
	@$(if $(filter 1,$(words $(EXERCISE))),:,echo "exercise: there is no N=$(N) in $(ANSWERS). There are:" >&2; $(LIST_EXERCISES) >&2; exit 1)
	@.make/packages.sh --check $(filter g++ clang libomp-dev libboost-%,$(filter $(PACKAGES_LIBRARY),$(PACKAGES)))
	@[ -e $(BUILD)/libexercise.a ] || echo 'exercise: compiling what checks it, once'
	+@$(STEP) -s $(BUILD)/exercises/$(EXERCISE)
	@$(BUILD)/exercises/$(EXERCISE)
endif

.PHONY: debug
debug: packages  ## the programs to step through, in build/debug: plain engine, -O0 -g, one thread
	+@$(STEP) programs $(DEBUG)

DEBUG := BUILD=$(BUILD)/debug ENGINE=plain OPENMP= OPTIMIZE='-O0 -g' PROCESSOR=

# BASE=COMMIT compares with that version only: least times of ROUNDS, and a status that says whether anything is slower.
ROUNDS ?= 15
.PHONY: bench
ifdef BASE
bench: packages
	@.make/packages.sh python3
	+@$(STEP) $(BUILD)/bench/ours
	+@tree=$$(tests/bench/base.sh '$(BASE)' $(BUILD)/base) && \
	  $(STEP) -C "$$tree" BUILD=build build/bench/ours && \
	  $(PYTHON) tests/bench/compare.py "$$tree" --build $(BUILD) --rounds $(ROUNDS)
else
bench: packages  ## our speed beside PyTorch's, ONNX Runtime's, OpenBLAS's, dlib's, oneDNN's, TensorFlow.js's (QUICK=1: shorter; BASE=COMMIT: beside that version's)
	@tests/bench/peers.sh $(BUILD)/bench $(PACKAGES_BENCH)
	+@$(STEP) $(BUILD)/bench/ours $(BUILD)/bench/figures
	+@for part in bench/peer_openblas bench/peer_dlib bench/peer_onednn wasm/float/networks.module.js; do \
	  $(STEP) $(BUILD)/$$part || echo "bench: going on without $$part, which could not be built"; \
	done
	@$(PYTHON) tests/bench/run.py --build $(BUILD) --figures "$(OUT)" $(if $(QUICK),--quick)
endif

.PHONY: docs
docs:  ## the book, in build/docs/html
	@.make/packages.sh $(PACKAGES_DOCS)
	+@$(STEP) site
	@echo "The book is in $(BUILD)/docs/html/index.html; \`make book\` opens it."

# The pages are built if they are not there; `make docs` builds them anew.
.PHONY: book
book: $(BUILD)/docs/html/index.html  ## opens the book in a browser
	@page='$(abspath $<)'; \
	if command -v open >/dev/null && [ "$$(uname)" = Darwin ]; then open "$$page"; \
	elif [ -n "$${DISPLAY:-}$${WAYLAND_DISPLAY:-}" ] && command -v xdg-open >/dev/null && xdg-open "$$page"; then :; \
	else echo "$$page"; fi
$(BUILD)/docs/html/index.html:
	+@$(MAKE) --no-print-directory docs

# The same pages make the same bytes.
site.tar.gz: docs  ## the book as an archive to unpack and read, nothing installed
	@tar --create --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner --transform 's,^\.,plaingrad-book,' \
	  --directory $(BUILD)/docs/html . | gzip -9n >$@
	@bytes=$$(wc -c <$@); [ $$bytes -lt 10000000 ] || { echo "$@: $$bytes bytes, expected less than 10 MB" >&2; exit 1; }
	@echo "The book is in $@: unpack it and open plaingrad-book/index.html."

.PHONY: docs-check
docs-check: docs  ## the book in a browser: errors, links, widths, contrast, interactive figures (ONLY=NAME: that figure)
	@.make/packages.sh $(PACKAGES_BROWSER)
	+@$(STEP) site-check

include $(wildcard docs/docs.mk)

.PHONY: format
format:  ## clang-format over all sources
	@.make/packages.sh $(PACKAGES_FORMAT)
	clang-format -i $$(git ls-files '*.cpp' '*.hpp')

# The first images of each full set. An IDX file is its header (big-endian: magic number, count, then for images height
# and width), then the bytes.
SAMPLE_FILES := train-images-idx3-ubyte:1000 train-labels-idx1-ubyte:1000 t10k-images-idx3-ubyte:500 \
                t10k-labels-idx1-ubyte:500
.PHONY: sample
sample: data  # makes tests/data anew; committed, so nobody needs to
	@for set in mnist fashion-mnist; do for item in $(SAMPLE_FILES); do \
	  name=$${item%:*}; count=$${item#*:}; full="$(DATA)"/$$set/$$name; \
	  case $$name in *images*) header=16; bytes=$$((784 * count));; *) header=8; bytes=$$count;; esac; \
	  mkdir -p tests/data/$$set; \
	  { head -c 4 "$$full"; printf "$$(printf '\\x%02x' 0 0 $$((count / 256)) $$((count % 256)))"; \
	    head -c $$((header + bytes)) "$$full" | tail -c +9; \
	  } | gzip -9n > tests/data/$$set/$$name.gz; \
	done; done

# The library for other programs: <plaingrad/layers/conv2d.hpp>, libraries in float and double, files for pkg-config.
PREFIX  ?= /usr/local
INSTALL  = BUILD=$(BUILD) PREFIX="$(PREFIX)" DESTDIR="$(DESTDIR)" LIBRARIES="$(strip -lboost_iostreams $(OPENMP))" .make/install.sh
.PHONY: install
install:  ## headers, libraries and plaingrad.pc, below PREFIX=/usr/local (DESTDIR=FOLDER: staged there)
	@.make/packages.sh --check $(filter $(PACKAGES_LIBRARY),$(PACKAGES))
	+@$(STEP) $(BUILD)/libplaingrad.a $(BUILD)/libplaingrad_double.a
	@$(INSTALL) install

.PHONY: uninstall
uninstall:  ## removes what install has put below PREFIX
	@$(INSTALL) uninstall

# For editors and clangd: how each file is compiled. (A line that names MAKE itself would be run by `make -n` too.)
ASK_MAKE := $(MAKE)
.PHONY: compile_commands.json
compile_commands.json: packages  ## the compiler's command for every file of programs and tests, for editors
	@$(ASK_MAKE) --no-print-directory -Bn programs $(BUILD)/gradient_check $(BUILD)/gradient_court $(BUILD)/tests $(BUILD)/tests_float $(BUILD)/tests_dual PRECOMPILED= \
	  | .make/compile_commands.sh >$@.part && mv $@.part $@

.PHONY: clean
clean:  ## removes build/ and nothing else
	rm -rf build

.PHONY: help
help:  ## this list
	@sed -n 's/^\([-a-z_.]*\):[^#]*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 32

# ---- objects, libraries, programs ----------------------------------------------------------------------------------
# Programs, files, figures and trainings compute little themselves: what they call is in the rest of the library. Section 8.1
# measures what it computes, and images are prepared for every step of a training.
LESS_OPTIMIZED := chapters src/data src/plotting src/training
MUCH_OPTIMIZED := float/chapters/chapter8/section_8_1.o float/src/data/dataset.o double/src/data/dataset.o
$(foreach f,float double dual,$(foreach p,$(LESS_OPTIMIZED),$(BUILD)/$(f)/$(p)/%.o)): private OPTIMIZE := -O1
$(MUCH_OPTIMIZED:%=$(BUILD)/%): private OPTIMIZE := $(OPTIMIZE)

# Each part sees the folders it may include from, and no others.
INCLUDES = -Isrc
$(patsubst %,$(BUILD)/%/chapters/%.o,float double dual): private INCLUDES = -Isrc -Ichapters
$(patsubst %,$(BUILD)/%/tests/%.o,float double dual): private INCLUDES = -Isrc -Itests -Ichapters
$(BUILD)/float/tests/fuzz/%.o: private INCLUDES = -Isrc -Ichapters

# Every object depends on this file, which is written anew when the compiler or a flag is another than last time.
STAMP := $(strip $(shell $(CXX) --version 2>/dev/null | head -1), ENGINE=$(ENGINE): $(FLAGS) $(LDFLAGS) $(PRECOMPILED) $(if $(TOGETHER),apart: $(APART)))
$(BUILD)/flags: export STAMP := $(STAMP)
ifneq ($(STAMP),$(strip $(file <$(BUILD)/flags)))
  $(BUILD)/flags: FORCE
endif
$(BUILD)/flags:
	@mkdir -p $(@D)
	@echo "$$STAMP" >$@
.PHONY: FORCE

GCH          = $(if $(PRECOMPILED),$(1:%=$(BUILD)/precompiled/%.hpp.gch))
HEADERS     := library
USE_HEADERS  = $(if $(and $(PRECOMPILED),$(HEADERS)),-include $(BUILD)/precompiled/$(HEADERS).hpp \
                 -Wno-array-bounds -Wno-stringop-overflow -Wno-stringop-overread)
$(foreach f,float double dual,$(foreach p,$(LESS_OPTIMIZED),$(BUILD)/$(f)/$(p)/%.o)): private HEADERS := programs
$(MUCH_OPTIMIZED:%=$(BUILD)/%): private HEADERS := library
$(patsubst %,$(BUILD)/%/tests/%.o,float double dual): private HEADERS := tests
# What main.cpp includes depends on a macro of its own.
$(BUILD)/float/tests/bench/%.o $(BUILD)/float/tests/arm/%.o \
  $(patsubst %,$(BUILD)/%/tests/main.o,float double dual): private HEADERS :=

.SECONDARY: $(call GCH,library programs tests)
$(BUILD)/precompiled/programs.hpp.gch $(BUILD)/precompiled/tests.hpp.gch: private OPTIMIZE := -O1
$(BUILD)/precompiled/%.hpp.gch: .make/precompiled/%.hpp $(BUILD)/flags
	@mkdir -p $(@D)
	@cp $< $(@D)
	$(CXX) $(FLAGS) -x c++-header $< -o $@

# Files, options: all but the last file are included before it. Should that be gone one day, make goes on without it, as it
# does (-MP) without the others.
define COMPILE
@mkdir -p $(@D)
$(CXX) $(FLAGS) $(USE_HEADERS) $(2) $(patsubst %,-include %,$(filter-out $(lastword $(1)),$(1))) -c $(lastword $(1)) -o $@
@echo '$(lastword $(1)):' >>$(@:.o=.d)
endef
define COMPILE_AS
$(BUILD)/$(1)/%.o: %.cpp $(BUILD)/flags | $(call GCH,library programs)
	$$(call COMPILE,$$<,$(2))
$(BUILD)/$(1)/%/all.o: $(BUILD)/flags | $(call GCH,library programs)
	$$(call COMPILE,$$(call IN_FOLDER,$$*),$(2))
$(foreach d,$(patsubst %/,%,$(sort $(dir $(wildcard src/*/*.cpp chapters/*/*.cpp chapters/*/*/*.cpp)))),
$(BUILD)/$(1)/$(d)/all.o: $(d) $(call IN_FOLDER,$(d)))
endef
$(eval $(call COMPILE_AS,float))
$(eval $(call COMPILE_AS,double,$(DOUBLE)))
$(eval $(call COMPILE_AS,dual,$(DUAL)))

$(patsubst %.cpp,$(BUILD)/double/%.o,$(TESTS)) $(patsubst %.cpp,$(BUILD)/float/%.o,$(TESTS_FLOAT)) \
  $(patsubst %.cpp,$(BUILD)/dual/%.o,$(TESTS_DUAL)): | $(call GCH,tests)

$(BUILD)/libplaingrad.a: $(call OBJECTS,float,$(LIBRARY))
$(BUILD)/libplaingrad_double.a: $(call OBJECTS,double,$(LIBRARY))
$(BUILD)/libplaingrad_dual.a: $(call OBJECTS,dual,$(DIFFERENTIABLE))
$(BUILD)/libplaingrad_plotting.a: $(call OBJECTS,float,$(PLOTTING))
$(BUILD)/lib%.a:
	@rm -f $@
	ar rcs $@ $^

# build/chapterN (and build/seconds likewise) is made of chapters/chapterN_*.cpp, of chapters/chapterN/*.cpp if there are any, of
# chapters/chapterN/float_and_double/*.cpp compiled once in float and once in double, and of chapters/chapterN/dual/*.cpp
# compiled with dual numbers, each with the part of the library that it uses.
TWICE = $(wildcard chapters/$(1)/float_and_double/*.cpp)
WITH_DUALS = $(wildcard chapters/$(1)/dual/*.cpp)
# These draw from chapter 8's trainings.
ALSO  = $(if $(filter chapter9 beyond,$(1)),chapters/chapter8/*.cpp)
define PROGRAM
$(BUILD)/$(1): $(call OBJECTS,float,$(wildcard chapters/$(1)_*.cpp chapters/$(1)/*.cpp $(ALSO)) $(TWICE)) \
               $(call OBJECTS,double,$(TWICE) $(if $(TWICE),$(wildcard src/math/*.cpp src/neuron/*.cpp))) \
               $(call OBJECTS,dual,$(WITH_DUALS) $(if $(WITH_DUALS),$(wildcard src/math/*.cpp src/neuron/*.cpp))) \
               $(patsubst %,$(BUILD)/float/chapters/%.o,program command_line results aligned_memory) \
               $(BUILD)/libplaingrad_plotting.a $(BUILD)/libplaingrad.a
	$(CXX) $$(LINK) $$^ $(LIBS) -o $$@
endef
$(foreach p,$(PROGRAMS),$(eval $(call PROGRAM,$(notdir $(p)))))

# In double: differences need the digits. The layers are there with dual numbers too.
$(BUILD)/gradient_check: $(call OBJECTS,double,$(wildcard chapters/gradient_check/*.cpp) chapters/command_line.cpp $(PLOTTING)) \
                         $(call OBJECTS,dual,$(wildcard chapters/gradient_check/dual/*.cpp)) \
                         $(BUILD)/dual/chapters/gradient_check/layers.o \
                         $(BUILD)/libplaingrad_double.a $(BUILD)/libplaingrad_dual.a
$(BUILD)/gradient_court: $(call OBJECTS,double,$(wildcard chapters/gradient_court/*.cpp) chapters/command_line.cpp) \
                         $(BUILD)/libplaingrad_double.a
$(BUILD)/gradient_check $(BUILD)/gradient_court:
	$(CXX) $(LINK) $^ $(LIBS) -o $@

# Of the library only what checks an answer, so that the first exercise is there soon.
CHECKING := gradient_check/difference gradient_check/gradient_check gradient_check/guess math/random math/decimal \
            math/tensor optimizers/adam optimizers/parameter_sizes
$(BUILD)/libexercise.a: $(patsubst %,$(BUILD)/double/src/%.o,$(CHECKING)) $(BUILD)/double/chapters/exercises/exercise.o

# One program of all answers that the tests know, so that the headers are read once.
$(BUILD)/answers.cpp: tests/exercises/answers.py $(wildcard tests/exercises/*.cpp tests/exercises/*.txt)
	@mkdir -p $(@D)
	$(PYTHON) tests/exercises/answers.py >$@

$(BUILD)/exercises/% $(BUILD)/answers: private INCLUDES := -Isrc -Ichapters
$(BUILD)/exercises/% $(BUILD)/answers: private OPTIMIZE := -O0
define COMPILE_ANSWER
@mkdir -p $(@D)
$(CXX) $(FLAGS) -MF $@.d -MT $@ $(DOUBLE) $< $(BUILD)/libexercise.a $(LDFLAGS) -o $@
endef
$(BUILD)/exercises/%: %.cpp $(BUILD)/libexercise.a $(BUILD)/flags
	$(COMPILE_ANSWER)
$(BUILD)/answers: $(BUILD)/answers.cpp $(BUILD)/libexercise.a $(BUILD)/flags
	$(COMPILE_ANSWER)

# ---- tests ---------------------------------------------------------------------------------------------------------
# Most of the time of `make test` is compiling, and tests do not compute much themselves.
$(patsubst %,$(BUILD)/%/tests/%.o,float double dual): private OPTIMIZE := -O1

$(BUILD)/tests: $(patsubst %.cpp,$(BUILD)/double/%.o,$(TESTS) $(filter-out %/main.cpp,$(wildcard chapters/gradient_court/*.cpp))) \
                $(BUILD)/libplaingrad_double.a
$(BUILD)/tests_float: $(patsubst %.cpp,$(BUILD)/float/%.o,$(TESTS_FLOAT) chapters/results.cpp chapters/seconds/rungs.cpp) \
                      $(BUILD)/libplaingrad_plotting.a \
                      $(BUILD)/libplaingrad.a
$(BUILD)/tests_dual: $(patsubst %.cpp,$(BUILD)/dual/%.o,$(TESTS_DUAL)) $(BUILD)/libplaingrad_dual.a
$(BUILD)/tests $(BUILD)/tests_float $(BUILD)/tests_dual:
	$(CXX) $(LINK) $^ -lboost_unit_test_framework $(if $(filter %/tests,$@),-lrapidcheck) $(LIBS) -o $@

# ---- fuzzing: built by `make fuzz`, which gives the flags ------------------------------------------------------------
READERS := $(patsubst %.cpp,$(BUILD)/float/%.o,$(wildcard src/data/*.cpp src/math/*.cpp))
$(BUILD)/options: $(patsubst %.cpp,$(BUILD)/float/%.o,chapters/program.cpp chapters/command_line.cpp chapters/results.cpp \
                                                       src/training/stop.cpp $(PLOTTING))
$(patsubst tests/fuzz/%.cpp,$(BUILD)/%,$(wildcard tests/fuzz/*.cpp)): $(BUILD)/%: $(BUILD)/float/tests/fuzz/%.o \
                                                                         $(READERS)
	$(CXX) $(LINK) -fsanitize=fuzzer $^ $(LIBS) -o $@

# For this processor, or with what ARM says.
$(BUILD)/short_trainings: $(BUILD)/float/tests/arm/short_trainings.o $(BUILD)/libplaingrad.a
	$(CXX) $(LINK) $^ $(LIBS) -o $@

# Under ThreadSanitizer.
$(BUILD)/tests_threads: $(patsubst %,$(BUILD)/float/tests/%.o,main float/test_threads) $(BUILD)/libplaingrad.a
	$(CXX) $(LINK) $^ -lboost_unit_test_framework $(LIBS) -o $@

# ---- what `make lint` reads, file by file; again where it has changed -----------
# cppcheck does not read Boost's own headers.
BOOST_TEST := -D_OPENMP=1 '-DBOOST_AUTO_TEST_SUITE(n)=namespace n {' '-DBOOST_FIXTURE_TEST_SUITE(n,f)=namespace n {' \
              '-DBOOST_AUTO_TEST_SUITE_END()=}' '-DBOOST_AUTO_TEST_CASE(n)=void n()' \
              '-DBOOST_FIXTURE_TEST_CASE(n,f)=void n()' '-DRC_BOOST_PROP(n,a)=void n()'
# The peers of the benchmark need packages of their own, the user's program an installed library, the exercises your lines.
TIDY = $(patsubst %.cpp,$(BUILD)/lint/%.ok,$(sort $(shell find src chapters tests -name '*.cpp' ! -name 'peer_*' ! -path '*/install/*' ! -path 'chapters/exercises/?_*')))
$(patsubst %.cpp,$(BUILD)/lint/%.ok,$(wildcard tests/*.cpp tests/examples/*.cpp tests/exercises/*.cpp \
  chapters/gradient_check/*.cpp chapters/gradient_court/*.cpp)): private LINT_REAL := -DPLAINGRAD_DOUBLE
$(patsubst %.cpp,$(BUILD)/lint/%.ok,$(wildcard tests/dual/*.cpp chapters/*/dual/*.cpp)): private LINT_REAL := $(DUAL)
LINT_FLAGS = $(LINT_REAL) -std=c++20 -fopenmp -Isrc -Ichapters -Itests -Wno-everything
# The analyzer's short search: the long one takes seven times as long in a test.
ANALYZER := -Xclang -analyzer-config -Xclang mode=shallow
$(BUILD)/lint/%.ok: %.cpp .clang-tidy
	@mkdir -p $(@D)
	@echo clang-tidy $<
	@clang-tidy-14 --quiet $< -- $(LINT_FLAGS) $(ANALYZER) 2>&1 | { grep -vE '^[0-9]+ warnings? generated' || true; }
	@$(CXX) $(LINT_FLAGS) -MM -MP -MT $@ -MF $(@:.ok=.d) $<
	@touch $@

# ---- benchmark: one program of ours, one for each peer that is a library ------------------------------------------
# Debian's PyTorch is for Debian's Python.
PYTHON ?= $(firstword $(wildcard /usr/bin/python3) python3)
$(BUILD)/float/tests/bench/%.o: private OPTIMIZE := $(OPTIMIZE)

$(BUILD)/bench/ours: $(patsubst %,$(BUILD)/float/tests/bench/%.o,ours kernels networks layers) \
                     $(BUILD)/float/chapters/seconds/rungs.o $(BUILD)/float/chapters/aligned_memory.o $(BUILD)/libplaingrad.a
$(BUILD)/bench/figures: $(BUILD)/float/tests/bench/figures.o $(BUILD)/libplaingrad_plotting.a $(BUILD)/libplaingrad.a
$(BUILD)/bench/peer_openblas: $(BUILD)/float/tests/bench/peer_openblas.o
$(BUILD)/bench/peer_openblas: LIBS := -lopenblas
$(BUILD)/bench/peer_onednn: $(BUILD)/float/tests/bench/peer_onednn.o $(BUILD)/libplaingrad.a
$(BUILD)/bench/peer_onednn: LIBS := -ldnnl
$(BUILD)/bench/ours $(BUILD)/bench/figures $(BUILD)/bench/peer_openblas $(BUILD)/bench/peer_onednn:
	@mkdir -p $(@D)
	$(CXX) $(LINK) $^ $(LIBS) -o $@

# dlib's headers do not stand up to our warnings.
$(BUILD)/bench/peer_dlib: tests/bench/peer_dlib.cpp tests/bench/worker.hpp
	@mkdir -p $(@D)
	$(CXX) -std=c++17 $(OPTIMIZE) $(PROCESSOR) -w -pthread $< -ldlib -lopenblas -o $@

-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)
