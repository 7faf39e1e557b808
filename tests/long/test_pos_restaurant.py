"""Cards on a floor plan, and badges of employees: neither module is a dependency."""

import support


def test_scanners_where_there_are_tables_and_badges(own_database):
    """The addon's own tests of it, on a database that has the modules."""
    support.run_odoo(own_database, "-i", "pos_restaurant,pos_hr")
    tests = "/loyalty_cinema:TestToursScanner,/loyalty_cinema:TestRpcAttacksCodes"
    log = support.run_odoo(own_database, "--test-tags", tests)
    assert "TestToursScanner.test_keys_on_the_floor_plan" in log
    assert " ERROR " not in log and "FAIL:" not in log, log[-4000:]
