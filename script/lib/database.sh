# Databases, each with its filestore; and the layered templates that make a test run start in seconds:
#   odoo_<hash>     Odoo's modules below our addon, demo data, languages: survives every change of ours
#   cinema_<hash>   a copy of that with loyalty_cinema on top: good while the addon's files are the same
#   then_<commit>_<hash>  the same with the addon of an earlier commit
# shellcheck shell=bash

FILESTORE=$STATE/data/filestore
LANGUAGES=en_US,vi_VN,zh_CN # the first one becomes the default
CHARTS=l10n_vn              # charts of accounts that the demo cinema and the tests use; the addon needs none

db_exists() { [ -n "$(psql -Atqc "SELECT 1 FROM pg_database WHERE datname = '$1'")" ]; }

# db_list PATTERN: names like it (SQL's LIKE).
db_list() { psql -Atqc "SELECT datname FROM pg_database WHERE datname LIKE '$1' AND datname <> 'postgres' AND NOT datistemplate"; }

db_drop() {
    psql -qc 'SET client_min_messages = warning' -c "DROP DATABASE IF EXISTS \"$1\" WITH (FORCE)"
    rm -rf "${FILESTORE:?}/$1"
}

# db_copy SOURCE TARGET: attachments are never changed in place, so links will do.
# It says itself when it fails: callers that go on with && switch off what stops a script at an error.
db_copy() {
    psql -qc "CREATE DATABASE \"$2\" TEMPLATE \"$1\" STRATEGY file_copy" ||
        die "nothing was copied: stop what uses $1 (a server, a shell), and choose a name that is free"
    mkdir -p "$FILESTORE/$2"
    [ ! -d "$FILESTORE/$1" ] || cp -rl "$FILESTORE/$1/." "$FILESTORE/$2/"
}

# db_hurry NAME: for databases of tests. They may lose their last moments in a power cut.
db_hurry() { psql -qc "ALTER DATABASE \"$1\" SET synchronous_commit = off"; }

db_rename() {
    psql -qc "ALTER DATABASE \"$1\" RENAME TO \"$2\"" || die "$1 was not renamed to $2"
    rm -rf "${FILESTORE:?}/$2"
    [ ! -d "$FILESTORE/$1" ] || mv "$FILESTORE/$1" "$FILESTORE/$2"
}

# db_note NAME [TEXT]: read or write the database's comment, where a script keeps what it is made of.
db_note() {
    if [ $# -eq 2 ]; then
        psql -qc "COMMENT ON DATABASE \"$1\" IS '$2'"
    else
        psql -Atqc "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = '$1'"
    fi
}

short_hash() { sha256sum | cut -c1-12; }

# addon_hash: of all the addon's files that end up in a database (code and tests are read from disk).
addon_hash() {
    (cd "$ADDON" && find . -type f ! -path './tests/*' ! -path './static/src/*' ! -path './static/tests/*' \
        ! -name '*.pyc' ! -name 'README*' -print0 | LC_ALL=C sort -z | xargs -0 sha256sum | short_hash)
}

# addon_depends: the modules our manifest asks for, comma separated.
addon_depends() {
    "$PYTHON" -c 'import ast, sys; print(",".join(ast.literal_eval(open(sys.argv[1]).read())["depends"]))' \
        "$ADDON/__manifest__.py"
}

# find_templates: sets BASE_TEMPLATE and ADDON_TEMPLATE to the names that the present files call for.
find_templates() {
    [ -f "$ADDON/__manifest__.py" ] || die "there is no addon in $ADDON"
    BASE_TEMPLATE=odoo_$({ odoo_release; addon_depends; echo "$CHARTS $LANGUAGES"; } | short_hash)
    ADDON_TEMPLATE=cinema_$({ echo "$BASE_TEMPLATE"; addon_hash; } | short_hash)
    export BASE_TEMPLATE ADDON_TEMPLATE
}

ensure_base_template() { db_exists "$BASE_TEMPLATE" || make_base_template; }

ensure_addon_template() {
    db_exists "$ADDON_TEMPLATE" && return
    ensure_base_template
    say "Installing loyalty_cinema with demo data (test database)"
    db_drop building_cinema
    db_copy "$BASE_TEMPLATE" building_cinema
    db_hurry building_cinema
    install_modules building_cinema -i loyalty_cinema
    drop_all 'cinema\_%'
    db_rename building_cinema "$ADDON_TEMPLATE"
}

make_base_template() {
    say "Installing Odoo's modules with demo data (once, about two minutes)"
    db_drop building_odoo
    psql -qc "CREATE DATABASE building_odoo TEMPLATE template0"
    db_hurry building_odoo
    install_modules building_odoo -i "$(addon_depends),$CHARTS" --load-language "$LANGUAGES"
    drop_all 'odoo\_%'
    db_rename building_odoo "$BASE_TEMPLATE"
}

# find_commit COMMIT: sets COMMIT_ADDONS, a folder with the addon of that commit, and COMMIT_TEMPLATE.
find_commit() {
    COMMIT=$(git -C "$ROOT" rev-parse --verify --quiet --short=12 "$1^{commit}") || die "there is no commit $1"
    COMMIT_ADDONS=$VAR/commits/$COMMIT
    COMMIT_TEMPLATE=then_${COMMIT}_${BASE_TEMPLATE#odoo_}
}

# ensure_commit_template: with demo data; the commit's modules below ours must be those of today.
ensure_commit_template() {
    [ -d "$COMMIT_ADDONS" ] && db_exists "$COMMIT_TEMPLATE" && return
    ensure_base_template
    say "Installing loyalty_cinema of $COMMIT with demo data"
    rm -rf "$COMMIT_ADDONS"
    mkdir -p "$COMMIT_ADDONS"
    git -C "$ROOT" archive "$COMMIT" loyalty_cinema | tar -x -C "$COMMIT_ADDONS"
    db_drop building_then
    db_copy "$BASE_TEMPLATE" building_then
    db_hurry building_then
    install_modules building_then -i loyalty_cinema --addons-path "$(odoo_addons_path "$COMMIT_ADDONS")"
    drop_all "then\_$COMMIT\_%"
    db_rename building_then "$COMMIT_TEMPLATE"
}

# drop_all PATTERN: what is in use by another run stays.
drop_all() {
    local name
    for name in $(db_list "$1"); do
        psql -qc "DROP DATABASE \"$name\"" 2>/dev/null && rm -rf "${FILESTORE:?}/$name" || true
    done
}

# install_modules DATABASE ODOO_OPTION...: fails loudly, also when Odoo only logs the error.
install_modules() {
    local name=$1 log=$VAR/log/install-$1.log
    shift
    if ! "${ODOO[@]}" -d "$name" "$@" --with-demo --stop-after-init --no-http >"$log" 2>&1 ||
        grep -qE ' (ERROR|CRITICAL) ' "$log"; then
        grep -E -A 30 ' (ERROR|CRITICAL) ' "$log" | head -n 60 >&2 || tail -n 40 "$log" >&2
        die "Odoo could not install $*; its log is $log"
    fi
}
