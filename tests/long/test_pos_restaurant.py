"""Cards on a floor plan, and badges of employees: neither module is a dependency."""

import subprocess

import support


def odoo(database, *options):
    """Run Odoo on ``database`` until it is done; returns what it logged."""
    options = [*options, "--stop-after-init", "--http-port", str(support.free_port())]
    run = subprocess.run(
        [*support.ODOO, "-d", database, *options], capture_output=True, text=True, timeout=1800
    )
    assert run.returncode == 0, run.stderr[-4000:]
    return run.stderr


def test_scanners_where_there_are_tables_and_badges(own_database):
    """The addon's own tests of it, on a database that has the modules."""
    odoo(own_database, "-i", "pos_restaurant,pos_hr")
    tests = "/loyalty_cinema:TestToursScanner,/loyalty_cinema:TestRpcAttacksCodes"
    log = odoo(own_database, "--test-tags", tests)
    assert "TestToursScanner.test_keys_on_the_floor_plan" in log
    assert " ERROR " not in log and "FAIL:" not in log, log[-4000:]
