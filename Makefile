# plaingrad. `make figures` and `make test` do everything, on a fresh machine too; `make help` lists the rest.

SCALE    ?= quick
BUILD    ?= build
CXX      ?= g++
# On x86 let the compiler use the widest vectors that the processor has; elsewhere the option does not exist.
WIDE     := $(if $(filter x86_64,$(shell uname -m)),-mprefer-vector-width=512)
OPTIMIZE ?= -O3 -march=native $(WIDE)
# -Wrestrict of g++ 12 raises false alarms inside std::string; clang++ does not know it.
WARNINGS := -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror $(if $(findstring clang,$(CXX)),,-Wno-restrict)
FLAGS     = -std=c++20 -fopenmp $(OPTIMIZE) $(WARNINGS) -Isrc -Ichapters -Itests -MMD -MP
# The double build lives in a namespace of its own, so that one program can link both (chapter 2 does).
DOUBLE   := -DPLAINGRAD_DOUBLE -Dplaingrad=plaingrad_double
LIBS     := -lboost_program_options -lboost_iostreams -lboost_system -lboost_filesystem

SOURCES  := $(wildcard src/*/*.cpp)
CHAPTERS := $(wildcard chapters/chapter*_*.cpp)
PROGRAMS := $(sort $(foreach c,$(notdir $(CHAPTERS)),$(BUILD)/$(firstword $(subst _, ,$(c)))))
TESTS    := $(wildcard tests/*.cpp)
SINGLE   := tests/main.cpp $(wildcard tests/single/*.cpp)

.PHONY: all
all: packages
	@$(MAKE) --no-print-directory programs

.PHONY: programs
programs: $(PROGRAMS)

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
$(BUILD)/tests: $(patsubst %.cpp,$(BUILD)/double/%.o,$(TESTS)) $(BUILD)/libplaingrad_double.a
	$(CXX) $(FLAGS) $^ -lboost_unit_test_framework $(LIBS) -o $@

$(BUILD)/tests_single: $(patsubst %.cpp,$(BUILD)/float/%.o,$(SINGLE)) $(BUILD)/libplaingrad.a
	$(CXX) $(FLAGS) $^ -lboost_unit_test_framework $(LIBS) -o $@

-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)
