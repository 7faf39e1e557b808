from odoo.tests import tagged

from ..exceptions import BalanceUnusable, LoadRefused
from .common import LoyaltyCase


@tagged("post_install", "-at_install")
class TestMemberCardLoad(LoyaltyCase):
    """Which balances a card opens, and how much may be loaded on them."""

    def assert_limits(self, card, **expected):
        """``expected``: amount as ``load_<n>`` → part of the refusal, or None where it passes."""
        for name, hint in expected.items():
            amount = int(name.removeprefix("load_"))
            if hint is None:
                card._check_load(card.balance_ids, amount)
            else:
                with self.assertRaisesRegex(LoadRefused, hint):
                    card._check_load(card.balance_ids, amount)

    def test_smallest_and_largest_load(self):
        self.kind_prepaid.write({"load_min": 10, "load_max": 500})
        card = self.member_card()
        self.assert_limits(card, load_9="smallest", load_10=None, load_500=None, load_501="largest")

    def test_highest_balance_counts_the_bonus(self):
        self.kind_prepaid.balance_max = 1000
        card = self.member_card(value=600)
        self.assert_limits(card, load_400=None, load_401="at most")
        with self.assertRaisesRegex(LoadRefused, "at most"):
            card._check_load(card.balance_ids, 400, bonus=1)

    def test_daily_limit_forgets_refunded_loads(self):
        self.kind_prepaid.load_daily_max = 500
        card = self.member_card()
        load = self.load(card.balance_ids, 400)
        self.assert_limits(card, load_100=None, load_101="a day")
        self.ledger.reverse(load, self.key(), reason="refunded")
        self.assert_limits(card, load_500=None)

    def test_gift_card_is_loaded_once(self):
        card = self.member_card(self.kind_gift)
        self.assert_limits(card, load_100=None)
        self.load(card.balance_ids, 100)
        self.assert_limits(card, load_100="topped up")

    def test_limits_are_each_companys_own(self):
        """A kind is shared; 500 in one currency is not 500 in another."""
        other = self.env["res.company"].create({"name": "Elsewhere"})
        self.kind_prepaid.load_max = 500
        self.assertFalse(self.kind_prepaid.with_company(other).load_max)

    def limits_of(self, company, kind="kind_gift"):
        """What a company begins with, or has set."""
        kind = self.env.ref(f"loyalty_cinema.{kind}").with_company(company)
        return kind.load_min, kind.load_max, kind.balance_max, kind.denominations

    def test_a_company_begins_with_limits_of_its_currency(self):
        """Nobody sells a gift card of 2,000,000,000 đồng; what a manager takes off stays off."""
        vnd = self.env.ref("base.VND")
        vnd.active = True
        hanoi = self.env["res.company"].create({"name": "Hanoi", "currency_id": vnd.id})
        self.env["account.chart.template"].try_loading("generic_coa", hanoi)
        hanoi.currency_id = vnd
        amounts = "100000, 200000, 500000, 1000000"
        self.assertEqual(self.limits_of(hanoi), (50_000, 10_000_000, 10_000_000, amounts))
        kind = self.kind_gift.with_company(hanoi)
        card = self.member_card(kind, company_id=hanoi.id)
        self.assert_limits(card, load_10000000=None, load_10000001="largest")
        kind.write({"load_min": 0, "load_max": 0, "balance_max": 0, "denominations": False})
        hanoi._loyalty_setup()
        self.assertEqual(self.limits_of(hanoi), (0, 0, 0, False))

    def test_first_limits_follow_the_currency(self):
        """In another currency the same number says nothing; limits of a manager's own stay."""
        company = self.env["res.company"].create({"name": "Elsewhere"})
        self.env["account.chart.template"].try_loading("generic_coa", company)
        self.assertEqual(self.limits_of(company)[:3], (5, 500, 500))
        prepaid = self.env.ref("loyalty_cinema.kind_prepaid").with_company(company)
        prepaid.load_max = 750
        vnd = self.env.ref("base.VND")
        vnd.active = True
        company.currency_id = vnd
        self.assertEqual(self.limits_of(company)[:3], (50_000, 10_000_000, 10_000_000))
        self.assertEqual(self.limits_of(company, "kind_prepaid")[1], 750)

    def test_card_that_cannot_be_used_takes_no_load(self):
        card = self.member_card()
        card._block("stolen")
        with self.assertRaisesRegex(BalanceUnusable, "blocked"):
            card._check_load(card.balance_ids, 100)

    def test_card_opens_what_its_kind_promises(self):
        gift, prepaid = self.member_card(self.kind_gift), self.member_card()
        self.assertEqual(gift.balance_ids.program_id, self.gift_program)
        self.assertEqual(prepaid.balance_ids.program_id, self.wallet_program)
        self.assertEqual(prepaid._open_balance("ewallet"), prepaid.balance_ids, "once only")
        with self.assertRaisesRegex(LoadRefused, "cannot hold this value"):
            gift._open_balance("ewallet")

    def test_members_wallet_gets_its_card(self):
        """Who was topped up by name keeps one wallet when given a card."""
        member = self.person()
        wallet = self.balance(70)
        wallet.partner_id = member
        card = self.member_card(holder_id=member.id)
        self.assertEqual(card.balance_ids, wallet)
        second = self.member_card(holder_id=member.id)
        self.assertNotEqual(second.balance_ids, wallet, "a wallet has one card")

    def test_forged_context_opens_no_value(self):
        """A client chooses the context; a ``default_`` in it must not reach the balance."""
        card = self.member_card(active=False)
        card.with_context(default_points=99999, default_overdraft=99999)._activate()
        self.assertEqual((card.balance_ids.points, card.balance_ids.overdraft), (0, 0))
