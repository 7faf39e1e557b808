"""A till without a browser: orders synchronised by a cashier with the lowest rights."""

from unittest.mock import patch
from uuid import uuid4

from odoo import Command

from .posting_common import TillCase


class CashierCase(TillCase):
    """A cashier at an open till; Odoo's own gift card and eWallet programs beside ours."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        groups = cls.env.ref("base.group_user") | cls.env.ref("point_of_sale.group_pos_user")
        cls.cashier = cls.env["res.users"].create(
            {
                "name": "Cashier",
                "login": "cashier-of-the-test",
                "group_ids": [Command.set(groups.ids)],
                "company_ids": [Command.set(cls.company.ids)],
                "company_id": cls.company.id,
            }
        )
        cls.till = cls.env["loyalty.till"].with_user(cls.cashier)
        cls.native_wallet = cls.native_program("ewallet", "loyalty.ewallet_product_50")
        cls.native_gift = cls.native_program("gift_card", "loyalty.gift_card_product_50")

    @classmethod
    def native_program(cls, program_type, product):
        """A program as Odoo makes it: spent as a discount line, at the till and in sales."""
        product = cls.env.ref(product)
        product.write({"active": True, "available_in_pos": True, "taxes_id": [Command.clear()]})
        values = cls.env["loyalty.program"]._program_type_default_values()[program_type]
        rule = {"reward_point_amount": 1, "reward_point_mode": "money", "product_ids": product.ids}
        program = cls.env["loyalty.program"].create(
            {
                **values,
                "name": f"Odoo's {program_type}",
                "program_type": program_type,
                "company_id": cls.company.id,
                "rule_ids": [Command.create(rule)],
            }
        )
        if program_type == "gift_card":
            program.pos_report_print_id = cls.env.ref("loyalty.report_gift_card")
        program.reward_ids.discount_line_product_id.taxes_id = [Command.clear()]
        return program

    def native_card(self, value, program=None, partner=None):
        """A card of one of Odoo's programs holding ``value``."""
        program = program or self.native_gift
        return self.env["loyalty.card"].create(
            {"program_id": program.id, "points": value, "partner_id": partner and partner.id}
        )

    def claim_line(self, card, amount, cost=None):
        """The discount line by which a card of Odoo's programs pays."""
        reward = card.program_id.reward_ids
        return {
            **self.line(reward.discount_line_product_id, 1, -amount, False),
            "is_reward_line": True,
            "reward_id": reward.id,
            "coupon_id": card.id,
            "points_cost": amount if cost is None else cost,
            "reward_identifier_code": str(uuid4()),
        }

    def order(self, lines, payments=(), **values):
        """One order as the till sends it; ``payments`` are (method, amount, key)."""
        uuid = values.pop("uuid", None) or str(uuid4())
        total = sum(line["price_subtotal_incl"] for line in lines)
        return {
            "uuid": uuid,
            "access_token": uuid,
            "pos_reference": f"Order {uuid}",
            "sequence_number": 1,
            "tracking_number": "001",
            "session_id": self.session.id,
            "partner_id": self.partner.id,
            "date_order": "2026-01-15 10:00:00",
            "amount_total": total,
            "amount_paid": total,
            "amount_tax": 0,
            "amount_return": 0,
            "state": "paid",
            "lines": [Command.create(line) for line in lines],
            "payment_ids": [
                Command.create(
                    {
                        "uuid": str(uuid4()),
                        "name": "2026-01-15 10:00:00",
                        "payment_method_id": method.id,
                        "amount": amount,
                        "transaction_id": key,
                    }
                )
                for method, amount, key in payments
            ],
            **values,
        }

    def sync(self, order):
        """Synchronise an order as the cashier; returns it."""
        answer = self.env["pos.order"].with_user(self.cashier).sync_from_ui([order])
        return self.env["pos.order"].browse(answer["pos.order"][-1]["id"])

    def ticket(self, price=100):
        """A line that sells a ticket."""
        return self.line(self.snack, 1, price, False)

    def topup_line(self, amount, balance=None):
        """A line that tops ``balance`` up (default: the customer's wallet)."""
        balance = balance or self.wallet
        return {**self.line(self.topup, 1, amount, False), "loyalty_balance_id": balance.id}

    def refund_line(self, line, amount=None):
        """A line that gives ``line`` of an earlier order back."""
        amount = line.price_subtotal_incl if amount is None else amount
        return self.line(line.product_id, -1, amount, line.id)

    def authorize(self, order_uuid, amount, balance=None, key=None):
        """Hold value for an order through the till's call; returns its answer."""
        credential = {"balance_id": (balance or self.wallet).id}
        return self.till.authorize(
            self.session.id, order_uuid, key or str(uuid4()), self.tender.id, amount, credential
        )

    def as_client(self):
        """Until the block ends, calls come from a client: an HTTP request stands behind them."""
        return patch("odoo.addons.loyalty_cinema.models.pos_order_confirm.request", object())

    def assert_whole(self):
        """L1 to L4 hold."""
        self.assertEqual(self.ledger.verify(), [])
