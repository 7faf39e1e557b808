# What all scripts share: where things are, how to speak, how to install a system package.
# Source it; it needs no arguments. Everything the scripts make lies under $VAR.
# shellcheck shell=bash

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
VAR=$ROOT/var
STATE=${CINEMA_STATE:-$VAR} # the cluster with its databases, attachments and configuration; see lib/clock.sh
ADDON=$ROOT/loyalty_cinema
PYTHON=$VAR/venv/bin/python
ODOO=("$PYTHON" "$ROOT/script/lib/odoo_main.py")
export PATH=$VAR/venv/bin:$PATH

say() { printf '\n==> %s\n' "$*" >&2; }
note() { printf '    %s\n' "$*" >&2; }
die() { printf '\nerror: %s\n' "$*" >&2; exit 1; }

# as_root COMMAND...: run one command as the administrator, or explain why that cannot be.
as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    elif command -v sudo >/dev/null; then
        sudo "$@"
    else
        die "this needs an administrator: $*"
    fi
}

# install_packages PACKAGE...: from where this machine gets its packages.
install_packages() {
    command -v apt-get >/dev/null || die "please install these yourself, apt-get is not here: $*"
    say "Installing $* (apt)"
    local install=(apt-get install -yq --no-install-recommends "$@")
    as_root env DEBIAN_FRONTEND=noninteractive "${install[@]}" >"$VAR/log/apt.log" 2>&1 && return
    as_root apt-get update -q >>"$VAR/log/apt.log" 2>&1 || true
    as_root env DEBIAN_FRONTEND=noninteractive "${install[@]}" >>"$VAR/log/apt.log" 2>&1 ||
        { tail -n 20 "$VAR/log/apt.log" >&2; die "apt-get could not install: $*"; }
}

# Odoo prints PDF with wkhtmltopdf, which newer releases no longer have; without it, it prints HTML.
ensure_pdf() {
    command -v wkhtmltopdf >/dev/null || ! apt-cache show wkhtmltopdf >/dev/null 2>&1 ||
        install_packages wkhtmltopdf
}

# free_port: a TCP port of this machine that nobody listens on now.
free_port() {
    python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

# port_taken PORT: does somebody answer on this port?
port_taken() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# locked NAME COMMAND...: one process of this checkout at a time.
locked() {
    local lock=$VAR/$1.lock
    shift
    (
        flock -n 9 || { note "waiting for another run to finish: $*"; flock 9; }
        "$@" 9>&-
    ) 9>"$lock"
}

# enter: bootstrap, then make Odoo and PostgreSQL reachable for the commands that follow.
enter() {
    "$ROOT/script/bootstrap"
    find_postgres
    find_cluster
    find_odoo
}

mkdir -p "$VAR/log"
for part in odoo python node postgres database clock; do
    # shellcheck source=/dev/null
    source "$ROOT/script/lib/$part.sh"
done
