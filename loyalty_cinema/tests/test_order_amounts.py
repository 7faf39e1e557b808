"""What is due is what is paid: rounded tills, discounts on the whole order, loads, accounts."""

from odoo import Command
from odoo.tests import tagged

from .rpc_common import RpcRefused, RpcTillCase


class AmountsCase(RpcTillCase):
    """Orders whose amounts are worked out otherwise than line by line."""

    def synced(self, order, *payments):
        """``order`` paid by these payments; a hold is placed for each tender."""
        payments = [
            (
                method,
                amount,
                self.held(order, amount) if method.stored_value_type and amount > 0 else False,
            )
            for method, amount in payments
        ]
        answer = self.rpc("pos.order", "sync_from_ui", [self.paid_in(order, *payments)])
        return self.env["pos.order"].browse(answer["pos.order"][-1]["id"])


@tagged("post_install", "-at_install")
class TestRoundedTill(AmountsCase):
    """Cash rounding for all payment methods: card and points pay what cash would."""

    def rounded(self, rounding, method="HALF-UP", only_cash=False):
        """The till rounds what is due from now on; it is opened anew."""
        self.close()
        profit = self.company.income_account_id
        self.config.write(
            {
                "cash_rounding": True,
                "only_round_cash_method": only_cash,
                "rounding_method": self.env["account.cash.rounding"]
                .create(
                    {
                        "name": f"To {rounding}",
                        "rounding": rounding,
                        "rounding_method": method,
                        "strategy": "add_invoice_line",
                        "profit_account_id": profit.id,
                        "loss_account_id": profit.id,
                    }
                )
                .id,
            }
        )
        self.open_session()

    def assert_pays(self, total, due):
        """A sale of ``total`` is paid by the wallet with ``due``, no more, and given back."""
        self.ledger.credit(self.wallet, 5000, "load", f"more:{total}:{due}")
        before = self.wallet.points
        too_much = self.order([self.ticket(total)])
        with self.assertRaises(RpcRefused):
            self.synced(too_much, (self.tender, due + 1), (self.cash, -1))
        sold = self.synced(self.order([self.ticket(total)]), (self.tender, due))
        self.assertEqual((sold.state, self.wallet.points), ("paid", before - due))
        back = self.synced(self.order([self.refund_line(sold.lines)]), (self.tender, -due))
        self.assertEqual((back.state, self.wallet.points), ("paid", before))

    def test_half_up(self):
        self.rounded(1)
        for total, due in ((45.60, 46), (45.40, 45), (45.50, 46), (45, 45)):
            with self.subTest(total):
                self.assert_pays(total, due)

    def test_up_to_500(self):
        self.rounded(500, "UP")
        self.assert_pays(1200, 1500)

    def test_down_to_1000(self):
        self.rounded(1000, "DOWN")
        self.assert_pays(1999, 1000)

    def test_a_split(self):
        self.rounded(1)
        sold = self.synced(self.order([self.ticket(45.60)]), (self.tender, 40), (self.cash, 6))
        self.assertEqual(sold.state, "paid")

    def test_cash_only(self):
        self.rounded(1, only_cash=True)
        with self.assertRaises(RpcRefused):
            self.synced(self.order([self.ticket(45.60)]), (self.tender, 46))
        sold = self.synced(self.order([self.ticket(45.60)]), (self.tender, 45.60))
        self.assertEqual(sold.state, "paid")
        sold = self.synced(self.order([self.ticket(45.60)]), (self.tender, 40), (self.cash, 6))
        self.assertEqual(sold.state, "paid")

    def test_lines_are_not_rounded(self):
        """The leeway of a rounded till is of its total, once."""
        self.rounded(100)
        lines = [{**self.ticket(50), "price_subtotal_incl": 1} for _line in range(5)]
        lines.append(self.topup_line(50))
        order = self.order(lines, amount_total=55)
        with self.assertRaises(RpcRefused):
            self.synced(order, (self.cash, 100))


@tagged("post_install", "-at_install")
class TestDiscountOnAll(AmountsCase):
    """Lines of the module ``pos_discount`` carry the taxes of what they are off."""

    def discounted(self, tax_amount=None):
        """Eight times 9.99, 21 % included, rounded per line, less 50 %."""
        taxes = self.env["account.tax"]
        self.company.tax_calculation_rounding_method = "round_per_line"
        tax = taxes.create({"name": "21 %", "amount": 21, "price_include_override": "tax_included"})
        goods = [{**self.ticket(9.99), "tax_ids": [Command.set(tax.ids)]} for _piece in range(8)]
        base_lines = [
            taxes._prepare_base_line_for_taxes_computation(
                {},
                currency_id=self.company.currency_id,
                rate=1.0,
                product_id=self.snack,
                tax_ids=tax,
                price_unit=9.99,
                quantity=1,
            )
            for _piece in range(8)
        ]
        taxes._add_tax_details_in_base_lines(base_lines, self.company)
        taxes._round_base_lines_tax_details(base_lines, self.company)
        [off] = taxes._prepare_global_discount_lines(
            base_lines, self.company, "percent", 50, computation_key="global_discount"
        )
        told = taxes._export_base_line_extra_tax_data(off)
        if tax_amount is not None:
            told["manual_tax_amounts"][str(tax.id)]["tax_amount_currency"] = tax_amount
        amount = told["manual_total_excluded_currency"] + sum(
            amounts["tax_amount_currency"] for amounts in told["manual_tax_amounts"].values()
        )
        line = {
            **self.line(self.snack, 1, off["price_unit"], False),
            "tax_ids": [Command.set(tax.ids)],
            "extra_tax_data": told,
            "price_subtotal_incl": amount,
        }
        return self.order([*goods, line], amount_total=round(79.92 + amount, 2))

    def test_it_is_paid_by_card(self):
        order = self.discounted()
        total = order["amount_total"]
        self.assertAlmostEqual(total, 39.96, delta=0.05)
        sold = self.synced(order, (self.tender, total))
        self.assertEqual(sold.state, "paid")
        self.assertAlmostEqual(self.wallet.points, 100 - total)
        lines = [
            {**self.refund_line(line, line.price_unit), "tax_ids": [Command.set(line.tax_ids.ids)]}
            for line in sold.lines
        ]
        back = self.order(lines, amount_total=-total)
        self.assertEqual(self.synced(back, (self.tender, -total)).state, "paid")
        self.assertAlmostEqual(self.wallet.points, 100)

    def test_l5_it_takes_off_no_more_than_rounding_does(self):
        order = self.discounted(tax_amount=-30)
        self.assert_order_refused(
            self.paid_in(order, (self.tender, order["amount_total"], self.held(order, 20)))
        )


@tagged("post_install", "-at_install")
class TestLoadsPaid(AmountsCase):
    """A load is sold without tax, for money that is there."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.account = cls.env["pos.payment.method"].create(
            {"name": "Customer account", "split_transactions": True}
        )
        cls.config.payment_method_ids |= cls.account

    def test_l5_a_load_with_a_tax_is_refused(self):
        for include in ("tax_included", "tax_excluded"):
            tax = self.env["account.tax"].create(
                {"name": include, "amount": 10, "price_include_override": include}
            )
            total = 100 if include == "tax_included" else 110
            line = {
                **self.topup_line(100),
                "tax_ids": [Command.set(tax.ids)],
                "price_subtotal_incl": total,
            }
            with self.subTest(include):
                self.assert_order_refused(self.order([line], [(self.cash, total, False)]))

    def test_l5_a_load_on_account_is_refused(self):
        order = self.order([self.topup_line(100)])
        self.assert_order_refused(self.paid_in(order, (self.account, 100, False)))
        order = self.order([self.topup_line(100), self.ticket(50)])
        self.assert_order_refused(
            self.paid_in(order, (self.account, 60, False), (self.cash, 90, False))
        )
        self.synced(order, (self.account, 50), (self.cash, 100))
        self.assertEqual(self.wallet.points, 200)

    def test_l4_a_paid_load_is_not_put_on_account(self):
        sold = self.synced(self.order([self.topup_line(100)]), (self.cash, 100))
        command = Command.update(sold.payment_ids.id, {"payment_method_id": self.account.id})
        self.assert_refused("pos.order", "write", sold.ids, {"payment_ids": [command]})
