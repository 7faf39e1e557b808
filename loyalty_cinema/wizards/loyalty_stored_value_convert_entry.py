from markupsafe import Markup

from odoo import Command, api, models
from odoo.tools import format_amount

from ..domain import conversion, posting
from ..domain.amounts import as_text, to_decimal

ROW = Markup("<tr><td>{}</td><td class='text-end'>{}</td><td class='text-end'>{}</td></tr>")
TABLE = Markup(
    "<table class='table table-sm'><thead><tr><th>{}</th><th class='text-end'>{}</th>"
    "<th class='text-end'>{}</th></tr></thead><tbody>{}</tbody></table>"
)


class LoyaltyStoredValueConvert(models.TransientModel):
    """The opening entry of a conversion, and what the accountant reads before it is made."""

    _inherit = "loyalty.stored.value.convert"

    @api.depends("program_id", "kind_id")
    def _compute_problems(self):
        for wizard in self:
            wizard.problems = _bullets(wizard._program()._conversion_problems(wizard.kind_id))

    @api.depends("program_id", "kind_id")
    def _compute_changes(self):
        for wizard in self:
            wizard.changes = _bullets(wizard._change_texts())

    @api.depends("total", "bonus", "tax_amount", "counter_account_id", "tax_account_id")
    def _compute_entry(self):
        for wizard in self:
            rows = [
                (account.display_name or self.env._("(choose an account)"), amount)
                for account, amount in wizard._entry_lines()
            ]
            body = Markup().join(
                ROW.format(name, wizard._format(amount), wizard._format(-amount))
                for name, amount in rows
            )
            names = (self.env._("Account"), self.env._("Debit"), self.env._("Credit"))
            wizard.entry = TABLE.format(*names, body) if rows else False

    def _format(self, amount):
        return format_amount(self.env, float(amount), self.currency_id) if amount > 0 else ""

    def _change_texts(self):
        """What the conversion does, in the order in which people will notice it."""
        program = self._program()
        yield self.env._(
            "It is no longer offered as a discount, at the till or in sales. Customers pay with it "
            "on the payment screen, by “%(method)s”.",
            method=dict(
                self.env["pos.payment.method"]
                ._fields["stored_value_type"]
                ._description_selection(self.env)
            ).get(program.program_type, ""),
        )
        if products := program.rule_ids.product_ids:
            yield self.env._(
                "%(products)s: sold at the till only, without tax, booked on the stored value "
                "account.",
                products=", ".join(products.mapped("display_name")),
            )
        if self.card_count:
            yield self.env._(
                "%(count)s codes become cards of the kind %(kind)s and go on working.",
                count=self.card_count,
                kind=self.kind_id.name,
            )
        if scheme := program._conversion_scheme():
            yield self.env._(
                "A bonus scheme of %(percent)s %% goes on giving what the rule gave.",
                percent=as_text(scheme["band_ids"][0][2]["value"]),
            )
        if replaced := program._conversion_replaces():
            yield self.env._(
                "It takes the place of the company's own program “%(program)s”, which nobody uses "
                "yet and which is archived.",
                program=replaced.name,
            )
        for sibling in program._conversion_siblings():
            yield self.env._(
                "“%(program)s”, which nobody uses yet and which the same product would sell, is "
                "archived.",
                program=sibling.display_name,
            )

    # -- the journal entry -----------------------------------------------------------------------

    def _entry_lines(self):
        """``[(account, debit)]`` of the opening entry, a credit being negative."""
        company = self._program().company_id
        total, bonus, tax = map(to_decimal, (self.total, self.bonus, self.tax_amount))
        accounts = {
            conversion.COUNTER: self.counter_account_id,
            conversion.TAX: self.tax_account_id,
            posting.STORED_VALUE: company.loyalty_stored_value_account_id,
            posting.UNAMORTISED_BONUS: company.loyalty_unamortised_bonus_account_id,
            posting.PROMOTIONAL_DISCOUNT: company.loyalty_promotional_discount_account_id,
        }
        booked = None
        if accounts[conversion.COUNTER] == accounts[posting.STORED_VALUE]:
            booked = self._booked(total - bonus - tax)
        lines = conversion.opening_lines(total, bonus, tax, booked)
        return [(accounts[name], debit) for name, debit in lines.items()]

    def _booked(self, paid):
        """What Odoo's own way has put on the liability for this program already.

        All that no balance accounts for; where another program is still booked there, no more than
        this one's share.
        """
        program = self._program()
        booked, account = program._conversion_booked(), self.counter_account_id
        others = program.search(
            [("id", "!=", program.id), ("company_id", "=", program.company_id.id)]
        ).filtered("is_native_value")
        products = others.rule_ids.product_ids
        shared = any(p._get_product_accounts()["income"] == account for p in products)
        return min(booked, paid) if shared else booked

    def _move_values(self):
        program = self._program()
        label = self.env._("Opening balance of %(program)s", program=program.name)
        return {
            "move_type": "entry",
            "journal_id": program.company_id.loyalty_posting_journal_id.id,
            "company_id": program.company_id.id,
            "date": self.date,
            "ref": self.env._(
                "%(program)s becomes stored value (%(count)s balances)",
                program=program.name,
                count=self.balance_count,
            ),
            "line_ids": [
                Command.create({"name": label, "account_id": account.id, "balance": float(debit)})
                for account, debit in self._entry_lines()
            ],
        }

    # -- actions ---------------------------------------------------------------------------------

    def _action_self(self):
        action = self._action_show(self._name, self)
        name = self.env._("Make this program stored value")
        return {**action, "name": name, "target": "new"}

    def _action_show(self, model, record):
        return {
            "type": "ir.actions.act_window",
            "res_model": model,
            "res_id": record.id,
            "view_mode": "form",
        }

    def _action_program(self):
        return self._action_show("loyalty.program", self.program_id)


def _bullets(sentences):
    """Sentences as a list, or nothing."""
    items = Markup().join(Markup("<li>{}</li>").format(sentence) for sentence in sentences)
    return Markup("<ul class='mb-0'>{}</ul>").format(items) if items else False
