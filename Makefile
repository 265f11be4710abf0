# Every target prepares what it needs first (config/tooling/prepare.py) and skips what is unchanged.
PYTHON ?= python3
HOUSE = $(PYTHON) config/tooling/prepare.py

.PHONY: help serve test quick check bench endure clauses mutate demo docs lock ready format

help:
	@echo "make serve    everything, running on 127.0.0.1 (PORT, default 8000)"
	@echo "make quick    what fits four minutes of the suite: before every commit"
	@echo "make test     the suite, on SQLite and PostgreSQL (ARGS=--record: write tests/durations.json anew)"
	@echo "make check    lint, formatting, templates, import contract, migrations, catalogues"
	@echo "make bench    requests per second of the main pages"
	@echo "make endure   a year of the ledger with a worker that is killed"
	@echo "make clauses  the clause matrix and its tests (ARGS=--json)"
	@echo "make mutate   break every rule, band and effect once and see whether a test notices (ARGS='nm --all')"
	@echo "make demo     the demo world; make docs: generated documentation; make lock: package versions"

serve:
	@LIANPEI_MADE=1 exec $(HOUSE) serve $(ARGS)

test quick check bench endure clauses mutate demo docs lock ready:
	@exec $(HOUSE) $@ $(ARGS)

format:
	@.venv/bin/ruff check --fix -q . ; .venv/bin/ruff format -q . ; .venv/bin/djlint --reformat --quiet . || true
