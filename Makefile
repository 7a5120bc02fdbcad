# plaingrad. `make figures` and `make test` do everything, on a fresh machine too; `make help` lists the rest.

SCALE    ?= quick
BUILD    ?= build
DATA     ?= $(or $(PLAINGRAD_DATA),data)
OUT      ?= $(if $(filter full,$(SCALE)),figures,build/figures)
CXX      ?= g++
# On x86 let the compiler use the widest vectors that the processor has; elsewhere the option does not exist.
WIDE     := $(if $(filter x86_64,$(shell uname -m)),-mprefer-vector-width=512)
OPTIMIZE ?= -O3 -march=native $(WIDE)
# -Wrestrict of g++ 12 raises false alarms inside std::string; clang++ does not know it.
WARNINGS := -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror $(if $(findstring clang,$(CXX)),,-Wno-restrict)
# Nobody reads errno after a square root, nor the processor's flags after an operation; without them the compiler
# can take several roots at once, and choose between results where it would have to branch.
FLAGS     = -std=c++20 -fopenmp -fno-math-errno -fno-trapping-math $(OPTIMIZE) $(COPIES) $(WARNINGS) -Isrc -Ichapters -Itests -MMD -MP
# g++ 12 makes short copies, one vector long, by halves; loading what was stored so makes the processor wait.
COPIES   := $(if $(findstring clang,$(CXX)),,-fno-tree-loop-distribute-patterns)
# The double build lives in a namespace of its own, so that one program can link both (chapter 2 does).
DOUBLE   := -DPLAINGRAD_DOUBLE -Dplaingrad=plaingrad_double
LIBS     := -lboost_program_options -lboost_iostreams -lboost_system -lboost_filesystem

# Debian and Ubuntu packages. What only the docs need is installed by `make docs` alone, and so on.
PACKAGES ?= g++ libboost-test-dev libboost-iostreams-dev libboost-program-options-dev libboost-filesystem-dev \
            libboost-system-dev libgnuplot-iostream-dev gnuplot-nox nlohmann-json3-dev
PACKAGES_DOCS   ?= doxygen libjs-mathjax doxygen-awesome-css
PACKAGES_FORMAT ?= clang-format
PACKAGES_BENCH  ?= python3 python3-torch libopenblas-dev libdlib-dev libdnnl-dev

SOURCES  := $(wildcard src/*/*.cpp)
CHAPTERS := $(wildcard chapters/chapter*_*.cpp)
PROGRAMS := $(sort $(foreach c,$(notdir $(CHAPTERS)),$(BUILD)/$(firstword $(subst _, ,$(c)))))
TESTS    := $(wildcard tests/*.cpp)
SINGLE   := tests/main.cpp $(wildcard tests/single/*.cpp)

SHELL       := bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
# Steps that must come one after another are makes of their own, each with all processors unless -j says otherwise.
STEP = $(MAKE) --no-print-directory $(if $(filter -j%,$(MAKEFLAGS)),,-j$(shell nproc))

.PHONY: all
all: packages  ## the programs, build/chapter1 and so on: one for each chapter
	+@$(STEP) programs

.PHONY: programs
programs: $(PROGRAMS)

# ---- commands ------------------------------------------------------------------------------------------------------
.PHONY: packages
packages:  ## installs the packages that are missing
	@.make/packages.sh $(PACKAGES)

.PHONY: data
data:  ## gets MNIST and Fashion-MNIST (MNIST_MIRROR=URL, FASHION_MIRROR=URL: sources of your own)
	@.make/data.sh $(DATA)

.PHONY: figures
figures: packages  ## everything: packages, data, programs, all figures (SCALE=full: at the report's own scale)
	@.make/data.sh $(DATA) || echo 'NOTE: going on with the small samples in tests/data'
	+@$(STEP) programs
	@mkdir -p $(OUT)/output
	@for program in $(notdir $(PROGRAMS)); do \
	  echo "==== $$program"; \
	  stdbuf -oL $(BUILD)/$$program --scale $(SCALE) --out $(OUT) --data $(DATA) | tee $(OUT)/output/$$program.txt; \
	done
	@echo "The figures are in $(OUT)."

# Counts come from Boost.Test's own report; a program that ends without one (a crash) is one more failure.
.PHONY: test
test: packages  ## everything: packages, programs, all tests
	+@$(STEP) programs $(BUILD)/tests $(BUILD)/tests_single
	@passed=0; failed=0; \
	count() { grep -o "$$2=\"[0-9]*\"" $$1 | head -1 | tr -dc 0-9; }; \
	for program in tests tests_single; do \
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
SANITIZE := -O1 -g -march=native -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=all \
            -Wno-maybe-uninitialized
.PHONY: sanitize
sanitize:  ## the tests under AddressSanitizer and UndefinedBehaviorSanitizer
	+@$(MAKE) --no-print-directory test BUILD=build/sanitize OPTIMIZE='$(SANITIZE)'

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
bench: packages  ## our speed beside PyTorch's, ONNX Runtime's, OpenBLAS's, dlib's, oneDNN's (QUICK=1: shorter; BASE=COMMIT: beside that version's)
	@tests/bench/peers.sh $(BUILD)/bench $(PACKAGES_BENCH)
	+@$(STEP) $(BUILD)/bench/ours $(BUILD)/bench/figures
	+@for peer in peer_openblas peer_dlib peer_onednn; do \
	  $(STEP) $(BUILD)/bench/$$peer || echo "bench: going on without $$peer, which could not be built"; \
	done
	@$(PYTHON) tests/bench/run.py --build $(BUILD) --figures $(OUT) $(if $(QUICK),--quick)
endif

.PHONY: docs
docs:  ## the book, in build/docs/html
	@.make/packages.sh $(PACKAGES_DOCS)
	+@$(STEP) site
	@echo "The book is in $(BUILD)/docs/html/index.html."

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
	  name=$${item%:*}; count=$${item#*:}; full=$(DATA)/$$set/$$name; \
	  case $$name in *images*) header=16; bytes=$$((784 * count));; *) header=8; bytes=$$count;; esac; \
	  mkdir -p tests/data/$$set; \
	  { head -c 4 $$full; printf "$$(printf '\\x%02x' 0 0 $$((count / 256)) $$((count % 256)))"; \
	    head -c $$((header + bytes)) $$full | tail -c +9; \
	  } | gzip -9n > tests/data/$$set/$$name.gz; \
	done; done

.PHONY: clean
clean:  ## removes build/ and nothing else
	rm -rf build

.PHONY: help
help:  ## this list
	@sed -n 's/^\([a-z]*\):[^#]*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 18

# ---- objects, libraries, programs ----------------------------------------------------------------------------------
$(BUILD)/float/%.o: %.cpp
	@mkdir -p $(@D)
	$(CXX) $(FLAGS) -c $< -o $@

$(BUILD)/double/%.o: %.cpp
	@mkdir -p $(@D)
	$(CXX) $(FLAGS) $(DOUBLE) -c $< -o $@

$(BUILD)/libplaingrad.a: $(patsubst %.cpp,$(BUILD)/float/%.o,$(SOURCES))
	@rm -f $@
	ar rcs $@ $^

$(BUILD)/libplaingrad_double.a: $(patsubst %.cpp,$(BUILD)/double/%.o,$(filter-out src/plotting/%,$(SOURCES)))
	@rm -f $@
	ar rcs $@ $^

# build/chapterN is made of chapters/chapterN_*.cpp, of chapters/chapterN/*.cpp if there are any, and of
# chapters/chapterN/twice/*.cpp compiled once in float and once in double.
define PROGRAM
$(BUILD)/$(1): $(patsubst %.cpp,$(BUILD)/float/%.o,$(wildcard chapters/$(1)_*.cpp chapters/$(1)/*.cpp chapters/$(1)/twice/*.cpp)) \
               $(patsubst %.cpp,$(BUILD)/double/%.o,$(wildcard chapters/$(1)/twice/*.cpp)) \
               $(BUILD)/float/chapters/program.o $(BUILD)/libplaingrad.a $(BUILD)/libplaingrad_double.a
	$(CXX) $$(FLAGS) $$^ $(LIBS) -o $$@
endef
$(foreach p,$(PROGRAMS),$(eval $(call PROGRAM,$(notdir $(p)))))

# ---- tests: gradients in double, the rest in float -----------------------------------------------------------------
# Most of the time of `make test` is compiling, and tests do not compute much themselves.
$(BUILD)/double/tests/%.o $(BUILD)/float/tests/%.o: OPTIMIZE := -O1 -march=native

$(BUILD)/tests: $(patsubst %.cpp,$(BUILD)/double/%.o,$(TESTS)) $(BUILD)/libplaingrad_double.a
	$(CXX) $(FLAGS) $^ -lboost_unit_test_framework $(LIBS) -o $@

$(BUILD)/tests_single: $(patsubst %.cpp,$(BUILD)/float/%.o,$(SINGLE)) $(BUILD)/libplaingrad.a
	$(CXX) $(FLAGS) $^ -lboost_unit_test_framework $(LIBS) -o $@

# ---- benchmark: one program of ours, one for each peer that is a library ------------------------------------------
# Debian's PyTorch is for Debian's Python.
PYTHON ?= $(firstword $(wildcard /usr/bin/python3) python3)
$(BUILD)/float/tests/bench/%.o: OPTIMIZE := $(OPTIMIZE)

$(BUILD)/bench/ours: $(patsubst %,$(BUILD)/float/tests/bench/%.o,ours kernels networks layers) $(BUILD)/libplaingrad.a
$(BUILD)/bench/figures: $(BUILD)/float/tests/bench/figures.o $(BUILD)/libplaingrad.a
$(BUILD)/bench/peer_openblas: $(BUILD)/float/tests/bench/peer_openblas.o
$(BUILD)/bench/peer_openblas: LIBS := -lopenblas
$(BUILD)/bench/peer_onednn: $(BUILD)/float/tests/bench/peer_onednn.o $(BUILD)/libplaingrad.a
$(BUILD)/bench/peer_onednn: LIBS := -ldnnl
$(BUILD)/bench/ours $(BUILD)/bench/figures $(BUILD)/bench/peer_openblas $(BUILD)/bench/peer_onednn:
	@mkdir -p $(@D)
	$(CXX) $(FLAGS) $^ $(LIBS) -o $@

# dlib's headers do not stand up to our warnings.
$(BUILD)/bench/peer_dlib: tests/bench/peer_dlib.cpp tests/bench/worker.hpp
	@mkdir -p $(@D)
	$(CXX) -std=c++17 $(OPTIMIZE) -w -pthread $< -ldlib -lopenblas -o $@

-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)
