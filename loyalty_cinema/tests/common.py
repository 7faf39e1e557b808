"""Small factories for the tests: cards, people and companies, each made in one line."""

from odoo.tests import new_test_user

from .ledger_common import LedgerCase


class LoyaltyCase(LedgerCase):
    """The ledger's factories, and those of cards and users. No demo data is used."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.kind_gift = cls.env.ref("loyalty_cinema.kind_gift")
        cls.kind_prepaid = cls.env.ref("loyalty_cinema.kind_prepaid")
        # The installation's own settings must not decide how a test ends.
        (cls.kind_gift | cls.kind_prepaid).write(
            {
                "load_min": 0,
                "load_max": 0,
                "balance_max": 0,
                "load_daily_max": 0,
                "denominations": False,
                "validity_months": 0,
                "pin_required": False,
                "named": False,
            }
        )

    @classmethod
    def person(cls, name="Mai", **values):
        """A customer."""
        return cls.env["res.partner"].create({"name": name, **values})

    @classmethod
    def user(cls, login, groups, **values):
        """A user with exactly these groups, of the current company."""
        # the demo has its own "cashier" and "manager"
        return new_test_user(cls.env, login=f"{login}-of-the-test", groups=groups, **values)

    @classmethod
    def cashier(cls, login="cashier", **values):
        """A plain user of the point of sale."""
        return cls.user(login, "point_of_sale.group_pos_user", **values)

    @classmethod
    def manager(cls, login="manager", **values):
        """A user who may do everything with cards, and nothing as administrator."""
        return cls.user(login, "loyalty_cinema.group_manager,base.group_user", **values)

    def member_card(self, kind=None, *, active=True, value=0, **values):
        """A card, by default a prepaid one in use, with ``value`` paid on its first balance."""
        kind = kind or self.kind_prepaid
        card = self.env["loyalty.member.card"].create({"kind_id": kind.id, **values})
        if active:
            card._activate()
        if value:
            self.load(card.balance_ids[:1], value)
        return card

    def till(self, **values):
        """A point of sale of the current company."""
        return self.env["pos.config"].create({"name": "Till", **values})
