from odoo import Command
from odoo.tests import tagged

from ..exceptions import LoadRefused
from .posting_common import TillCase


@tagged("post_install", "-at_install")
class TestLoadRefund(TillCase):
    """The unspent paid value of a load is refundable, and the unspent bonus goes (M11)."""

    def bonus_first(self):
        """A bonus of 10 % that expires, and is therefore spent first."""
        self.scheme(10).bonus_validity_days = 180

    def loaded(self, amount):
        return self.sell([(self.topup, 1, amount)], [(self.cash, amount)])

    def spend(self, amount):
        return self.sell([(self.snack, 1, amount)], [(self.tender, amount)])

    def refund(self, order, amount):
        self.sell([(self.topup, -1, amount)], [(self.cash, -amount)], refund_of=order)

    def refundable(self, order):
        return order.lines._loyalty_refundable()

    def assert_empty(self):
        self.assertEqual(self.wallet.points, 0)
        self.assertEqual(self.ledger.verify(), [])
        self.close()
        self.assertEqual(self.assert_ties()["difference"], 0)

    def test_bonus_that_was_spent_first_lowers_nothing(self):
        """Load 500,000 with 50,000 bonus, spend 30,000: 500,000 and the other 20,000 go."""
        self.bonus_first()
        order = self.loaded(500000)
        self.spend(30000)
        self.assertEqual(self.refundable(order), 500000)
        self.refund(order, 500000)
        self.assert_empty()

    def test_in_parts(self):
        """The bonus goes in proportion of the paid value that is left; all with the last part."""
        self.bonus_first()
        order = self.loaded(500000)
        self.spend(30000)
        self.refund(order, 200000)
        self.assertEqual(self.wallet.points, 300000 + 12000)
        self.assertEqual(self.refundable(order), 300000)
        self.refund(order, 300000)
        self.assert_empty()

    def test_spent_in_proportion(self):
        """A bonus without a last day is spent with its load: of 660 bought, 600 were paid."""
        self.scheme(10)
        order = self.loaded(1000)
        self.spend(660)
        self.assertEqual(self.refundable(order), 400)
        with self.assertRaisesRegex(LoadRefused, "only .*400"), self.cr.savepoint():
            self.refund(order, 401)
        self.refund(order, 400)
        self.assert_empty()

    def test_nothing_left(self):
        """The till is told 0 and offers nothing; a refund of nothing is refused in words."""
        order = self.loaded(100)
        self.spend(100)
        till = self.env["loyalty.till"]
        answer = till.refundable_loads(self.session.id, order.lines.ids)
        self.assertEqual(answer["amounts"], {order.lines.id: 0})
        for amount in (0, 1):
            with self.assertRaises(LoadRefused), self.cr.savepoint():
                self.refund(order, amount)

    def other_wallet(self):
        return self.env["loyalty.card"].create(
            {
                "program_id": self.company.loyalty_wallet_program_id.id,
                "partner_id": self.env["res.partner"].create({"name": "Mai"}).id,
            }
        )

    def test_after_a_transfer_the_value_is_followed(self):
        """B11: whoever holds it now, it is the value of this load."""
        self.bonus_first()
        order, other = self.loaded(1000), self.other_wallet()
        self.ledger.credit(other, 50, "adjust", "test:other", reason="What was on it before")
        self.spend(50)
        self.ledger.transfer(self.wallet, other, 500, "test:one", "To Mai")
        third = self.other_wallet()
        self.ledger.transfer(other, third, 200, "test:two", "On to another")
        self.assertEqual(self.refundable(order), 1000)
        self.refund(order, 1000)
        self.assertEqual(self.wallet.points, 0)
        self.assertEqual(other.points + third.points, 50, "what was on it before stays")
        self.assertEqual(self.ledger.verify(), [])
        self.close()
        self.assert_ties()

    def test_after_a_merge_of_customers(self):
        self.bonus_first()
        order, twin = self.loaded(1000), self.env["res.partner"].create({"name": "Linh (twin)"})
        self.spend(30)
        merge = self.env["base.partner.merge.automatic.wizard"].create(
            {
                "dst_partner_id": twin.id,
                "partner_ids": [Command.set((twin | self.partner).ids)],
            }
        )
        merge.action_merge()
        self.partner = twin
        self.assertEqual(self.refundable(order), 1000)
        self.refund(order, 1000)
        self.assertEqual(
            sum(
                self.env["loyalty.card"]
                .search([("program_id", "=", self.company.loyalty_wallet_program_id.id)])
                .mapped("points")
            ),
            0,
        )
        self.assertEqual(self.ledger.verify(), [])
        self.close()
        self.assert_ties()
