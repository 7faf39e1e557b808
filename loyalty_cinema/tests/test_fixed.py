"""What value hangs on is fixed, for managers and administrators too: over HTTP, field by field."""

from odoo import Command
from odoo.tests import tagged

from ..domain.movement import SERVICE
from ..exceptions import FixedByValue
from .rpc_common import RpcCase

ALL_RIGHTS = (
    "loyalty_cinema.group_manager",
    "loyalty_cinema.group_accountant",
    "sales_team.group_sale_manager",
    "point_of_sale.group_pos_manager",
    "account.group_account_manager",
    "base.group_partner_manager",
)


class FixedCase(RpcCase):
    """A manager of everything, and an administrator."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.boss = cls.with_groups("boss-of-fixed", *ALL_RIGHTS)
        cls.admin = cls.with_groups("admin-of-fixed", *ALL_RIGHTS, "base.group_system")
        cls.elsewhere = cls.env["res.company"].create({"name": "Elsewhere"})

    @classmethod
    def with_groups(cls, login, *groups, **values):
        ids = [cls.env.ref(group).id for group in ("base.group_user", *groups)]
        user = {"login": login, "password": login, "group_ids": [Command.set(ids)], **values}
        return cls.cashier.copy(user)

    def assert_all_fixed(self, attacks, users=None):
        for user in users or (self.boss, self.admin):
            self.login(user)
            with self.subTest(user=user.login):
                self.assert_all_refused(attacks)

    def write(self, record, **values):  # pylint: disable=method-required-super
        return record._name, "write", [record.ids, values]


@tagged("post_install", "-at_install")
class TestFixed(FixedCase):
    """I2, I3, I7, B7, B14, I19."""

    def test_a_balance_with_movements_stays_what_it_is(self):
        points = self.env["loyalty.program"].create(
            {"name": "P", "program_type": "loyalty", "applies_on": "both", "trigger": "auto"}
        )
        earned = self.native_card_of(points, 200000, self.partner)
        voucher = self.native_card_of(
            self.env["loyalty.program"].create({"name": "C", "program_type": "coupons"}),
            1,
            self.partner,
        )
        thief = self.env["res.partner"].create({"name": "Thief"})
        empty = self.env["loyalty.card"].create({"program_id": self.wallet.program_id.id})
        self.assert_all_fixed(
            {
                "points become money": self.write(earned, program_id=self.wallet.program_id.id),
                "native value becomes money": self.write(
                    self.gift, program_id=self.company.loyalty_gift_program_id.id
                ),
                "another program": self.write(self.wallet, program_id=points.id),
                "another company": self.write(self.wallet, company_id=self.elsewhere.id),
                "no company": self.write(earned, company_id=False),
                "another owner": self.write(self.wallet, partner_id=thief.id),
                "the bearer's": self.write(self.anonymous, partner_id=thief.id),
                "points of another": self.write(earned, partner_id=thief.id),
                "a voucher of another": self.write(voucher, partner_id=thief.id),
                "no owner": self.write(self.wallet, partner_id=False),
                "another card": self.write(self.wallet, member_card_id=self.card.id),
                "off its card": self.write(self.anonymous, member_card_id=False),
                "an empty one": self.write(empty, member_card_id=self.card.id),
                "a known code": self.write(self.gift, code="0441"),
                "a longer life": self.write(self.gift, expiration_date="2099-01-01"),
                "archived": self.write(self.wallet, active=False),
                "archived by its button": ("loyalty.card", "action_archive", [self.wallet.ids]),
                "by its program": self.write(
                    self.native_gift,
                    coupon_ids=[Command.update(self.gift.id, {"program_id": points.id})],
                ),
            }
        )

    def test_nobody_makes_stored_value_beside_the_cards(self):
        wallet, native = self.wallet.program_id.id, self.native_wallet.id
        thief = self.env["res.partner"].create({"name": "Thief"})
        on_card = {"program_id": native, "partner_id": thief.id, "member_card_id": self.card.id}
        self.assert_all_fixed(
            {
                "with a known code": (
                    "loyalty.card",
                    "create",
                    [[{"program_id": wallet, "partner_id": thief.id, "code": "1"}]],
                ),
                "on a card": ("loyalty.card", "create", [[on_card]]),
                "by defaults": (
                    "loyalty.card",
                    "create",
                    [[{}]],
                    {"context": {f"default_{name}": value for name, value in on_card.items()}},
                ),
            }
        )

    def test_a_balance_with_value_is_not_deleted(self):
        """Whoever may delete balances in this database: the value leaves with a reason first."""
        self.env["ir.model.access"].create(
            {
                "name": "Deletes balances",
                "model_id": self.env["ir.model"]._get_id("loyalty.card"),
                "group_id": self.env.ref("loyalty_cinema.group_manager").id,
                "perm_unlink": True,
            }
        )
        points = self.env["loyalty.program"].create(
            {"name": "P", "program_type": "loyalty", "applies_on": "both", "trigger": "auto"}
        )
        earned = self.native_card_of(points, 200000, self.partner)
        self.assert_all_fixed(
            {
                "gift card": ("loyalty.card", "unlink", self.gift.ids),
                "wallet": ("loyalty.card", "unlink", self.points.ids),
                "points": ("loyalty.card", "unlink", earned.ids),
            }
        )
        refusal = self.rpc_or_refusal("loyalty.card", "unlink", self.gift.ids)
        self.assertIn("Update Balance", refusal)
        empty = self.native_card_of(points, 0, self.partner)
        self.rpc("loyalty.card", "unlink", empty.ids)
        self.assertFalse(empty.exists())
        self.gift.sudo().unlink()  # what Odoo does by itself closes it
        self.assertEqual((self.gift.points, self.gift.active), (0, False))

    def test_what_is_not_fixed_can_be_written(self):
        """A bearer's coupon gets a name; what is the same passes; a coupon is called off."""
        program = self.env["loyalty.program"].create({"name": "C", "program_type": "coupons"})
        coupon = self.native_card_of(program, 1)
        self.login(self.boss)
        self.rpc("loyalty.card", "write", coupon.ids, {"partner_id": self.partner.id})
        self.assertEqual(coupon.partner_id, self.partner)
        same = {"program_id": program.id, "partner_id": self.partner.id, "code": coupon.code}
        self.rpc("loyalty.card", "write", coupon.ids, {**same, "active": False})
        self.assertFalse(coupon.active)

    def test_a_program_with_movements_stays_what_it_is(self):
        dollar = self.env.ref("base.USD" if self.company.currency_id.name != "USD" else "base.EUR")
        attacks = {}
        for program in (self.wallet.program_id, self.native_gift):
            name = program.name
            attacks |= {
                f"{name}: company": self.write(program, company_id=self.elsewhere.id),
                f"{name}: no company": self.write(program, company_id=False),
                f"{name}: currency": self.write(program, currency_id=dollar.id),
                f"{name}: type": self.write(program, program_type="coupons"),
            }
        attacks |= {
            "no debt any more": self.write(self.wallet.program_id, is_stored_value=False),
            "without the button": self.write(
                self.native_gift, is_stored_value=True, pos_ok=False, sale_ok=False
            ),
        }
        self.boss.company_ids |= self.elsewhere
        self.admin.company_ids |= self.elsewhere
        self.assert_all_fixed(attacks)
        company = self.wallet.program_id.company_id
        self.assertEqual((self.native_gift | self.wallet.program_id).company_id, company)

    def test_a_membership_with_members_keeps_its_company(self):
        program = self.env["loyalty.program"].create(
            {
                "name": "Club",
                "program_type": "loyalty",
                "is_membership": True,
                "company_id": self.company.id,
            }
        )
        self.env["loyalty.member"]._enrol(program, self.partner, "back_office")
        self.boss.company_ids |= self.elsewhere
        self.assert_all_fixed({"club": self.write(program, company_id=self.elsewhere.id)})

    def test_a_sold_load_product_and_a_used_tender_stay_what_they_are(self):
        product = self.topup.product_tmpl_id
        other = self.snack.product_tmpl_id
        self.sync(self.order([self.topup_line(50)], [(self.cash, 50, None)]))
        self.sync(self.order([self.ticket(10)], [(self.cash, 10, None)]))
        attacks = {
            "no load any more": self.write(product, loyalty_load_type=False),
            "by its variant": self.write(self.topup, loyalty_load_type=False),
            "another load": self.write(product, loyalty_load_type="gift_card"),
            "a load afterwards": self.write(
                other, loyalty_load_type="ewallet", taxes_id=[Command.clear()], type="service"
            ),
        }
        order = self.order([self.ticket(10)])
        self.login(self.cashier)
        key = self.till.authorize(
            self.session.id,
            order["uuid"],
            "fixed",
            self.tender.id,
            10,
            {"balance_id": self.wallet.id},
        )
        self.assertTrue(key["ok"], key)
        paid = self.order([self.ticket(10)], [(self.tender, 10, "fixed")], uuid=order["uuid"])
        self.sync(paid)
        attacks |= {
            "no tender any more": self.write(
                self.tender, stored_value_type=False, use_payment_terminal=False
            ),
            "another tender": self.write(self.tender, stored_value_type="gift_card"),
            "another account": self.write(
                self.tender, outstanding_account_id=self.company.income_account_id.id
            ),
        }
        self.assert_all_fixed(attacks)

    def a_bank(self):
        """A payment method for money, with its journal."""
        journal = self.env["account.journal"]
        values = {"name": "Bank card", "code": "BKCD", "type": "bank"}
        return self.env["pos.payment.method"].create(
            {"name": "Bank card", "journal_id": journal.create(values).id}
        )

    def test_i7_money_is_not_booked_on_the_liability(self):
        """A tender that was never used yet, unmarked: it would pay without a card."""
        method, bank = self.tender.copy({"name": "Unused", "config_ids": False}), self.a_bank()
        plain = {"stored_value_type": False, "use_payment_terminal": False}
        stored_value = self.company.loyalty_stored_value_journal_id
        liability = self.company.loyalty_stored_value_account_id
        self.assert_all_fixed(
            {
                "unmarked": self.write(method, **plain),
                "money on the account": self.write(bank, outstanding_account_id=liability.id),
                "money in the journal": self.write(bank, journal_id=stored_value.id),
            }
        )

    def test_i7_no_journal_books_on_the_liability_or_the_bonus(self):
        journal = self.a_bank().journal_id
        liability = self.company.loyalty_stored_value_account_id.id
        bonus = self.company.loyalty_unamortised_bonus_account_id.id
        out = journal.outbound_payment_method_line_ids[:1].id
        lines = [Command.update(out, {"payment_account_id": bonus})]
        box = {"name": "Box", "code": "BOXX", "type": "cash", "default_account_id": liability}
        payment = {
            "payment_type": "inbound",
            "partner_id": self.partner.id,
            "amount": 5,
            "journal_id": journal.id,
            "force_outstanding_account_id": liability,
        }
        self.assert_all_fixed(
            {
                "outstanding account": self.write(
                    journal.inbound_payment_method_line_ids[:1], payment_account_id=liability
                ),
                "of the journal": self.write(journal, outbound_payment_method_line_ids=lines),
                "account of the journal": self.write(journal, default_account_id=liability),
                "another journal": ("account.journal", "create", [box]),
                "a payment": ("account.payment", "create", [payment]),
            }
        )

    def test_b7_a_load_product_is_not_unticked_while_a_till_is_open(self):
        product = self.env["product.template"].create(
            {
                "name": "Load",
                "type": "service",
                "loyalty_load_type": "ewallet",
                "taxes_id": False,
                "company_id": self.company.id,
            }
        )
        self.assert_all_fixed({"unticked": self.write(product, loyalty_load_type=False)})

    def test_b7_a_fiscal_position_leaves_the_liability_alone(self):
        liability = self.company.loyalty_stored_value_account_id
        income = self.snack._get_product_accounts()["income"]
        position = self.env["account.fiscal.position"].create({"name": "Elsewhere"})
        mapping = {"position_id": position.id, "account_src_id": liability.id}
        mapping["account_dest_id"] = income.id
        self.assert_all_fixed({"mapped": ("account.fiscal.position.account", "create", [mapping])})
        # one from before the addon, as it stands in the database
        self.cr.execute(
            "INSERT INTO account_fiscal_position_account (position_id, account_src_id, "
            "account_dest_id) VALUES (%s, %s, %s)",
            (position.id, liability.id, income.id),
        )
        position.invalidate_recordset()
        self.assertEqual(position.map_account(liability), liability)
        order = self.sync(
            self.order(
                [self.topup_line(70)], [(self.cash, 70, None)], fiscal_position_id=position.id
            )
        )
        self.assertEqual(order.fiscal_position_id, position)
        base = order.lines._prepare_base_line_for_taxes_computation()
        self.assertEqual(base["account_id"], liability)

    def test_b14_accounts_and_journals_of_stored_value_stay_in_use(self):
        account = self.company.loyalty_stored_value_account_id
        bonus = self.company.loyalty_unamortised_bonus_account_id
        journal = self.company.loyalty_stored_value_journal_id
        self.assert_all_fixed(
            {
                "archived": self.write(account, active=False),
                "by its button": ("account.account", "action_archive", [bonus.ids]),
                "type": self.write(account, account_type="income"),
                "company": self.write(bonus, company_ids=[Command.set(self.elsewhere.ids)]),
                "deleted": ("account.account", "unlink", [bonus.ids]),
                "journal archived": self.write(journal, active=False),
                "journal's account": self.write(
                    journal, default_account_id=self.company.income_account_id.id
                ),
            }
        )

    def test_i19_a_customer_with_value_stays_in_the_company(self):
        self.boss.company_ids |= self.elsewhere
        contact = self.with_groups(
            "contacts-of-fixed",
            "base.group_partner_manager",
            company_ids=[Command.set((self.company | self.elsewhere).ids)],
        )
        attack = self.write(self.partner, company_id=self.elsewhere.id)
        self.assert_all_fixed({"moved": attack}, (contact, self.boss))
        self.login(contact)
        self.rpc("res.partner", "write", self.partner.ids, {"company_id": self.company.id})
        self.rpc("res.partner", "write", self.partner.ids, {"company_id": False})
        nobody = self.env["res.partner"].create({"name": "Nobody"})
        self.rpc("res.partner", "write", nobody.ids, {"company_id": self.elsewhere.id})

    def test_b15_a_customer_with_value_is_archived_not_deleted(self):
        holder = self.env["res.partner"].create({"name": "Holder"})
        kind = self.env.ref("loyalty_cinema.kind_prepaid")
        self.env["loyalty.member.card"].create({"kind_id": kind.id, "holder_id": holder.id})
        self.login(self.boss)
        for partner in (self.partner, holder):
            answer = self.rpc_or_refusal("res.partner", "unlink", partner.ids)
            self.assertIn("Archive it instead", str(answer))
        with self.assertRaisesRegex(FixedByValue, "Archive it instead"):
            self.partner.unlink()  # as privacy_lookup does, in sudo
        self.rpc("res.partner", "action_archive", self.partner.ids)
        self.assertFalse(self.partner.active)

    def test_no_context_opens_what_is_fixed(self):
        self.login(self.admin)
        name, method, args = self.write(self.wallet, program_id=self.native_gift.id)
        for value in (True, "SERVICE", {}, [], 1):
            self.assert_refused(name, method, *args, context={"loyalty_service": value})
        with self.assertRaises(FixedByValue):
            self.wallet.program_id = self.native_gift  # nor the superuser
        service = self.wallet._as_loyalty_service()
        self.assertIs(service.env.context["loyalty_service"], SERVICE)

    def test_i17_history_is_written_by_the_server_only(self):
        line = {"card_id": self.wallet.id, "description": "?", "issued": 5, "used": 0}
        old = self.wallet.history_ids[:1]
        self.assertTrue(old)
        self.assert_all_fixed(
            {
                "create": ("loyalty.history", "create", [[line]]),
                "write": ("loyalty.history", "write", [old.ids, {"issued": 5}]),
                "unlink": ("loyalty.history", "unlink", [old.ids]),
                "by its balance": self.write(self.wallet, history_ids=[Command.create(line)]),
                "with a template": (
                    "loyalty.history",
                    "create",
                    [[line]],
                    {"context": {"loyalty_movement": {"credit_kind": "earn"}}},
                ),
            }
        )

    def test_verify_names_entries_of_another_program_or_kind(self):
        self.env.flush_all()
        self.assertEqual(self.ledger.verify(self.wallet), [])
        for change in (
            f"UPDATE loyalty_card SET program_id = {self.native_wallet.id}",
            f"UPDATE loyalty_card SET program_id = {self.company.loyalty_gift_program_id.id}",
        ):
            with self.subTest(change), self.cr.savepoint() as savepoint:
                self.cr.execute(f"{change} WHERE id = %s", (self.wallet.id,))
                self.env.invalidate_all()
                broken = {problem["invariant"] for problem in self.ledger.verify(self.wallet)}
                self.assertIn("L3: an entry is of its balance's program and company", broken)
                savepoint.rollback()
        self.cr.execute(
            "UPDATE loyalty_program SET is_stored_value = FALSE WHERE id = %s",
            (self.wallet.program_id.id,),
        )
        broken = {problem["invariant"] for problem in self.ledger.verify(self.wallet)}
        self.assertEqual(broken, {"L3: entries are stored value where their balance is"})
