# Looks at the book as a reader's browser shows it. Included by docs/docs.mk; its packages (a browser: 300 MB) are
# installed by `make docs-check` alone.

PUPPETEER := puppeteer-core@25.16.0

.PHONY: site-check
site-check: $(BUILD)/node_modules/puppeteer-core
	@NODE_PATH=$(abspath $(BUILD))/node_modules ONLY='$(ONLY)' node docs/check/check.js $(DOCS)/html

# It drives the browser that Debian has; it would fetch none of its own.
$(BUILD)/node_modules/puppeteer-core: docs/check/check.mk
	@mkdir -p $(BUILD)
	npm install --prefix $(BUILD) --ignore-scripts --no-save --no-audit --no-fund --loglevel=error $(PUPPETEER)
	@touch $@
