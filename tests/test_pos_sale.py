"""Sales orders that are paid at the till: ``pos_sale`` is no dependency, and is installed here."""

import subprocess

import support


def odoo(database, *options):
    """Run Odoo on ``database`` until it is done; returns what it logged."""
    options = [*options, "--stop-after-init", "--http-port", str(support.free_port())]
    run = subprocess.run(
        [*support.ODOO, "-d", database, *options], capture_output=True, text=True, timeout=900
    )
    assert run.returncode == 0, run.stderr[-4000:]
    return run.stderr


def test_sales_orders_settled_at_the_till_earn_once(own_database):
    """The addon's own tests of it, on a database that has the module."""
    odoo(own_database, "-i", "pos_sale")
    log = odoo(own_database, "--test-tags", "/loyalty_cinema:TestSalePointsTill")
    assert "TestSalePointsTill.test_a_down_payment_and_the_rest" in log
    assert " ERROR " not in log and "FAIL:" not in log, log[-4000:]
