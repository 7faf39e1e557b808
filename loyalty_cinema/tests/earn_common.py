"""A membership program, two products, and rules made by a manager."""

from datetime import date
from decimal import Decimal

from ..domain.earning import Sale, SaleLine, Usage, evaluate
from .common import LoyaltyCase

FRIDAY = date(2026, 11, 27)


class EarnCase(LoyaltyCase):
    """Rules are made by a manager; what they give is asked for by a cashier."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.boss = cls.manager("earn-manager")
        cls.clerk = cls.cashier("earn-cashier")
        cls.program = cls.env["loyalty.program"].create(
            {"name": "Club", "program_type": "loyalty", "is_membership": True}
        )
        cls.snacks = cls.env["product.category"].create({"name": "Snacks"})
        cls.sweets = cls.snacks.create({"name": "Sweets", "parent_id": cls.snacks.id})
        cls.ticket = cls.env["product.product"].create({"name": "Ticket"})
        cls.popcorn = cls.ticket.create({"name": "Popcorn", "categ_id": cls.sweets.id})

    def rule(self, **values):
        """A rule made by a manager, with nothing but a manager's rights."""
        return (
            self.env["loyalty.earn.rule"]
            .with_user(self.boss)
            .create({"name": "Rule", "program_id": self.program.id, "rate": 5, **values})
        )

    def sale(self, channel="till"):
        """Two tickets at 85,000 and a popcorn at 49,000, on a Friday evening."""
        lines = (
            SaleLine(1, self.ticket.id, Decimal(2), Decimal(170000)),
            SaleLine(2, self.popcorn.id, Decimal(1), Decimal(49000)),
        )
        return Sale(lines, FRIDAY, FRIDAY.weekday(), 19.5, channel)

    def earn(self, usage=None, **of_sale):
        """What the sale earns, through the program, asked for by a cashier."""
        program = self.program.with_user(self.clerk)
        rules = program._earn_rules(self.ticket + self.popcorn)
        return evaluate(rules, self.sale(**of_sale), usage or Usage(), program._rounding())
