# Another clock: Odoo, PostgreSQL and the browser's `Date` as on another day, as an offset to now. The
# monotonic clock stays real, so that waiting takes as long as ever. libfaketime moves Odoo and a
# PostgreSQL cluster of their own in var/day, a copy of the usual one with its databases: what is in
# them was made today. Chromium starts far too slowly under libfaketime; conftest.py moves its `Date`.
# shellcheck shell=bash

# run_on_day "YYYY-MM-DD HH:MM" COMMAND...: the moment is UTC. Call `enter` and make the templates before.
run_on_day() {
    local moment library
    moment=$(date -u -d "$1" +%s) || die "write the day as \"YYYY-MM-DD HH:MM\" (UTC), not: $1"
    shift
    ensure_faketime
    copy_state "$VAR/day"
    say "The clock starts at $(date -u -d "@$moment" '+%F %H:%M') UTC"
    CINEMA_CLOCK_OFFSET=$((moment - $(date +%s)))
    export CINEMA_CLOCK_OFFSET CINEMA_STATE=$VAR/day
    library=$(dpkg -L libfaketime | grep libfaketimeMT)
    env LD_PRELOAD="$library" FAKETIME="$(printf '%+d' "$CINEMA_CLOCK_OFFSET")" FAKETIME_DONT_FAKE_MONOTONIC=1 \
        PATH="$CINEMA_STATE/bin:$PATH" "$@"
}

ensure_faketime() { dpkg -L libfaketime >/dev/null 2>&1 || install_packages libfaketime; }

# copy_state FOLDER: a copy of the running cluster, with its attachments, for another clock.
copy_state() {
    stop_cluster "$1/postgres"
    rm -rf "$1"
    mkdir -p "$1/bin" "$1/data/filestore"
    cp -rl "$FILESTORE/." "$1/data/filestore/"
    cp "$PGPASSFILE" "$1/pgpass"
    pg_basebackup -D "$1/postgres" -X stream -c fast
    [ "$(id -u)" -ne 0 ] || chown -R postgres "$1/postgres"
    local browser
    browser=$(command -v chromium || command -v google-chrome)
    printf '#!/bin/sh\nunset LD_PRELOAD\nexec %s "$@"\n' "$browser" >"$1/bin/$(basename "$browser")"
    chmod +x "$1/bin/"*
}

# stop_cluster FOLDER: one that a killed run has left.
stop_cluster() {
    [ ! -f "$1/postmaster.pid" ] || as_cluster_owner pg_ctl stop -D "$1" -m immediate -s || true
}
