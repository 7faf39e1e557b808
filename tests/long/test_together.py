"""Our addon beside the modules that a cinema has at its tills, all in one database."""

import pytest
import support

MODULES = "pos_restaurant,pos_hr,pos_self_order,pos_discount,pos_sale,pos_online_payment"
#: Our own tests that need them, and some that must go on as if they were not there.
CLASSES = (
    "TestTogetherEmployees",
    "TestTogetherGuests",
    "TestTogetherTours",
    "TestTillHeld",
    "TestRefusedSale",
    "TestToursPayer",
)


@pytest.fixture
def together(own_database):
    """A database in which all of them are installed."""
    support.run_odoo(own_database, "-i", MODULES)
    return own_database


def test_the_till_works_together_with_others(together):
    """Opens, sells, pays by wallet, refunds; each class has run and none has failed."""
    tags = ",".join(f"/loyalty_cinema:{name}" for name in CLASSES)
    log = support.run_odoo(together, "--test-tags", tags)
    assert "0 failed, 0 error(s) of" in log, log[-4000:]
    for name in CLASSES:
        assert name in log, f"{name} has not run"
