"""A membership program at an open till: a member who buys, refunds and exchanges."""

from odoo import Command

from .till_common import CashierCase


class PointsCase(CashierCase):
    """The company's membership program gives 10 % of what is paid; Linh is a member."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.program = cls.membership("Club")
        cls.rule = cls.earn_rule(rate=10)
        cls.company.loyalty_points_program_id = cls.program
        cls.member = cls.enrol(cls.partner)
        cls.points = cls.member.balance_id
        cls.poster = cls.goods("Poster")

    @classmethod
    def goods(cls, name, **values):
        """Something that the till sells, without tax."""
        return cls.env["product.product"].create(
            {
                "name": name,
                "type": "service",
                "available_in_pos": True,
                "taxes_id": [Command.clear()],
                **values,
            }
        )

    @classmethod
    def membership(cls, name, **values):
        """A membership program of the company, as a manager makes one."""
        return cls.env["loyalty.program"].create(
            {
                "name": name,
                "program_type": "loyalty",
                "applies_on": "both",
                "trigger": "auto",
                "is_membership": True,
                "company_id": cls.company.id,
                **values,
            }
        )

    @classmethod
    def earn_rule(cls, **values):
        """An earn rule of the program."""
        return cls.env["loyalty.earn.rule"].create(
            {"name": "Rule", "program_id": cls.program.id, "kind": "percent", **values}
        )

    @classmethod
    def enrol(cls, partner, referrer=None):
        """Make a customer a member."""
        return cls.env["loyalty.member"]._enrol(cls.program, partner, "till", referrer)

    def buy(self, *prices, payments=None, lines=(), **values):
        """An order of one ticket per price, paid in cash unless told otherwise."""
        lines = [*map(self.ticket, prices), *lines]
        total = sum(line["price_subtotal_incl"] for line in lines)
        payments = [(self.cash, total, False)] if payments is None else payments
        return self.sync(self.order(lines, payments, **values))

    def pieces(self, quantity, price):
        """A line of several pieces."""
        return self.line(self.snack, quantity, price, False)

    def give_back(self, *backs, payments=None, lines=(), **values):
        """Refund ``(line, quantity)`` pairs, in cash unless told otherwise; ``lines`` are new."""
        lines = [*(self.back_line(*back) for back in backs), *lines]
        total = sum(line["price_subtotal_incl"] for line in lines)
        payments = [(self.cash, total, False)] if payments is None else payments
        return self.sync(self.order(lines, payments if total else (), **values))

    def back_line(self, line, quantity=None):
        """A line that gives ``quantity`` (default: all) of an earlier one back."""
        quantity = line.qty if quantity is None else quantity
        return self.line(line.product_id, -quantity, line.price_unit, line.id)

    def gift_reward(self, cost=50, product=None):
        """A gift of the program, claimed for points through Odoo's own rewards."""
        return self.env["loyalty.reward"].create(
            {
                "program_id": self.program.id,
                "reward_type": "product",
                "reward_product_id": (product or self.poster).id,
                "required_points": cost,
            }
        )

    def grant(self, points, balance=None):
        """Points from nowhere, to have some."""
        self.ledger.credit(
            balance or self.points, points, "compensation", self.key(), reason="Test"
        )

    def key(self):
        """A fresh idempotency key."""
        type(self).keys = getattr(type(self), "keys", 0) + 1
        return f"test:{self.id()}:{self.keys}"

    def incidents(self, **values):
        """The incidents of this test, filtered."""
        domain = [("company_id", "=", self.company.id)]
        domain += [(name, "=", value) for name, value in values.items()]
        return self.env["loyalty.incident"].search(domain)
