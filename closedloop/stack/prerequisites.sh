#!/bin/sh
# Sees to what must be on the machine before anything else: Python, Maven with its Java, and the database's libraries.
set -eu

python=${PYTHON:-python3}
missing=""

if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    echo "closedloop needs Python 3.11 or newer as $python: install it, or name another with PYTHON=..." >&2
    exit 1
fi
# Debian ships venv apart from Python.
"$python" -c 'import venv, ensurepip' 2>/dev/null || missing="$missing python3-venv"

# Other systems run against existing clusters and need neither broker nor database.
if [ "$(uname -s) $(uname -m)" = "Linux x86_64" ]; then
    if ! command -v mvn >/dev/null || ! command -v java >/dev/null; then
        missing="$missing maven"
    fi
    ldconfig -p 2>/dev/null | grep -q 'libcurl\.so\.4 ' || missing="$missing libcurl4"
fi

[ -z "$missing" ] && exit 0

if [ -f /etc/debian_version ] && [ "$(id -u)" = 0 ]; then
    echo "installing$missing"
    apt-get update -q
    # shellcheck disable=SC2086 # a list of words
    DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends $missing
elif [ -f /etc/debian_version ]; then
    echo "missing on this machine, type:  sudo apt-get install$missing" >&2
    exit 1
else
    echo "missing on this machine, install with its package manager (Debian's names):$missing" >&2
    exit 1
fi
