# Two commands: `make` runs the main job on the real article, `make test` passes the tests.
# Without make:  python3 -m venv .venv && .venv/bin/pip install -c constraints.txt -e . && .venv/bin/kg tour
#                .venv/bin/pip install -c constraints.txt -e ".[dev]" && .venv/bin/pytest
# With uv:       uv run kg tour        and        uv run --extra dev pytest

PYTHON ?= python3
BIN := $(if $(filter Windows_NT,$(OS)),.venv/Scripts,.venv/bin)
LOWEST := $(subst .venv,.venv-lowest,$(BIN))
PIP = $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt

.PHONY: tour serve test package engines owl browser cluster site lowest long lint check answers docs bench lies mutants files
.PHONY: clean
.DEFAULT_GOAL := tour

tour: .venv/tour.done
	@$(BIN)/kg tour

# Pages, SPARQL and linked data at http://127.0.0.1:8000/, from the sources as they are.
serve: .venv/serve.done
	@$(BIN)/kg serve --watch

# Bytecode is written whatever the environment says, since each process would compile all tests anew without it.
test: .venv/test.done
	@PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest -q -n auto

# The wheel and the action: the package is built, installed and run. `make test` leaves these tests out.
package: .venv/test.done
	@PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest -q -m package

# The stored queries in other SPARQL engines, which it installs (pip, apt-get, npm) and starts. ENGINES="NAME ..." chooses.
engines: .venv/test.done
	@$(BIN)/python -m tests.support.engines $(ENGINES)

# Builds on Apache Spark: a master and two workers on this machine, which it starts. Installs PySpark (456 MB) and, by
# apt-get where there is none, Java 17. CLUSTER="-k first" chooses tests.
cluster: .venv/test.done
	@command -v java >/dev/null || apt-get install -qq -y openjdk-17-jre-headless >/dev/null || \
	    { apt-get update -qq && apt-get install -qq -y openjdk-17-jre-headless >/dev/null; }
	@$(PIP) --editable ".[cluster]"
	@PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest -q -n0 -m cluster tests/cluster $(CLUSTER)

# Exports in OWL tools: Owlready2 with HermiT and, where Debian's libowlapi-java is installed, the OWL API. They need Java.
owl: .venv/test.done
	@$(PIP) owlready2
	@$(BIN)/python -m pytest -q -m owl tests/export/test_owl_tools.py

# The pages in a headless browser. Installs Chromium (by apt-get where there is none), playwright and, from npm, axe-core,
# which looks for what bars people from a page. BROWSER="-k walk" chooses tests.
browser: .browser/done
	@PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest -q -m browser tests/browser $(BROWSER)

# The pages of this graph, to open in a browser: build/site/index.html.
site: .venv/test.done
	@$(BIN)/kg site build/site

# The tests with the lowest versions that pyproject.toml allows, in an environment of their own.
lowest: .venv-lowest/done
	@PYTHONDONTWRITEBYTECODE= $(LOWEST)/python -m pytest -q -n auto $(TESTS)

# The long tests, and of the random ones many examples more. Takes about half an hour; runs each week, see .github/.
long: .venv/test.done
	@$(BIN)/python -m pytest -q -n auto -m "long or hypothesis" --hypothesis-profile=long

lint: .venv/test.done
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy

# All that a pull request must pass.
check: lint test package
	@$(BIN)/kg check

# What follows from the graph and is kept beside it: golden answers, then `docs`. Stops at a violation.
answers: .venv/test.done
	@$(BIN)/kg check --update-answers
	@$(BIN)/python -m tools.pages

# The reference pages, and the outputs that the other pages show.
docs: .venv/test.done
	@$(BIN)/python -m tools.pages

# Would the tests notice a spoilt rule or check? Takes half an hour; see tests/support/mutation.
mutants: .venv/test.done
	@$(BIN)/python -m tests.support.mutation

# What a release has besides the package, and what the IRIs lead to (ontology/w3id): dataset, ontology, shapes.
files: .venv/tour.done
	@mkdir -p build/files
	@for ending in ttl trig nt nq jsonld rdf csv graphml; do \
	    $(BIN)/kg export -o build/files/dataset.$$ending || exit 1; done
	@$(BIN)/kg export --owl -o build/files/dataset.owl
	@cat ontology/*.ttl > build/files/entente.ttl && cat shapes/*.ttl > build/files/shapes.ttl

# Time and memory beside other stacks, on corpora of 1 to 1,000 articles. Takes an hour on a quiet machine; see bench/.
bench: .venv/tour.done
	@$(BIN)/python -m bench && $(BIN)/python -m bench report

# How many false facts under true quotes are noticed: minutes. LIES="--quick", "--missed" or folders of graphs; see bench/lies.
lies: .venv/tour.done
	@$(BIN)/python -m bench lies $(LIES)

.venv/tour.done: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	    { echo "Python 3.11 or newer is needed: make PYTHON=python3.13" >&2; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@echo "installing what the tour needs (once) …" >&2
	@$(PIP) --editable .
	@$(BIN)/python -m compileall -q kg
	@touch $@

.venv/serve.done: .venv/tour.done
	@echo "installing what the server needs (once) …" >&2
	@$(PIP) --editable ".[serve]"
	@touch $@

.venv/test.done: .venv/tour.done
	@echo "installing the development tools (once) …" >&2
	@$(PIP) --editable ".[dev]"
	@touch $@

.browser/done: .venv/test.done
	@for name in chromium chromium-browser google-chrome google-chrome-stable; do command -v $$name && exit 0; done; \
	    echo "installing Chromium (once) …" >&2; apt-get install -qq -y chromium >/dev/null || \
	    { apt-get update -qq && apt-get install -qq -y chromium >/dev/null; }
	@echo "installing playwright and axe-core (once) …" >&2
	@$(PIP) playwright
	@npm install --silent --no-fund --no-audit --prefix .browser axe-core@4
	@touch $@

.venv-lowest/done: pyproject.toml
	@test -x $(LOWEST)/python || $(PYTHON) -m venv .venv-lowest
	@echo "installing the lowest versions (once) …" >&2
	@$(PYTHON) -m tools.lowest > .venv-lowest/constraints.txt
	@$(LOWEST)/python -m pip install --quiet --disable-pip-version-check -c .venv-lowest/constraints.txt -e ".[dev,pandas]"
	@touch $@

clean:
	rm -rf .venv .venv-lowest .kg .bench .engines .browser dist build .pytest_cache .mypy_cache .ruff_cache
