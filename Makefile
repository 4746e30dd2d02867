# Two commands: `make lab` opens the course, `make test` passes its tests. Each sets up .venv first.
# Written for GNU make 3.81 (macOS) and later; every path is relative or quoted, so spaces are welcome.

PY = .venv/bin/python
PIP = $(PY) -m pip -qq --disable-pip-version-check --no-input
CANDIDATES = $(if $(PYTHON),"$(PYTHON)",python3 python3.13 python3.12 python3.14 python3.11 python)

.PHONY: help lab test test-interop test-grading test-browser site lint notebooks lab-results figure bench pins clean

help:
	@echo "make lab        open the course in JupyterLab (PORT=8888, IP=127.0.0.1)"
	@echo "make test       run every test and every notebook"
	@echo "make test-interop  the schedules inside PyTorch, Optax, Keras and Hugging Face (large download)"
	@echo "make test-grading  the grader with its sandbox, dask, PostgreSQL and nbgrader"
	@echo "make test-browser  the explorables and the site in a real Chromium, keyboard and mouse"
	@echo "make site       build the course as web pages into build/site"
	@echo "make lint       read the code with ruff"
	@echo "make notebooks  write the notebooks anew: exercises, outputs, canonical form"
	@echo "make lab-results  measure the cached results of the training lab anew"
	@echo "make figure     draw the README's figure anew"
	@echo "make bench      measure speed, each figure against a peer in the same run"
	@echo "make pins       choose the versions in requirements.txt anew (needs uv)"
	@echo "make clean      remove .venv and caches; your notebooks stay"
	@echo "Another Python: make lab PYTHON=/path/to/python3"

lab: .venv/ready
	@$(PY) -m lrcourse lab $(if $(PORT),--port "$(PORT)") $(if $(IP),--ip "$(IP)") $(ARGS)

test: .venv/ready
	@$(PY) -m pytest -q -n 2 --dist loadfile --nbval tests lrcourse notebooks $(ARGS)

test-interop: .venv-interop/ready
	@LRCOURSE_INTEROP=1 .venv-interop/bin/python -m pytest -q -o addopts="--strict-markers -ra" tests/interop tests/lab/test_torch_gradients.py tests/explorables/test_code.py $(ARGS)

test-grading: .venv-grading/ready
	@LRCOURSE_GRADING=1 .venv-grading/bin/python -m pytest -q -n 2 --dist loadfile -o addopts="--strict-markers -ra" tests/grading $(ARGS)

test-browser: .venv/site-ready
	@$(PY) -m pytest -q tests/explorables $(ARGS)
	@LRCOURSE_BROWSER=1 $(PY) -m pytest -q tests/browser $(ARGS)

site: .venv/site-ready
	@$(PY) docs/build.py $(ARGS)

lint: .venv/ready
	@$(PY) -m ruff check -q --output-format concise . && echo "ruff: nothing to say"

notebooks: .venv/ready
	@$(PY) -m lrcourse.notebooks $(ARGS)

lab-results: .venv/ready
	@$(PY) -m lrcourse.lab.results $(ARGS)

figure: .venv/ready
	@$(PY) docs/readme_figure.py

bench: .venv/ready
	@for each in benchmarks/bench_*.py; do echo "== $$each" && $(PY) "$$each" || exit 1; done

pins:
	@uv pip compile -q --upgrade --universal --fork-strategy fewest --python-version 3.11 \
	--no-header --no-annotate --no-emit-index-url \
	--extra test --extra lint --extra build pyproject.toml -o requirements.txt

# What builds the site and drives the browser; it goes away with .venv.
.venv/site-ready: requirements-site.txt | .venv/ready
	@$(PIP) install --no-deps --no-compile -r requirements-site.txt && touch $@

# The frameworks live in an environment of their own: they are large, and the course does not need them.
.venv-interop/ready: requirements-interop.txt | .venv/ready
	@echo "Setting up .venv-interop with the real frameworks: some minutes, this once"
	@rm -f $@ && $(PY) -m venv --clear .venv-interop && \
	.venv-interop/bin/python -m pip -qq --disable-pip-version-check --no-input install --no-deps --no-compile \
	-r requirements-interop.txt && pwd > $@

# The grader's optional partners, and the systems it is measured against.
.venv-grading/ready: requirements-grading.txt | .venv/ready
	@echo "Setting up .venv-grading with dask, PostgreSQL's driver, nbgrader and otter-grader: a minute, this once"
	@rm -f $@ && $(PY) -m venv --clear .venv-grading && \
	.venv-grading/bin/python -m pip -qq --disable-pip-version-check --no-input install --no-deps --no-compile \
	-r requirements-grading.txt && pwd > $@

clean:
	@rm -rf .venv .venv-interop .venv-grading .pytest_cache .ruff_cache .hypothesis build dist
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

# .venv/ready is written last and holds the folder's path. Where it is missing, names another folder (the
# course was moved) or the Python inside no longer runs, .venv is made anew; so an interrupted run recovers.
SOUND := $(shell $(PY) -c "" 2>/dev/null && [ "`cat .venv/ready 2>/dev/null`" = "`pwd -P`" ] && echo yes)
ifneq ($(SOUND),yes)
.PHONY: .venv/ready
endif

# All versions are pinned, so nothing is resolved (--no-deps), and modules compile when first used.
.venv/ready: requirements.txt pyproject.toml
ifneq ($(SOUND),yes)
	@old=; bare=; found=; \
	for py in $(CANDIDATES); do \
	  version=`"$$py" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null` || continue; \
	  case $$version in 3.[0-9]|3.10|2.*) old="$$old $$py ($$version)"; continue;; esac; \
	  if "$$py" -c 'import ensurepip, venv' 2>/dev/null; then found=$$py; break; fi; \
	  bare=$${bare:-$$version}; \
	done; \
	if [ -n "$$found" ]; then \
	  echo "Setting up .venv with Python $$version: about a minute, this once"; \
	  "$$found" -m venv --clear .venv; \
	elif [ -n "$$bare" ]; then \
	  echo "Python $$bare is here, but not its venv module, which the course installs into."; \
	  echo "On Debian or Ubuntu:  sudo apt install python$$bare-venv   then run the same command again."; \
	  exit 1; \
	else \
	  echo "The course needs Python 3.11 or newer; found:$${old:- none}."; \
	  echo "Install one, then run the same command again, or name it: make lab PYTHON=/path/to/python3"; \
	  exit 1; \
	fi >&2
else
	@echo "The pinned versions changed: bringing .venv up to date"
endif
	@rm -f .venv/ready
	@$(PIP) install --no-deps --no-compile -r requirements.txt && \
	$(PIP) install --no-deps --no-build-isolation -e . || { \
	echo "Installing failed: see above. Once mended (is the network there?), run the same command again." >&2; exit 1; }
	@pwd -P > .venv/ready
