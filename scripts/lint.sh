#!/usr/bin/env bash
# Everything that reads the code without running it. Stops at the first complaint.
set -euo pipefail
cd "$(dirname "$0")/.."
export PATH="$PWD/.venv/bin:$PATH"
say() { printf '\n== %s\n' "$*"; }

say ruff check
ruff check --quiet .
say ruff format
ruff format --check --quiet .
say mypy
mypy .
say import-linter
lint-imports
say djlint
djlint templates --lint --quiet

say migrations are complete
DJANGO_SETTINGS_MODULE=config.settings.test python -W ignore manage.py makemigrations --check --dry-run
say production settings
# A key of its own for this check: it protects nothing, but is as long as a real one.
check=$(DJANGO_SETTINGS_MODULE=config.settings.production ALLOWED_HOSTS=vekha.example \
    SECRET_KEY="$(python -c 'import secrets; print(secrets.token_urlsafe(50))')" \
    python manage.py check --deploy --fail-level WARNING 2>&1)
echo "$check"
case $check in *"no issues (0 silenced)"*) ;; *) exit 1 ;; esac

if docker compose version >/dev/null 2>&1; then
    say docker compose
    docker compose --env-file .env.example config --quiet
fi
