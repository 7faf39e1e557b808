"""A manager who is an accountant, and value sold by Odoo's own programs."""

from uuid import uuid4

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import new_test_user

from .till_common import CashierCase

#: As plain Odoo makes them, and as they are on printed cards.
OLD_CODE = "0447-a1b2-4c3d"


class ConversionCase(CashierCase):
    """An accountant who is a manager too, and value sold by Odoo's own programs."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        groups = ("base.group_user", "loyalty_cinema.group_manager")
        cls.manager = cls.staff("manager-only", *groups)
        groups += ("loyalty_cinema.group_accountant", "account.group_account_readonly")
        cls.accountant = cls.staff("convert", *groups)
        cls.gift_tender = cls.config.payment_method_ids.filtered(
            lambda method: method.stored_value_type == "gift_card"
        )

        for program in cls.native_gift | cls.native_wallet:
            program.rule_ids.product_ids = cls.product(f"Sold by {program.name}")

    @classmethod
    def product(cls, name):
        """A product like those that Odoo ships, which other programs of the database may use."""
        return cls.env["product.product"].create(
            {
                "name": name,
                "type": "service",
                "available_in_pos": True,
                "taxes_id": [Command.clear()],
            }
        )

    @classmethod
    def staff(cls, login, *groups):
        """A user of this company with exactly these groups."""
        return new_test_user(
            cls.env,
            login=f"{login}-of-the-test",
            groups=",".join(groups),
            company_ids=[Command.set(cls.company.ids)],
            company_id=cls.company.id,
        )

    def sell_native(self, program, amount, points=None, **values):
        """Sell value as Odoo does; returns the balance. ``values`` are written on it."""
        before = program.coupon_ids
        product = program.rule_ids.product_ids
        order = self.sync(
            self.order([self.line(product, 1, amount, False)], [(self.cash, amount, False)])
        )
        data = {"points": points or amount, "program_id": program.id, "coupon_id": -1}
        data["partner_id"] = self.partner.id if program.program_type == "ewallet" else False
        order.with_user(self.cashier).confirm_coupon_programs({"-1": data})
        balance = program.coupon_ids - before
        balance.write(values)
        return balance

    def wizard(self, program, **values):
        """The wizard as the accountant opens it."""
        wizards = self.env["loyalty.stored.value.convert"].with_user(self.accountant)
        return wizards.create({"program_id": program.id, **values})

    def convert(self, program, **values):
        """Convert; returns the opening entry."""
        action = self.wizard(program, **values).action_convert()
        self.assertEqual(action["res_model"], "account.move")
        self.assert_whole()
        return self.env["account.move"].browse(action["res_id"])

    def refused(self, program, words, **values):
        """Converting is refused with these words, and nothing has changed."""
        with self.assertRaisesRegex(UserError, words), self.cr.savepoint():
            self.wizard(program, **values).action_convert()
        self.assertFalse(program.is_stored_value)

    def pay(self, line, credential, method, amount):
        """Sell ``line``, of which ``amount`` is paid by ``method``, the rest in cash."""
        uuid, total = str(uuid4()), line["price_subtotal_incl"]
        answer = self.till.authorize(
            self.session.id, uuid, str(uuid4()), method.id, amount, credential
        )
        self.assertTrue(answer["ok"], answer)
        payments = [(method, amount, answer["key"])]
        payments += [(self.cash, total - amount, False)] if total > amount else []
        tax = total - line["price_subtotal"]
        return self.sync(self.order([line], payments, uuid=uuid, amount_tax=tax))

    def vat(self):
        """The sales tax of 15 %, contained in prices, and a ticket of 115 with it."""
        tax = self.company.account_sale_tax_id.copy(
            {"name": "VAT", "amount": 15, "price_include_override": "tax_included"}
        )
        ticket = {
            **self.line(self.snack, 1, 115, False),
            "price_subtotal": 100,
            "tax_ids": [Command.set(tax.ids)],
        }
        return tax, ticket

    def vat_due(self, tax):
        """What the books say is owed of ``tax``."""
        account = tax.invoice_repartition_line_ids.account_id
        lines = self.env["account.move.line"].search([("account_id", "=", account.id)])
        return -sum(lines.mapped("balance"))

    def book_on_liability(self, program):
        """As careful users of plain Odoo did: sale and discount on the liability account."""
        products = program.rule_ids.product_ids | program.reward_ids.discount_line_product_id
        products.property_account_income_id = self.company.loyalty_stored_value_account_id
