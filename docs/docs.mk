# The book in $(BUILD)/docs/html: a site that needs neither network nor server. Included by the Makefile.
#   make site     builds it (packages must be there: doxygen, doxygen-awesome-css, libjs-mathjax)

DOCS    := $(BUILD)/docs
MATHJAX := /usr/share/javascript/mathjax
# Of MathJax's 57 MB, what TeX input, SVG output and its own font need, without the alphabets that no page uses.
MATHJAX_PARTS := MathJax.js extensions/tex2jax.js extensions/MathEvents.js extensions/MathMenu.js \
                 extensions/MathZoom.js jax/element jax/input/TeX jax/output/SVG/config.js \
                 jax/output/SVG/jax.js jax/output/SVG/autoload \
                 $(addprefix jax/output/SVG/fonts/TeX/,fontdata.js fontdata-extra.js AMS Main Math/Italic Size1 Size2 Size3 Size4) \
                 $(addprefix extensions/TeX/,AMSmath.js AMSsymbols.js noErrors.js noUndefined.js autoload-all.js newcommand.js)

.PHONY: site
site: documented $(if $(filter no,$(INTERACTIVE)),,interactive-modules)
	rm -rf $(DOCS)/html
	mkdir -p $(DOCS)
	docs/equations.sh > $(DOCS)/equations.md
	(cat docs/Doxyfile; echo 'OUTPUT_DIRECTORY = $(DOCS)'; echo 'INPUT += $(DOCS)/equations.md'; \
	  echo '$(if $(filter no,$(INTERACTIVE)),ALIASES += "interactive{1}=",ENABLED_SECTIONS = interactive)') | doxygen -
	docs/equations.sh --links $(DOCS)/html
	@# Of an <img> that is missing doxygen says nothing.
	@cd $(DOCS)/html && for picture in $$(grep -oh '<img src="[^"]*"' *.html | cut -d'"' -f2 | sort -u); do \
	  [ -e $$picture ] || { echo "docs: $$picture is missing"; exit 1; }; done
	mkdir -p $(DOCS)/html/mathjax
	html=$$(cd $(DOCS)/html && pwd) && cd $(MATHJAX) && cp -rL --parents $(MATHJAX_PARTS) "$$html/mathjax"
	$(if $(filter no,$(INTERACTIVE)),,+$(MAKE) --no-print-directory interactive)
	docs/links.py --check $(DOCS)/html

# Every public name of the library must be documented; a variable may be left to its struct's comment and its own name.
.PHONY: documented
documented:
	@mkdir -p $(DOCS)
	@(cat docs/Doxyfile; echo 'INPUT = src chapters/program.hpp chapters/results.hpp'; echo 'FILE_PATTERNS = *.hpp'; \
	  echo 'GENERATE_HTML = NO'; echo 'GENERATE_TAGFILE = $(DOCS)/names.xml'; echo 'OUTPUT_DIRECTORY = $(DOCS)'; \
	  echo 'WARN_IF_UNDOCUMENTED = YES'; echo 'WARN_AS_ERROR = NO') | doxygen - > $(DOCS)/documented.log 2>&1
	@! grep 'is not documented' $(DOCS)/documented.log | grep -v '(variable)' | sort -u | grep .

include docs/interactive/interactive.mk
include docs/check/check.mk
