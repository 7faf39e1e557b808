# Databases: create, copy, drop; each with its filestore.
# shellcheck shell=bash

FILESTORE=$VAR/data/filestore

db_exists() { [ -n "$(psql -Atqc "SELECT 1 FROM pg_database WHERE datname = '$1'")" ]; }

db_list() { psql -Atqc "SELECT datname FROM pg_database WHERE datname LIKE '$1'"; }

db_drop() {
    psql -qc 'SET client_min_messages = warning' -c "DROP DATABASE IF EXISTS \"$1\" WITH (FORCE)"
    rm -rf "${FILESTORE:?}/$1"
}

# db_copy SOURCE TARGET: the target may lose its last moments in a power cut (it is for tests), which
# makes it several times faster. Attachments are never changed in place, so links will do.
db_copy() {
    psql -qc "CREATE DATABASE \"$2\" TEMPLATE \"$1\" STRATEGY file_copy" \
        -c "ALTER DATABASE \"$2\" SET synchronous_commit = off"
    mkdir -p "$FILESTORE/$2"
    [ ! -d "$FILESTORE/$1" ] || cp -rl "$FILESTORE/$1/." "$FILESTORE/$2/"
}
