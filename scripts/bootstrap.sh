#!/bin/sh
# Makes .venv from requirements.lock, each file checked by hash. Does nothing when that is already so.
# An installation that was interrupted, or a lock that has changed, is begun again from nothing: half an environment is worse than none.
set -eu
cd "$(dirname "$0")/.."

lock=requirements.lock
mark=.venv/installed
python=${PYTHON:-python3}

if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    echo "Python 3.11 or newer is needed; '$python' is $("$python" --version 2>&1 || echo 'not there')." >&2
    echo "Install it (https://www.python.org/downloads/) or name it: make up PYTHON=python3.12" >&2
    exit 1
fi

# Two at once: the second waits, and then finds the work done. (Without the flock program, as on macOS, nobody waits.)
mkdir -p .sandbox
exec 9>.sandbox/bootstrap.lock
if command -v flock >/dev/null 2>&1; then flock 9; fi

if cmp -s "$lock" "$mark" && .venv/bin/python -c '' 2>/dev/null; then
    touch "$mark"
    exit 0
fi

echo "Installing the environment from $lock into .venv (about a minute) ..." >&2
rm -rf .venv
"$python" -m venv .venv
.venv/bin/python -m pip install --disable-pip-version-check --quiet --require-hashes --no-deps --requirement "$lock" >&2
.venv/bin/python -m pip check --disable-pip-version-check >&2
cp "$lock" "$mark.new"
mv "$mark.new" "$mark"
