"""Customers with a past at the till, made in one line each."""

from datetime import timedelta

from odoo import Command, fields

from .till_common import CashierCase

HALF_A_DAY = timedelta(hours=12)


class ProfileCase(CashierCase):
    """A cashier of the lowest rights, a manager, and a customer whose past is written as told."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.today = cls.company._loyalty_day()
        cls.boss = cls.office("boss", "loyalty_cinema.group_manager")
        cls.seller = cls.office("seller", "sales_team.group_sale_salesman")

    @classmethod
    def office(cls, login, group):
        """A user of the company with one group, who may edit contacts."""
        names = ("base.group_user", "base.group_partner_manager", group)
        groups = cls.env["res.groups"].union(*map(cls.env.ref, names))
        login = f"{login}-of-the-test"
        return cls.cashier.copy({"login": login, "group_ids": [Command.set(groups.ids)]})

    @classmethod
    def product(cls, name, **values):
        """Something that the till sells."""
        return cls.env["product.product"].create(
            {"name": name, "available_in_pos": True, "taxes_id": [Command.clear()], **values}
        )

    def days_ago(self, days):
        """Now, or noon of a day before today by the company's clock, in UTC."""
        noon = self.company._loyalty_day_start(self.today - timedelta(days=days)) + HALF_A_DAY
        return noon if days else fields.Datetime.now()

    def visit(self, days_ago, *products, partner=None, refund_of=None):
        """An order paid so many days ago; ``refund_of``: the order whose lines it gives back."""
        qty = -1 if refund_of else 1
        at = self.days_ago(days_ago)
        lines = [
            Command.create(
                {
                    "product_id": product.id,
                    "qty": qty,
                    "price_unit": 10,
                    "price_subtotal": 10 * qty,
                    "price_subtotal_incl": 10 * qty,
                    "refunded_orderline_id": refund_of and refund_of.lines[place].id,
                }
            )
            for place, product in enumerate(products or (self.snack,))
        ]
        order = self.env["pos.order"].create(
            {
                "session_id": self.session.id,
                "company_id": self.company.id,
                "partner_id": (partner or self.partner).id,
                "date_order": at,
                "amount_total": 10 * qty * len(lines),
                "amount_tax": 0,
                "amount_paid": 10 * qty * len(lines),
                "amount_return": 0,
                "lines": lines,
            }
        )
        # paying it now would ask for value to be moved now
        self.cr.execute("UPDATE pos_order SET state = 'paid' WHERE id = %s", (order.id,))
        order.invalidate_recordset(["state"])
        return order

    def save(self, partner=None, **values):
        """What the till answers to a capture."""
        return self.till.save_profile(self.session.id, (partner or self.partner).id, values)

    def habits(self, partner=None):
        """The habits of one customer."""
        partner = partner or self.partner
        return partner._loyalty_habits(self.config)[partner.id]

    def panel(self, **values):
        """What the panel shows to the cashier."""
        partner = self.partner.with_user(self.cashier)
        return partner._loyalty_profile_panel(self.config, **values)
