# A PostgreSQL cluster of the project's own, in var/postgres, on a port of its own. It never runs as
# root: called by root, it belongs to the user `postgres` that Debian's package makes.
# shellcheck shell=bash

CLUSTER=$STATE/postgres
export PGHOST=127.0.0.1 PGUSER=odoo PGDATABASE=postgres PGPASSFILE=$STATE/pgpass

ensure_postgres() {
    find_postgres || { install_packages postgresql; find_postgres || die "PostgreSQL is not to be found"; }
    [ -s "$PGPASSFILE" ] || make_cluster
    find_cluster
    cluster_lives || start_cluster
    local tries
    for tries in {1..120}; do pg_isready -q && return; sleep 0.5; done
    die "PostgreSQL does not answer after $tries tries; its log is $CLUSTER/server.log"
}

# find_postgres: puts the newest installed server's programs on PATH.
find_postgres() {
    local bin
    bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1)
    [ -x "$bin/initdb" ] && PATH=$bin:$PATH
}

find_cluster() {
    PGPORT=$(cut -d: -f2 "$PGPASSFILE")
    export PGPORT
}

# cluster_lives: does the process that the pid file names exist, and is it this cluster's server?
cluster_lives() {
    local pid
    pid=$(head -n 1 "$CLUSTER/postmaster.pid" 2>/dev/null) &&
        grep -qsF "$CLUSTER" "/proc/$pid/cmdline"
}

# as_cluster_owner COMMAND...: never root. The capability lets `postgres` walk into a checkout that lies
# below a folder only root may enter.
as_cluster_owner() {
    if [ "$(id -u)" -ne 0 ]; then
        "$@"
    else
        setpriv --reuid postgres --regid postgres --init-groups \
            --inh-caps +dac_override --ambient-caps +dac_override "$@"
    fi
}

make_cluster() {
    say "Making a PostgreSQL cluster in var/postgres"
    local password
    password=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
    rm -rf "$CLUSTER"
    install -d -m 700 "$CLUSTER"
    [ "$(id -u)" -ne 0 ] || chown postgres "$CLUSTER"
    as_cluster_owner true || die "this container does not let root hand work to the user postgres; run as a plain user"
    as_cluster_owner initdb -D "$CLUSTER" -U odoo -E UTF8 --locale C.UTF-8 -A scram-sha-256 \
        --pwfile <(echo "$password") >"$VAR/log/initdb.log" 2>&1 ||
        { tail -n 20 "$VAR/log/initdb.log" >&2; die "initdb failed"; }
    write_pgpass "$(free_port)" "$password"
}

write_pgpass() {
    (umask 077 && echo "127.0.0.1:$1:*:odoo:$2" >"$PGPASSFILE")
}

start_cluster() {
    say "Starting PostgreSQL"
    if port_taken "$PGPORT"; then
        PGPORT=$(free_port)
        write_pgpass "$PGPORT" "$(cut -d: -f5 "$PGPASSFILE")"
    fi
    rm -f "$CLUSTER/postmaster.pid" # left by a crash; by now the pid may be somebody else's
    as_cluster_owner pg_ctl start -D "$CLUSTER" -w -t 120 -s -l "$CLUSTER/server.log" -o "-p $PGPORT \
        -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c max_connections=200 \
        -c shared_buffers=256MB -c max_wal_size=2GB -c log_min_messages=fatal" ||
        { tail -n 20 "$CLUSTER/server.log" >&2; die "PostgreSQL did not start"; }
}
