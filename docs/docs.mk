# The book in $(BUILD)/docs/html: a site that needs neither network nor server. Included by the Makefile.
#   make site     builds it (packages must be there: doxygen, doxygen-awesome-css, libjs-mathjax)

DOCS    := $(BUILD)/docs
MATHJAX := /usr/share/javascript/mathjax
# Of MathJax's 57 MB, what TeX input, SVG output and its own font need.
MATHJAX_PARTS := MathJax.js extensions/tex2jax.js extensions/MathEvents.js extensions/MathMenu.js \
                 extensions/MathZoom.js extensions/TeX jax/element jax/input/TeX jax/output/SVG/config.js \
                 jax/output/SVG/jax.js jax/output/SVG/autoload jax/output/SVG/fonts/TeX

.PHONY: site
site:
	rm -rf $(DOCS)/html
	mkdir -p $(DOCS)
	docs/equations.sh > $(DOCS)/equations.md
	(cat docs/Doxyfile; echo 'OUTPUT_DIRECTORY = $(DOCS)'; echo 'INPUT += $(DOCS)/equations.md') | doxygen -
	docs/equations.sh --links $(DOCS)/html
	mkdir -p $(DOCS)/html/mathjax
	cd $(MATHJAX) && cp -rL --parents $(MATHJAX_PARTS) $(abspath $(DOCS))/html/mathjax
