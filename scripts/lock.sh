#!/usr/bin/env bash
# Resolve pyproject.toml into the lock files, for every platform and Python from 3.11 on.
# What is locked stays unless it must move; `UPGRADE=1 make lock` takes newer versions.
set -euo pipefail
cd "$(dirname "$0")/.."

# uv is locked too, and kept apart from what the portal runs on.
if [ ! -x .venv/tools/bin/uv ]; then
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes \
        --target .venv/tools -r scripts/uv.lock.txt
fi

compile() {
    .venv/tools/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
        --custom-compile-command "make lock" ${UPGRADE:+--upgrade} "$@"
}
compile pyproject.toml --output-file requirements.lock
compile pyproject.toml --group dev --output-file requirements-dev.lock
