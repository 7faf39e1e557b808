# Where Odoo comes from: ODOO_SOURCE (a checkout of Odoo 19), or else Debian's package `odoo-19`,
# unpacked under var/ and never installed. The mirror is the one the machine already uses.
# shellcheck shell=bash

ODOO_PACKAGES=(odoo-19 libjs-jquery libjs-jquery-form libjs-underscore
    fonts-montserrat fonts-ocr-b fonts-roboto-unhinted)
# Odoo's links into these two packages want the file names of their older versions.
ODOO_OLDER_PACKAGES=(fonts-font-awesome fonts-inconsolata)
ODOO_UNPACKED=$VAR/odoo/usr/lib/python3/dist-packages

# odoo_tree: the folder that holds the Python package `odoo` (and, in a checkout, `addons/`).
odoo_tree() { echo "${ODOO_SOURCE:-$ODOO_UNPACKED}"; }

# find_odoo: lets Python import `odoo`, and Odoo find its configuration.
find_odoo() {
    PYTHONPATH=$(odoo_tree)${CINEMA_CLOCK_OFFSET:+:$ROOT/script/lib/clock}
    export PYTHONPATH ODOO_RC=$STATE/odoo.conf
}

# odoo_release: one line that changes when Odoo does; names cached databases.
odoo_release() {
    if [ -z "${ODOO_SOURCE:-}" ]; then
        cat "$VAR/odoo/release"
    else
        git -C "$ODOO_SOURCE" rev-parse HEAD 2>/dev/null || echo "$ODOO_SOURCE"
    fi
}

# odoo_addons_path [FOLDER]: Odoo's own addons, then this repository (or FOLDER).
odoo_addons_path() {
    local tree
    tree=$(odoo_tree)
    [ ! -d "$tree/addons" ] || printf '%s,' "$tree/addons"
    printf '%s,%s\n' "$tree/odoo/addons" "${1:-$ROOT}"
}

ensure_odoo() {
    if [ -n "${ODOO_SOURCE:-}" ]; then
        [ -f "$ODOO_SOURCE/odoo/release.py" ] || die "ODOO_SOURCE=$ODOO_SOURCE holds no Odoo"
        return
    fi
    [ -f "$VAR/odoo/release" ] || fetch_odoo
}

# fetch_odoo: download, check against the distribution's keyring, unpack.
fetch_odoo() {
    say "Fetching Odoo 19 (the distribution's package, about 130 MB)"
    local apt=$VAR/apt
    rm -rf "$apt" "$VAR/odoo"
    mkdir -p "$apt/lists/partial" "$apt/cache/archives/partial" "$VAR/odoo"
    write_odoo_sources >"$apt/sources.list"
    odoo_apt update >"$VAR/log/odoo.log" 2>&1 || odoo_unavailable
    (cd "$apt" && odoo_apt download "${ODOO_PACKAGES[@]}" \
        "${ODOO_OLDER_PACKAGES[@]/%//$ODOO_OLDER_SUITE}") >>"$VAR/log/odoo.log" 2>&1 || odoo_unavailable
    note "unpacking"
    local package
    for package in "$apt"/*.deb; do dpkg -x "$package" "$VAR/odoo"; done
    rm -rf "$ODOO_UNPACKED"/{addons,doc,setup} # a second copy of the addons' code, without their data
    (cd "$apt" && ls odoo-19_*.deb) >"$VAR/odoo/release"
    rm -rf "$apt"
}

# write_odoo_sources: an apt source list of our own; sets ODOO_OLDER_SUITE (call without a subshell).
write_odoo_sources() {
    local ID= VERSION_CODENAME= ID_LIKE= mirror keyring suite component
    # shellcheck source=/dev/null
    source /etc/os-release
    case $ID in
    debian) suite=unstable component=main ODOO_OLDER_SUITE=trixie ;;
    ubuntu) suite=devel component=universe ODOO_OLDER_SUITE=noble ;;
    *) die "Odoo's package is for Debian and Ubuntu. Elsewhere: set ODOO_SOURCE to a checkout of Odoo 19." ;;
    esac
    keyring=/usr/share/keyrings/$ID-archive-keyring.gpg
    mirror=$(apt-get indextargets --format '$(CODENAME) $(RELEASE) $(COMPONENT) $(REPO_URI)' |
        awk -v name="$VERSION_CODENAME" '$3 == "main" && ($1 == name || $2 == name) { print $4; exit }')
    [ -n "$mirror" ] || die "apt on this machine names no mirror. Set ODOO_SOURCE to a checkout of Odoo 19."
    printf "deb [signed-by=$keyring] $mirror %s main $component\n" "$suite" "$ODOO_OLDER_SUITE"
}

# odoo_apt ARGS...: apt-get with lists, cache and sources of our own, so the machine's stay as they are.
odoo_apt() {
    local apt=$VAR/apt
    apt-get -q -o "Dir::Etc::sourcelist=$apt/sources.list" -o Dir::Etc::sourceparts=- \
        -o "Dir::State::lists=$apt/lists" -o "Dir::Cache=$apt/cache" -o Dir::State::status=/dev/null \
        -o APT::Sandbox::User=root "$@"
}

odoo_unavailable() {
    tail -n 15 "$VAR/log/odoo.log" >&2
    die "the package odoo-19 could not be fetched from this machine's mirror. Set ODOO_SOURCE to a checkout of Odoo 19."
}
