# plaingrad: `make figures` and `make test` do everything, on a fresh machine too. `make help` lists the rest.

SCALE    ?= quick
BUILD    := build
CXX      ?= g++
CXXSTD   := -std=c++20 -fopenmp
WARNINGS := -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror
OPTIMIZE ?= -O3 -march=native $(WIDE)
WIDE     := $(if $(filter x86_64,$(shell uname -m)),-mprefer-vector-width=512)
FLAGS     = $(CXXSTD) $(WARNINGS) $(OPTIMIZE) -Isrc -Ichapters -MMD -MP
LIBS     := -lboost_iostreams -lboost_system -lboost_filesystem -lboost_program_options
TESTLIBS := -lboost_unit_test_framework $(LIBS)

SOURCES  := $(wildcard src/*/*.cpp)
CHAPTERS := $(filter-out program,$(patsubst chapters/%.cpp,%,$(wildcard chapters/*.cpp)))
PROGRAMS := $(sort $(foreach c,$(CHAPTERS),$(BUILD)/$(firstword $(subst _, ,$(c)))))
CHAPTER8 := $(wildcard chapters/chapter8/*.cpp)
TESTS    := $(wildcard tests/*.cpp)
SINGLE   := $(wildcard tests/single/*.cpp)

FLOAT_OBJECTS  := $(patsubst %.cpp,$(BUILD)/float/%.o,$(SOURCES) chapters/program.cpp)
DOUBLE_OBJECTS := $(patsubst %.cpp,$(BUILD)/double/%.o,$(filter-out src/plotting/%,$(SOURCES)) $(TESTS))
SINGLE_OBJECTS := $(patsubst %.cpp,$(BUILD)/float/%.o,$(SINGLE))

.PHONY: all
all: packages $(PROGRAMS)

# ---- objects and programs ----------------------------------------------------------------------------------------
$(BUILD)/float/%.o: %.cpp $(BUILD)/flags | packages
	@mkdir -p $(@D)
	$(CXX) $(FLAGS) -c $< -o $@
$(BUILD)/double/%.o: %.cpp $(BUILD)/flags | packages
	@mkdir -p $(@D)
	$(CXX) $(FLAGS) -DPLAINGRAD_DOUBLE -c $< -o $@
