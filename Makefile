bin := .venv/bin

help:
	@echo "make demo    set up, run the main job on the embedded world, show a table and the path of the report"
	@echo "make test    set up, run the tests"
	@echo "make lab     open the book in JupyterLab"
	@echo "make locked  set up from .ci/lock.txt: the versions that were tested, their files checked by hashes"
	@echo "make export  notebooks -> modules and tests; fold the code that a reader may skip"
	@echo "make gpu     all that needs a graphics card, into data/results/gpu.json; without one: what it would be"
	@echo "make site    the book as pages in build/site, which open without a network"
	@echo "make torture runs that are killed, damaged and lied to, into data/results/torture.csv; SHORT=1: less of it"
	@echo "make check   everything that continuous integration checks"

.venv/demo: settings.ini setup.py
	$(bin)/python -m pip --version >/dev/null 2>&1 || { rm -rf .venv && python3 -m venv .venv; } || { echo "Python 3.11 or newer with venv is needed: apt-get install python3-venv"; exit 1; }
	$(bin)/pip install -q --disable-pip-version-check -e .
	@touch $@

.venv/dev: .venv/demo
	$(bin)/pip install -q --disable-pip-version-check -e '.[dev]'
	@touch $@

locked: .ci/lock.txt
	python3 -m venv .venv
	$(bin)/pip install -q --disable-pip-version-check --require-hashes -r .ci/lock.txt
	$(bin)/pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch .venv/demo .venv/dev

demo: .venv/demo
	$(bin)/wsss-nb run --quick

test:
	@$(MAKE) --no-print-directory test-code
	@$(MAKE) --no-print-directory test-browser

test-code test-browser torture: export OMP_NUM_THREADS = 1
test-code test-browser torture: export MKL_NUM_THREADS = 1
test-code test-browser torture: export NUMBA_NUM_THREADS = 1

test-code: .venv/dev
	$(bin)/python -m pytest -q -n auto --maxprocesses=4 --dist worksteal -m "not browser" tests

test-browser: .venv/dev
	$(bin)/python -m pytest -q -n auto --maxprocesses=2 --dist worksteal -m browser $$(grep -l 'mark\.browser' tests/*.py) || [ $$? = 5 ]

lab: .venv/dev
	$(bin)/wsss-nb lab

export: .venv/dev
	$(bin)/nbdev-clean && $(bin)/nbdev-export && $(bin)/python -m wsss_nb.core.nbtest --fold nbs/*.ipynb

gpu: .venv/dev
	$(bin)/python -m wsss_nb.bench.card data/results/gpu.json

site: .venv/dev
	$(bin)/python -c "from pathlib import Path; from wsss_nb.core.site import gather; gather(Path('nbs'), Path('wsss_nb'), Path('build/pages'))"
	$(bin)/python -m sphinx -q -d build/doctrees -c site build/pages build/site
	@echo "open build/site/index.html"

torture: .venv/dev
	$(bin)/python -m wsss_nb.bench.torture $(if $(SHORT),.venv/torture.csv,data/results/torture.csv)

check:
	bash .ci/run

.PHONY: help locked demo test test-code test-browser lab export gpu site torture check
