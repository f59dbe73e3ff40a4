# shellcheck shell=bash
# Shared by the scripts of this folder; sourced, never run. Every script starts in the project's root.

cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 1
umask 022
export FLASK_SKIP_DOTENV=1 # config.py reads .env itself; without this Flask recommends a package for it

say() { printf '%s\n' "$*"; }
die() { printf '%s\n' "$*" >&2; exit 1; }
is_root() { [ "$(id -u)" -eq 0 ]; }
can_install() { is_root && command -v apt-get >/dev/null; }

apt_install() {
    say "Installing from Debian: $*"
    export DEBIAN_FRONTEND=noninteractive
    # A fresh image has no package lists; an old one has stale ones: refresh and try once more.
    apt-get install -y -q --no-install-recommends "$@" >/dev/null 2>&1 && return
    apt-get update -q >/dev/null
    apt-get install -y -q --no-install-recommends "$@" >/dev/null
}

require_setup() {
    [ -x .venv/bin/flask ] && [ -f .env ] || die "Not set up yet. Run script/setup first."
}

port_is_free() {
    python3 - "$1" <<'PY'
import socket, sys
with socket.socket() as s:
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        s.bind(("127.0.0.1", int(sys.argv[1])))
    except OSError:
        sys.exit(1)
PY
}
