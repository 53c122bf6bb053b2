# Every target works as the first and only command on a machine with Python 3.11+, pip and make.

UV := $(shell command -v uv 2>/dev/null || echo .tools/bin/uv)
RUN := $(UV) run --frozen
ARGS ?=
unexport PYTHONDONTWRITEBYTECODE # the suite starts many processes: none should compile everything again

.PHONY: demo test check fix bench schema rules docs
demo: .venv/ready      ## Start a complete demonstration (ARGS="--profile tanzania --exit")
	$(RUN) msingi demo $(ARGS)

test: .venv/ready      ## Run the whole suite on SQLite and PostgreSQL
	$(RUN) pytest -q -n 3 --dist worksteal $(ARGS) # one more than cores: some tests wait

check: .venv/ready     ## Lint, types, import rules, freshness of schema and docs
	$(RUN) ruff format --check .
	$(RUN) ruff check .
	$(RUN) mypy core modules tests plugins
	$(RUN) msingi schema check
	$(RUN) pytest -q tests/test_architecture.py tests/test_docs.py

fix: .venv/ready       ## Format and repair what can be repaired
	$(RUN) ruff format .
	$(RUN) ruff check --fix .

bench: .venv/ready     ## Measure (ARGS="graphql_page --json")
	$(RUN) msingi bench $(ARGS)

schema: .venv/ready    ## Export the published schemas
	$(RUN) msingi schema export

docs: .venv/ready      ## Write the generated reference pages
	$(RUN) msingi schema docs

rules: .venv/ready     ## Print which domain rules are proven by which tests
	$(RUN) msingi rules $(ARGS)

.venv/ready: pyproject.toml uv.lock | $(if $(filter .tools/bin/uv,$(UV)),.tools/bin/uv)
	$(UV) sync --frozen --quiet
	@touch $@

.tools/bin/uv:
	python3 -m pip install --quiet --target .tools uv
