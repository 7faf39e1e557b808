"""script/test counts honestly, and the helpers of support.py start and stop real servers."""

import subprocess
import sys
import time
from pathlib import Path

import pytest
import support

ROOT = Path(__file__).resolve().parent.parent
RESULT = (
    "t 1 INFO db odoo.tests.result: {} failed, {} error(s) of {} tests when loading database 'db'\n"
)
SKIPPED = "t 1 INFO db odoo.addons.loyalty.tests.test_loyalty: skipped TestLoyalty.test_a : why\n"
PYTEST = "<testsuites><testsuite><testcase/><testcase/></testsuite></testsuites>"


def tally(folder, **reports):
    """Count reports given as (exit code, text); return the counter's exit code and closing line."""
    for step, (code, text) in reports.items():
        (folder / f"{step}.exit").write_text(f"{code}\n")
        if text is not None:
            suffix = "xml" if step.startswith("pytest") else "log"
            (folder / f"{step}.{suffix}").write_text(text)
    command = [sys.executable, str(ROOT / "script/tally.py"), str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout.splitlines()[-1]


@pytest.mark.parametrize(
    ("reports", "expected"),
    [
        ({"odoo": (0, RESULT.format(0, 0, 94))}, (0, "94 passed, 0 failed")),
        ({"odoo": (1, RESULT.format(1, 2, 94))}, (1, "91 passed, 3 failed")),
        ({"odoo": (0, SKIPPED + RESULT.format(0, 0, 94))}, (1, "93 passed, 1 failed")),
        ({"odoo": (0, RESULT.format(0, 0, 0))}, (1, "0 passed, 1 failed")),
        ({"odoo": (0, "the server stopped before it ran a test")}, (1, "0 passed, 1 failed")),
        ({"odoo": (1, RESULT.format(0, 0, 94))}, (1, "94 passed, 1 failed")),
        ({"pytest": (0, PYTEST)}, (0, "2 passed, 0 failed")),
        ({"pytest_one": (0, PYTEST), "pytest_two": (0, PYTEST)}, (0, "4 passed, 0 failed")),
        ({"pytest_one": (0, PYTEST), "pytest_two": (2, None)}, (1, "2 passed, 1 failed")),
        (
            {"pytest": (1, PYTEST.replace("/>", "><skipped/></testcase>", 1))},
            (1, "1 passed, 1 failed"),
        ),
        ({"pytest": (5, "<testsuites/>")}, (1, "0 passed, 1 failed")),
        ({"pytest": (5, None)}, (1, "0 passed, 1 failed")),
        ({"pytest": (0, "<not xml")}, (1, "0 passed, 1 failed")),
        ({"beside_pos_sale": (0, RESULT.format(0, 0, 94))}, (1, "0 passed, 1 failed")),
        ({"lint": (0, "lint: 9 passed, 0 failed\n")}, (0, "9 passed, 0 failed")),
        ({"lint": (1, "crashed")}, (1, "0 passed, 1 failed")),
        ({}, (1, "0 passed, 0 failed")),
    ],
)
def test_tally_is_honest(tmp_path, reports, expected):
    assert tally(tmp_path, **reports) == expected


@pytest.mark.parametrize(
    "body",
    [
        "import pytest\ndef test_a(): pytest.skip('later')",
        "import pytest\n@pytest.mark.xfail\ndef test_a(): assert False",
        "import pytest\npytest.skip('not here', allow_module_level=True)",
        "import unittest as u\n@u.skip('')\nclass TestA(u.TestCase):\n def test_a(self): 0",
    ],
)
def test_a_skipped_test_fails(tmp_path, body):
    (tmp_path / "conftest.py").write_text((ROOT / "conftest.py").read_text())
    (tmp_path / "test_it.py").write_text(body)
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:pytest_odoo",
        "-p",
        "no:odoo",
        str(tmp_path),
    ]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode != 0, done.stdout
    assert "which counts as failed" in done.stdout
    assert "skipped" not in done.stdout.splitlines()[-1]


def test_barcodes_can_be_drawn(server):
    """The cards we print carry one; drawing it needs libraries that Odoo does not name."""
    picture = server.login("admin").http.get(server.url + "/report/barcode/QR/0123456789")
    assert picture.content.startswith(b"\x89PNG")


@pytest.mark.parametrize("workers", [0, 2])
def test_server_starts_answers_and_dies(own_database, workers):
    with support.odoo_server(own_database, workers=workers) as server:
        admin = server.login("admin")
        assert admin.call("res.users", "read", [admin.uid], ["login"])[0]["login"] == "admin"
        with pytest.raises(support.RpcError, match="AttributeError"):
            admin.call("res.users", "no_such_method", [admin.uid])
        server.kill()
        with pytest.raises(support.requests.ConnectionError):
            server.login("admin")


def test_the_bus_lives_beside_workers(own_database):
    with support.odoo_server(own_database, workers=1) as server:
        deadline = time.monotonic() + support.START_SECONDS_MAX
        while "Evented Service" not in server.log.read_text():
            assert time.monotonic() < deadline, server.log.read_text()[-4000:]
            time.sleep(0.5)


def test_each_database_is_a_copy_of_its_own(own_database):
    with support.database() as other:
        assert other != own_database
        with support.cursor(other) as sql:
            sql.execute("UPDATE res_partner SET name = 'changed' WHERE id = 1")
        with support.cursor(own_database) as sql:
            sql.execute("SELECT name FROM res_partner WHERE id = 1")
            assert sql.fetchone()[0] != "changed"


def test_a_database_in_use_is_not_copied(own_database):
    """The error stands alone: neither a database nor attachments are left (O12)."""
    target = f"{own_database}_copy"
    with support.cursor(own_database):
        command = ["script/db", "copy", own_database, target]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert "nothing was copied" in done.stderr
    databases = subprocess.run(
        ["script/db", "list"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert target not in databases.stdout.split()
    assert not [*ROOT.glob(f"var/data/filestore/{target}")]
