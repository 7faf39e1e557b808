# The tools that come by npm. Part of script/lib.sh.
# shellcheck shell=bash

NODE_MODULES=$VAR/npm/node_modules

# The JavaScript tools, exactly as locked, in var/: for linting, and axe-core for the browser tests.
ensure_node_modules() {
    cmp -s "$ROOT/package-lock.json" "$NODE_MODULES/.installed" && return
    command -v npm >/dev/null || install_packages nodejs npm
    say "Installing the JavaScript tools (npm)"
    mkdir -p "$VAR/npm"
    (cd "$ROOT" && cp package.json package-lock.json .npmrc "$VAR/npm/")
    (cd "$VAR/npm" && npm ci --no-audit --no-fund) >"$VAR/log/npm.log" 2>&1 ||
        { tail -n 20 "$VAR/log/npm.log" >&2; die "npm failed"; }
    cp "$ROOT/package-lock.json" "$NODE_MODULES/.installed"
}
