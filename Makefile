# Each target sets up what it needs first; on a fresh machine Python 3.11, make and git are enough.
.DEFAULT_GOAL := help
.PHONY: help demo test check bench lock clean grafana-preview
BIN := .venv/bin

help: ## Show the targets
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile | expand -t 17

demo: ## Start a whole Loadstone with virtual premises; options by ARGS="--port 8090 --days 30"
	@scripts/setup runtime
	@exec $(BIN)/loadstone demo $(ARGS)

test: ## Run every test; narrow it by ARGS="tests/unit -k energy"
	@scripts/setup dev
	@scripts/setup-system
	$(BIN)/python -m pytest $(ARGS)

check: ## Check form, types, import directions and the tree
	@scripts/setup dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python scripts/check_tree.py

bench: ## Measure the way from the broker into the database
	@scripts/setup dev
	@scripts/setup-system
	$(BIN)/python benchmarks/ingest.py $(ARGS)

lock: ## Write the lock files anew from pyproject.toml; newest versions by ARGS=--upgrade
	@scripts/setup dev
	scripts/lock $(ARGS)

grafana-preview: ## Draw boards with Grafana's components, for looking at; needs node, npm, chromium
	@scripts/setup dev
	@mkdir -p .cache/grafana-preview
	@cp scripts/grafana-preview/package.json scripts/grafana-preview/*.mjs \
		scripts/grafana-preview/main.jsx .cache/grafana-preview/
	cd .cache/grafana-preview && npm install --legacy-peer-deps --ignore-scripts --no-audit --no-fund
	cd .cache/grafana-preview && node build.mjs bundle.js
	$(BIN)/python scripts/grafana-preview/preview.py .cache/grafana-preview/bundle.js $(ARGS)

clean: ## Remove what these targets made, but not the demo's data
	rm -rf .venv .cache .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	rm -rf build dist screenshots
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
