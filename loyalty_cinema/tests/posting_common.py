"""A till that is open, and what its orders do to the accounts."""

import logging
from uuid import uuid4

from odoo import Command, fields

from .test_company_setup import CompanySetupCase

_logger = logging.getLogger(__name__)


class TillCase(CompanySetupCase):
    """A company with a till that is open, a snack to sell, and a customer with a wallet."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.use_company(cls.new_company("generic_coa"))

    @classmethod
    def use_company(cls, company):
        """Go on in ``company``: its till, product, customer and wallet."""
        cls.env = company.env(
            context=dict(cls.env.context, allowed_company_ids=company.ids, tracking_disable=True)
        )
        cls.company = company.with_env(cls.env)
        cls.ledger = cls.env["loyalty.ledger"]
        cls.posting = cls.env["loyalty.posting"]
        cls.snack = cls.env["product.product"].create(
            {
                "name": "Popcorn",
                "type": "service",
                "available_in_pos": True,
                "taxes_id": [Command.clear()],
            }
        )
        cls.topup = cls.env.ref("loyalty_cinema.product_topup").with_env(cls.env)
        cls.partner = cls.env["res.partner"].create({"name": "Linh"})
        cls.wallet = cls.env["loyalty.card"].create(
            {"program_id": cls.company.loyalty_wallet_program_id.id, "partner_id": cls.partner.id}
        )
        cls.config = cls.env["pos.config"].create({"name": "Till"})
        cls.cash, cls.tender = (
            cls.config.payment_method_ids.filtered(test)[:1]
            for test in (lambda m: m.is_cash_count, lambda m: m.stored_value_type == "ewallet")
        )

    def setUp(self):
        super().setUp()
        self.open_session()

    def open_session(self):
        self.config.open_ui()
        self.session = self.config.current_session_id
        self.session.set_opening_control(0, "")

    @classmethod
    def scheme(cls, percent):
        """Every load of a wallet gets ``percent`` on top."""
        return cls.env["loyalty.bonus.scheme"].create(
            {
                "name": f"{percent} %",
                "company_id": cls.company.id,
                "program_type": "ewallet",
                "band_ids": [
                    Command.create({"from_amount": 0, "mode": "percent", "value": percent})
                ],
            }
        )

    def sell(self, lines, payments, refund_of=None, **values):
        """Synchronise one order as a till does.

        :param lines: list of (product, quantity, price)
        :param payments: list of (method, amount); payments by stored value get their hold
        :param refund_of: the order whose lines these give back, in the same order
        """
        uuid = str(uuid4())
        total = sum(qty * price for _product, qty, price in lines)
        origins = refund_of.lines.ids if refund_of else [False] * len(lines)
        order = {
            "uuid": uuid,
            "access_token": uuid,
            "session_id": self.session.id,
            "partner_id": self.partner.id,
            "date_order": fields.Datetime.to_string(fields.Datetime.now()),
            "amount_total": total,
            "amount_paid": total,
            "amount_tax": 0,
            "amount_return": 0,
            "lines": [
                Command.create(self.line(product, qty, price, origin))
                for (product, qty, price), origin in zip(lines, origins, strict=True)
            ],
            "payment_ids": [Command.create(self.payment(uuid, *payment)) for payment in payments],
            **values,
        }
        [result] = self.env["pos.order"].sync_from_ui([order])["pos.order"][:1]
        return self.env["pos.order"].browse(result["id"])

    def line(self, product, qty, price, origin):
        return {
            "uuid": str(uuid4()),
            "product_id": product.id,
            "qty": qty,
            "price_unit": price,
            "price_subtotal": qty * price,
            "price_subtotal_incl": qty * price,
            "tax_ids": [Command.clear()],
            "refunded_orderline_id": origin,
            "loyalty_balance_id": self.wallet.id if product == self.topup and qty > 0 else False,
        }

    def payment(self, order_uuid, method, amount):
        key = False
        if method.stored_value_type and amount > 0:
            key = str(uuid4())
            self.ledger.authorize(self.wallet, amount, key, order_uuid=order_uuid)
        return {
            "uuid": str(uuid4()),
            "name": fields.Datetime.to_string(fields.Datetime.now()),
            "payment_method_id": method.id,
            "amount": amount,
            "transaction_id": key,
        }

    def close(self):
        self.session.invalidate_recordset()  # the cash sums are computed, and kept, at opening
        self.session.post_closing_cash_details(self.session.cash_register_balance_end)
        self.session.invalidate_recordset()
        self.session.action_pos_session_closing_control()
        self.assertEqual(self.session.state, "closed")

    def assert_accounts(self, **expected):
        """Balances of accounts by name (debit positive); all others of ours must be zero."""
        names = {
            "stored_value",
            "unamortised_bonus",
            "promotional_discount",
            "breakage",
            "service_recovery",
        }
        accounts = {name: self.company[f"loyalty_{name}_account_id"] for name in names}
        accounts["sales"] = self.company.income_account_id
        found = {
            name: sum(
                self.env["account.move.line"]
                .search([("account_id", "=", account.id), ("parent_state", "=", "posted")])
                .mapped("balance")
            )
            for name, account in accounts.items()
        }
        self.assertEqual(
            {name: value for name, value in found.items() if value or name in expected}, expected
        )

    def assert_ties(self, message="", at=None):
        """L6: the reconciliation is green; logs the three numbers, and returns all of them."""
        position = self.posting._position(self.company, at)
        numbers = (position["ledger"], position["lots"], position["liability"])
        _logger.info("%s: ledger %.0f, lots %.0f, liability %.0f", message, *numbers)
        screen = self.reconcile(at)
        self.assertFalse(screen.line_ids.filtered("is_wrong").mapped("name"))
        self.assertTrue(screen.agrees)
        return position

    def reconcile(self, at=None):
        """The reconciliation of the company, counted; ``at`` the end of a day, else today."""
        screen = self.env["loyalty.reconciliation"].create({"date": at} if at else {})
        screen.action_refresh()
        return screen
