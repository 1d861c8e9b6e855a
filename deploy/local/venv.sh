#!/bin/sh
# Build the virtual environment from the pinned requirements: with uv when it is there, with pip otherwise.
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

echo "Installing the pinned requirements"
if command -v uv >/dev/null; then
    uv pip install --quiet --python .venv/bin/python --require-hashes -r requirements-dev.txt
else
    .venv/bin/python -m pip install --quiet --require-hashes -r requirements-dev.txt
fi
touch .venv/installed
