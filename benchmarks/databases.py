"""Odoo in this process, on databases that exist for one run.

    with Databases() as databases:
        plain, addon = databases.plain(), databases.addon()
        with addon.transaction() as env:
            env["loyalty.ledger"].verify()

Each is a copy of a template of ``script/lib/database.sh``, made when first asked for and dropped at
the end; commits are durable, as in a shop. One process holds both registries: measured code of the
two differs in the addon alone, not in the age of a process.
"""

import os
import subprocess
from contextlib import contextmanager
from pathlib import Path

import psycopg2

from odoo import api
from odoo.modules.registry import Registry
from odoo.sql_db import close_db
from odoo.tools import config

ROOT = Path(__file__).resolve().parent.parent
PREFIX = "bench"
SUPERUSER = 1


class Database:
    """One Odoo database and its registry."""

    def __init__(self, name):
        self.name = name
        self.registry = Registry(name)

    @contextmanager
    def transaction(self, uid=SUPERUSER, company=None):
        """An environment as a request has it: fresh, and committed at the end."""
        context = {"lang": "en_US", "tz": "UTC"}
        if company:
            context["allowed_company_ids"] = [company]
        with self.registry.cursor() as cr:
            yield api.Environment(cr, uid, context)

    @contextmanager
    def sql(self):
        """A plain connection that Odoo knows nothing of, isolated as Odoo's are."""
        connection = psycopg2.connect(dbname=self.name)
        connection.set_session(isolation_level="REPEATABLE READ")
        try:
            yield connection
        finally:
            connection.close()

    def tidy(self):
        """Let PostgreSQL clean up and count now, and not in the middle of a measurement."""
        connection = psycopg2.connect(dbname=self.name)
        connection.autocommit = True
        try:
            connection.cursor().execute("VACUUM ANALYZE")
            connection.cursor().execute("CHECKPOINT")
        finally:
            connection.close()


class Databases:
    """The databases of one run."""

    def __init__(self):
        self._open = {}
        options = ["--no-http", "--max-cron-threads=0", "--log-level=warn"]
        if path := os.environ.get("BENCH_ADDONS_PATH"):  # another version of the addon
            options.append(f"--addons-path={path}")
        config.parse_config(options)

    def __enter__(self):
        self._drop_dead()
        return self

    def __exit__(self, *_error):
        for database in self._open.values():
            close_db(database.name)
            _script_db("drop", database.name)

    def plain(self):
        """Odoo with pos_loyalty and sale_loyalty."""
        return self._database("plain", "BASE_TEMPLATE")

    def addon(self, kind="addon"):
        """The same with this addon.

        :param kind: another one for each name; a million members are in the way of nobody else
        """
        return self._database(kind, "ADDON_TEMPLATE")

    def _database(self, kind, template):
        if kind not in self._open:
            name = f"{PREFIX}_{os.getpid()}_{kind}"
            _script_db("copy", os.environ[template], name)
            with psycopg2.connect(dbname="postgres") as connection:
                connection.cursor().execute(f'ALTER DATABASE "{name}" RESET synchronous_commit')
            self._open[kind] = Database(name)
        return self._open[kind]

    def _drop_dead(self):
        """Databases of runs that were killed."""
        with psycopg2.connect(dbname="postgres") as connection, connection.cursor() as cr:
            cr.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", (f"{PREFIX}\\_%",))
            names = [name for (name,) in cr.fetchall()]
        for name in names:
            if not Path("/proc", name.split("_")[1]).exists():
                _script_db("drop", name)


def _script_db(*arguments):
    subprocess.run([ROOT / "script/db", *arguments], check=True)
