"""Sales orders that are paid at the till: ``pos_sale`` is no dependency, and is installed here."""

import subprocess

import support


def test_sales_orders_settled_at_the_till_earn_once(own_database):
    """The addon's own tests of it, on a database that has the module."""
    options = ["-i", "pos_sale", "--test-tags", "/loyalty_cinema:TestSalePointsTill"]
    options += ["--stop-after-init", "--http-port", str(support.free_port())]
    run = subprocess.run(
        [*support.ODOO, "-d", own_database, *options], capture_output=True, text=True, timeout=900
    )
    assert run.returncode == 0, run.stderr[-4000:]
    assert "TestSalePointsTill.test_a_down_payment_and_the_rest" in run.stderr
    assert " ERROR " not in run.stderr and "FAIL:" not in run.stderr, run.stderr[-4000:]
