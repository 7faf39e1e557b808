"""Real processes for tests: a copy of the test database, an Odoo server on it, JSON-RPC to it.

    with database() as name, odoo_server(name, workers=2) as server:
        admin = server.login("admin", "admin")
        admin.call("loyalty.card", "search_count", [])

Everything here talks to the server from outside, as a browser or an integrator does. Tests that
need the ORM in their own process belong to loyalty_cinema/tests.
"""

import itertools
import json
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg2
import requests

ROOT = Path(__file__).resolve().parent.parent
ODOO = [sys.executable, ROOT / "script/lib/odoo_main.py"]
START_SECONDS_MAX = 90
_serial = itertools.count(1)


class RpcError(Exception):
    """The server answered with an error; ``name`` is the exception's dotted name on the server."""

    def __init__(self, error):
        data = error.get("data", {})
        self.name = data.get("name", "")
        super().__init__(f"{self.name}: {data.get('message') or error.get('message')}")


class Session:
    """One logged-in user, with a cookie of its own."""

    def __init__(self, url, database, login, password):
        self.url = url
        self.http = requests.Session()
        answer = self.post("/web/session/authenticate", db=database, login=login, password=password)
        self.uid = answer["uid"]

    def post(self, path, **params):
        """Send one JSON-RPC request and return its result, or raise RpcError."""
        body = {"jsonrpc": "2.0", "method": "call", "id": next(_serial), "params": params}
        response = self.http.post(self.url + path, json=body, timeout=300)
        response.raise_for_status()
        answer = response.json()
        if "error" in answer:
            raise RpcError(answer["error"])
        return answer.get("result")

    def call(self, model, method, *args, **kwargs):
        """Call a public method as the web client does: ``call("res.users", "read", [1])``."""
        path = f"/web/dataset/call_kw/{model}/{method}"
        return self.post(path, model=model, method=method, args=list(args), kwargs=kwargs)


class Server:
    """A running Odoo: where it is, and how to stop it gently or as a power cut would."""

    def __init__(self, process, url, database, log):
        self.process = process
        self.url = url
        self.database = database
        self.log = log

    def login(self, login="admin", password=None):
        """Open a session; the demo users' passwords equal their logins."""
        return Session(self.url, self.database, login, password or login)

    def wait_until_ready(self):
        """Return when the server answers; raise with the end of its log when it does not."""
        deadline = time.monotonic() + START_SECONDS_MAX
        while time.monotonic() < deadline and self.process.poll() is None:
            with suppress(requests.RequestException):
                if requests.get(self.url + "/web/health", timeout=30).ok:
                    return
            time.sleep(0.2)
        raise RuntimeError("Odoo did not start:\n" + self.log.read_text()[-4000:])

    def stop(self):
        """End the server as an operator does, and wait for it."""
        self._signal(signal.SIGTERM)

    def kill(self):
        """End the server and all its workers at once, in the middle of whatever they do."""
        self._signal(signal.SIGKILL)

    def _signal(self, number):
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, number)
        try:
            self.process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


@contextmanager
def database(template=None):
    """A copy of the test database (or of ``template``), dropped afterwards."""
    name = f"test_{os.environ['CINEMA_RUN']}_{next(_serial)}"
    _db("copy", template or os.environ["ADDON_TEMPLATE"], name)
    try:
        yield name
    finally:
        _db("drop", name)


@contextmanager
def odoo_server(name, workers=0, options=()):
    """A real Odoo server on database ``name``, without cron jobs.

    With ``workers`` it is several processes. Several servers may run on one database at once.
    """
    port, gevent_port = free_port(), free_port()
    log = Path(os.environ["CINEMA_RUN_DIR"], f"server-{next(_serial)}.log")
    command = [*ODOO, "-d", name, "--db-filter", f"^{name}$"]
    command += ["--http-port", str(port), "--gevent-port", str(gevent_port)]
    command += ["--workers", str(workers), "--max-cron-threads", "0", *options]
    with log.open("w") as output:
        process = subprocess.Popen(
            command, stdout=output, stderr=output, cwd=ROOT, start_new_session=True
        )
    server = Server(process, f"http://127.0.0.1:{port}", name, log)
    try:
        server.wait_until_ready()
        yield server
    finally:
        server.stop()


@contextmanager
def cursor(name):
    """A plain SQL cursor on a database, committing at the end; Odoo does not know of it."""
    connection = psycopg2.connect(dbname=name)
    try:
        with connection, connection.cursor() as sql:
            yield sql
    finally:
        connection.close()


def free_port():
    """A TCP port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _db(*arguments):
    subprocess.run([ROOT / "script/db", *arguments], check=True)


def template_then(commit):
    """The name of a template with the addon as it was at ``commit``, with demo data."""
    command = [ROOT / "script/db", "then", commit]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return done.stdout.split()[0]


def upgrade(name):
    """Upgrade the addon in database ``name``, in a process of its own; returns Odoo's log."""
    command = [*ODOO, "-d", name, "-u", "loyalty_cinema", "--stop-after-init", "--no-http"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=600, check=False)
    log = done.stdout + done.stderr
    assert done.returncode == 0, log[-4000:]
    return log


def run_odoo(name, *options):
    """Run Odoo on database ``name`` until it is done; returns what it logged."""
    options = [*options, "--stop-after-init", "--http-port", str(free_port())]
    run = subprocess.run(
        [*ODOO, "-d", name, *options], capture_output=True, text=True, timeout=1800, check=False
    )
    assert run.returncode == 0, run.stderr[-4000:]
    return run.stderr


def odoo_shell(name, expression, statements=""):
    """The value of a Python expression in an Odoo environment (``env``) on database ``name``.

    It must be made of what JSON can hold. The process is Odoo's own shell, beside the server.

    :param statements: what runs before, to make what the expression is about
    """
    program = f"{statements}\nimport json; print('ANSWER', json.dumps({expression}))\n"
    command = [*ODOO, "shell", "-d", name, "--no-http", "--log-level=error"]
    done = subprocess.run(
        command, input=program, capture_output=True, text=True, timeout=120, check=True
    )
    answers = [line for line in done.stdout.splitlines() if "ANSWER" in line]
    assert answers, done.stderr[-4000:]
    return json.loads(answers[-1].split("ANSWER", 1)[1])
