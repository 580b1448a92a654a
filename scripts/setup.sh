#!/usr/bin/env bash
# Prepare a bare Debian for the portal: system packages, .venv, the locked Python packages.
# `setup.sh tests` also asks for what only the tests need. Does nothing when nothing is missing.
set -euo pipefail
cd "$(dirname "$0")/.."

python=${PYTHON:-python3}
lock=requirements-dev.lock
stamp=.venv/.installed

if ! command -v "$python" >/dev/null; then
    echo "Нужен Python 3.11 или новее. Установите его одной строкой:" >&2
    echo "  apt-get update && apt-get install -y python3 python3-venv" >&2
    exit 1
fi
if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
    echo "Нужен Python 3.11 или новее, а $python — это $("$python" --version)." >&2
    echo "Укажите другой: PYTHON=python3.12 make setup" >&2
    exit 1
fi

# --- System packages -------------------------------------------------------------------------------------------
libraries=$(PATH=$PATH:/sbin:/usr/sbin ldconfig -p)
has_library() { grep -q "[[:space:]]$1 " <<<"$libraries"; }

missing=()
if [ ! -x .venv/bin/python ]; then
    # Debian ships Python without the part that fills a virtual environment.
    "$python" -c 'import ensurepip, venv' 2>/dev/null || missing+=("$(basename "$(readlink -f "$(command -v "$python")")")-venv")
fi
# WeasyPrint draws text with Pango and embeds only the used letters of a font with HarfBuzz.
has_library libpango-1.0.so.0 || missing+=(libpango-1.0-0)
has_library libpangoft2-1.0.so.0 || missing+=(libpangoft2-1.0-0)
has_library libharfbuzz-subset.so.0 || missing+=(libharfbuzz-subset0)
has_library libfontconfig.so.1 || missing+=(fontconfig)
if [ "${1:-}" = tests ]; then
    command -v chromium >/dev/null || missing+=(chromium)
    command -v pdftoppm >/dev/null || missing+=(poppler-utils)
fi

if [ ${#missing[@]} -gt 0 ]; then
    install="apt-get update && apt-get install -y --no-install-recommends ${missing[*]}"
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        echo "Устанавливаю системные пакеты: ${missing[*]}"
        DEBIAN_FRONTEND=noninteractive sh -c "$install" </dev/null
    elif command -v apt-get >/dev/null && sudo -n true 2>/dev/null; then
        echo "Устанавливаю системные пакеты: ${missing[*]}"
        sudo -n DEBIAN_FRONTEND=noninteractive sh -c "$install" </dev/null
    else
        echo "Не хватает системных пакетов. Установите их одной строкой и повторите команду:" >&2
        echo "  sudo sh -c '$install'" >&2
        exit 1
    fi
fi

# --- Python packages -------------------------------------------------------------------------------------------
wanted="$("$python" --version) $(sha256sum "$lock" | cut -d' ' -f1)"
if [ ! -x .venv/bin/python ] || ! .venv/bin/python -c '' 2>/dev/null; then
    "$python" -m venv --clear .venv
fi
if [ "$(cat "$stamp" 2>/dev/null)" != "$wanted" ]; then
    echo "Устанавливаю пакеты Python из $lock (около минуты)"
    .venv/bin/python -m pip install -qq --disable-pip-version-check --require-hashes --only-binary :all: -r "$lock"
    echo "$wanted" >"$stamp"
fi
