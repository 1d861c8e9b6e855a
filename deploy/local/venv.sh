#!/bin/sh
# Build the virtual environment from the pinned requirements. uv is a fifth of pip's work, and is fetched when missing.
set -eu

usable() { "$1" -c 'import sys; raise SystemExit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null; }

if [ ! -x .venv/bin/python ]; then
    for candidate in ${PYTHON:-python3.13 python3.12 python3.11 python3}; do
        if usable "$candidate"; then found=$candidate && break; fi
    done
    if [ -z "${found:-}" ]; then
        echo "Python 3.11, 3.12 or 3.13 is missing (or name yours: make up PYTHON=/path/to/python)" >&2
        exit 1
    fi
    echo "Building .venv with $("$found" --version)"
    "$found" -m venv .venv
elif ! usable .venv/bin/python; then
    echo ".venv has another Python than 3.11, 3.12 or 3.13: remove it and run this again" >&2
    exit 1
fi

# The machine's own certificates, by both names that the setting has had: a registry may stand behind an authority of ours.
export UV_SYSTEM_CERTS=true UV_NATIVE_TLS=true

with_pip() { .venv/bin/python -m pip install --quiet --require-hashes -r "$1"; }
with_uv() { "$1" pip install --quiet --python .venv/bin/python --require-hashes -r "$2"; }

echo "Installing the pinned requirements"
if ! uv=$(command -v uv); then
    uv=.venv/bin/uv
    [ -x "$uv" ] || with_pip deploy/local/uv.txt || true
fi
with_uv "$uv" requirements-dev.txt || with_pip requirements-dev.txt
touch .venv/installed
