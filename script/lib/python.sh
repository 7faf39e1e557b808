# The virtualenv that runs Odoo, its tests and the linters, exactly as locked in requirements.txt.
# shellcheck shell=bash

ensure_python() {
    local stamp=$VAR/venv/.installed
    cmp -s "$ROOT/requirements.txt" "$stamp" && return
    say "Installing the Python packages"
    [ -x "$PYTHON" ] || make_venv
    "$PYTHON" -m pip install --disable-pip-version-check -q --no-deps -r "$ROOT/requirements.txt" \
        >"$VAR/log/pip.log" 2>&1 || { tail -n 20 "$VAR/log/pip.log" >&2; die "pip failed"; }
    "$PYTHON" -c 'import cairocffi' 2>/dev/null || install_packages libcairo2
    cp "$ROOT/requirements.txt" "$stamp"
}

make_venv() {
    local python
    python=$(find_python) || { install_packages python3-venv; python=python3; }
    "$python" -m venv --clear "$VAR/venv" || die "$python cannot make a virtualenv"
}

# find_python: a Python that Odoo 19 runs on and that can make a virtualenv.
find_python() {
    local python
    for python in python3 python3.13 python3.12 python3.11 python3.10 /usr/bin/python3; do
        if "$python" -c 'import ensurepip, sys; sys.exit(not (3, 10) <= sys.version_info < (3, 14))' 2>/dev/null; then
            echo "$python"
            return
        fi
    done
    return 1
}
