"""Sales orders that are paid at the till: ``pos_sale`` is no dependency, and is installed here."""

import support


def test_sales_orders_settled_at_the_till_earn_once(own_database):
    """The addon's own tests of it, on a database that has the module."""
    support.run_odoo(own_database, "-i", "pos_sale")
    log = support.run_odoo(own_database, "--test-tags", "/loyalty_cinema:TestSalePointsTill")
    assert "TestSalePointsTill.test_a_down_payment_and_the_rest" in log
    assert " ERROR " not in log and "FAIL:" not in log, log[-4000:]
