# What a person types. Everything prepares itself first; `make setup` is that step alone.
.PHONY: help setup demo test lint bench soak lock
.DEFAULT_GOAL := help

help: ## list the commands
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

setup: ## install what the portal needs: system packages, .venv, locked Python packages
	@scripts/setup.sh

demo: ## run the whole portal on this machine with a fictional region (DEMO_PORT, DATABASE_URL, REDIS_URL)
	@scripts/setup.sh
	@.venv/bin/python scripts/demo.py

test: ## run the suite, on an embedded PostgreSQL or on DATABASE_URL (ARGS="tests/jobs -x")
	@scripts/setup.sh tests
	@.venv/bin/python scripts/run_tests.py $(ARGS)

lint: ## everything that reads the code without running it
	@scripts/setup.sh
	@scripts/lint.sh

bench: ## run every bench/bench_*.py; each prints lines of JSON
	@scripts/setup.sh
	@.venv/bin/python scripts/run_benches.py $(ARGS)

soak: ## spoil 5,000 passports and 200 PDFs and read them; tell 2,000 stories to the roll-up; kill the worker 100 times (ARGS="--seed 2 --files 9 --pdf 0 --stories 9 --kills 0")
	@scripts/setup.sh
	@.venv/bin/python -m tests.soak $(ARGS)

lock: ## resolve the dependencies of pyproject.toml anew and write the lock files with their hashes
	@scripts/setup.sh
	@scripts/lock.sh
