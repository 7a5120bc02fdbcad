# The figures one can touch: each is a script in docs/interactive, and a module compiled from src/ to WebAssembly that
# computes its numbers. Included by docs/docs.mk; its packages (emscripten: 800 MB) are installed by `make docs` alone.
#   NAME.cpp   what a page may call of src/: arguments in, results out, no arithmetic of its own
#   NAME.js    what is drawn, and what a finger does
# A page names a figure by \interactive{NAME}; base.js puts it there. What stands around it in the page, its static
# figures, is what a reader without scripts sees.

INTERACTIVE_OUT := $(DOCS)/html/interactive
WASM            := $(BUILD)/wasm
EMXX            ?= em++
# Boost's and nlohmann's headers, and no others of the system's.
WASM_INCLUDES   := $(WASM)/include
# One file for each module, bytes included: a page opened from a disk may not fetch another.
WASM_FLAGS      := -std=c++20 -O3 -msimd128 -ffp-contract=off -fno-math-errno -Isrc -Ichapters -isystem $(WASM_INCLUDES)
WASM_LINK       := -lembind -sSINGLE_FILE=1 -sMODULARIZE=1 -sALLOW_MEMORY_GROWTH=1 -sENVIRONMENT=web,worker,node \
                   -sFILESYSTEM=0 -sDYNAMIC_EXECUTION=0

# What the figures compute with. Locks, runs and their files are not for a browser, and it unpacks gzip itself; clang 14
# cannot print a double (decimal.cpp).
WASM_SOURCES := $(filter-out src/plotting/% src/training/% src/math/decimal.cpp src/data/file_lock.cpp src/data/gzip.cpp,$(LIBRARY)) \
                $(patsubst %,src/training/%.cpp,checkpoint fingerprint fit fit_steps gan_trainer stop)
WASM_MODULES := $(patsubst docs/interactive/%.cpp,%,$(wildcard docs/interactive/*.cpp))
# In double, as their chapters' checks are, and what these need of src/; all others in float.
WASM_DOUBLE  := six_neurons
WASM_DOUBLE_SOURCES := $(wildcard src/math/random.cpp src/math/tensor.cpp src/neuron/*.cpp)
# What a module needs besides the library: parts of its chapter's program.
WASM_ALSO_six_neurons := chapters/chapter2/float_and_double/differences.cpp chapters/chapter2/xor.cpp
WASM_ALSO_descent     := chapters/chapter4/line_fit.cpp chapters/chapter4/optimizer_run.cpp
WASM_ALSO_networks    := chapters/seconds/rungs.cpp
WASM_ALSO_generator_walk := chapters/chapter8/slerp.cpp
WASM_ALSO_line_gan    := chapters/chapter6/toy_gan.cpp

# The generator of section 8.8, once one has been trained at full scale; its figure is left out until then.
GENERATOR ?= $(firstword $(sort $(wildcard figures/runs/gan-*.safetensors)))

export NODE_PATH ?= /usr/share/nodejs

$(WASM_INCLUDES):
	@mkdir -p $@
	@for part in boost nlohmann; do ln -sfn /usr/include/$$part $@/$$part; done

define WASM_PRECISION
$(WASM)/$(1)/%.o: %.cpp docs/interactive/interactive.mk | $(WASM_INCLUDES)
	@mkdir -p $$(@D)
	$(EMXX) $(WASM_FLAGS) $(3) -MMD -MP -c $$< -o $$@

$(WASM)/libplaingrad_$(1).a: $(patsubst %.cpp,$(WASM)/$(1)/%.o,$(2))
	@rm -f $$@
	emar rcs $$@ $$^

$(WASM)/$(1)/%.module.js: $(WASM)/$(1)/docs/interactive/%.o $(WASM)/libplaingrad_$(1).a
	$(EMXX) $(WASM_FLAGS) $(WASM_LINK) -sEXPORT_NAME=module_$$* $$(filter %.o,$$^) $$(filter %.a,$$^) -o $$@
endef
$(eval $(call WASM_PRECISION,float,$(WASM_SOURCES)))
$(eval $(call WASM_PRECISION,double,$(WASM_DOUBLE_SOURCES),-DPLAINGRAD_DOUBLE))

$(foreach p,float double,$(foreach m,$(WASM_MODULES),$(eval $(WASM)/$(p)/$(m).module.js: $(WASM_ALSO_$(m):%.cpp=$(WASM)/$(p)/%.o))))

.SECONDARY:
MODULE_FILES := $(foreach m,$(WASM_MODULES),$(WASM)/$(if $(filter $(m),$(WASM_DOUBLE)),double,float)/$(m).module.js)

# A worker's module, and files that a figure asks for, inside scripts.
RECORDS      ?= figures/runs
CNN_WEIGHTS  := $(firstword $(wildcard $(RECORDS)/cnn-mnist-adam-seed1-*.safetensors))
# None before section 8.7 has been trained: there is no figure of them then.
AUTOENCODERS := $(sort $(wildcard $(RECORDS)/autoencoder-noise-*-seed1-*.safetensors))
NOISE         = $(word 3,$(subst -, ,$(notdir $(1))))
EMBEDDED     := $(addprefix $(WASM)/embedded/,networks.worker.js mnist_train.js mnist_test.js cnn_weights.js autoencoder_weights.js)

$(WASM)/embedded/networks.worker.js: $(WASM)/float/networks.module.js
$(WASM)/embedded/networks.worker.js: private FILES = module=$(WASM)/float/networks.module.js
$(WASM)/embedded/mnist_train.js: private FILES = images=tests/data/mnist/train-images-idx3-ubyte.gz labels=tests/data/mnist/train-labels-idx1-ubyte.gz
$(WASM)/embedded/mnist_test.js: private FILES = images=tests/data/mnist/t10k-images-idx3-ubyte.gz labels=tests/data/mnist/t10k-labels-idx1-ubyte.gz
$(WASM)/embedded/cnn_weights.js: $(CNN_WEIGHTS)
$(WASM)/embedded/cnn_weights.js: private FILES = weights=$(CNN_WEIGHTS) record=$(CNN_WEIGHTS:.safetensors=.json)
$(WASM)/embedded/autoencoder_weights.js: $(AUTOENCODERS)
$(WASM)/embedded/autoencoder_weights.js: private FILES = $(foreach file,$(AUTOENCODERS),$(call NOISE,$(file))=$(file))
$(EMBEDDED): docs/interactive/embed.py docs/interactive/interactive.mk
	@mkdir -p $(@D)
	docs/interactive/embed.py $(basename $(@F)) $(FILES) > $@

.PHONY: interactive-modules interactive
interactive-modules: $(MODULE_FILES) $(EMBEDDED)
# Into the site, once it is there.
interactive: $(MODULE_FILES) $(EMBEDDED)
	@mkdir -p $(INTERACTIVE_OUT)
	cp $(filter-out %/networks.module.js,$^) $(wildcard docs/interactive/*.js docs/interactive/*.css) $(INTERACTIVE_OUT)
	docs/interactive/sources.py > $(INTERACTIVE_OUT)/sources.js
	docs/interactive/chapter3_data.py > $(INTERACTIVE_OUT)/chapter3_data.js
	docs/interactive/generator_weights.py $(INTERACTIVE_OUT) $(GENERATOR)

-include $(shell find $(WASM) -name '*.d' 2>/dev/null)
