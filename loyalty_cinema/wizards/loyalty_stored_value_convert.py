from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..domain import conversion
from ..domain.amounts import to_decimal


class LoyaltyStoredValueConvert(models.TransientModel):
    """Make one of Odoo's own gift card or eWallet programs stored value.

    Shows what there is and what will change, and asks what only an accountant knows: where the
    sale was booked, how much was given away, what tax was paid too early. For managers who are
    accountants too: it changes a program and posts a journal entry. The deed is
    ``models/loyalty_program_convert.py``; the journal entry and the words of the preview are in
    ``loyalty_stored_value_convert_entry.py``.
    """

    _name = "loyalty.stored.value.convert"
    _description = "Make a Program Stored Value"

    program_id = fields.Many2one(
        "loyalty.program", required=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="program_id.company_id")
    currency_id = fields.Many2one(related="program_id.currency_id")
    balance_count = fields.Integer(
        "Balances with value", compute="_compute_found", compute_sudo=True
    )
    total = fields.Monetary("Value held by customers", compute="_compute_found", compute_sudo=True)
    overdrawn = fields.Monetary(
        "Balances below zero",
        compute="_compute_found",
        compute_sudo=True,
        help="Plain Odoo let these balances be spent twice. They become zero: customers do not owe "
        "it.",
    )
    product_ids = fields.Many2many(
        "product.product", string="Sold by", compute="_compute_found", compute_sudo=True
    )
    card_count = fields.Integer("Codes in circulation", compute="_compute_found", compute_sudo=True)
    problems = fields.Html("What is in the way", compute="_compute_problems")
    changes = fields.Html("What will change", compute="_compute_changes")
    entry = fields.Html("Opening entry", compute="_compute_entry")
    kind_id = fields.Many2one(
        "loyalty.card.kind",
        "Cards become",
        compute="_compute_kind_id",
        store=True,
        readonly=False,
        required=True,
        precompute=True,
        help="Codes that are in circulation go on working, as cards of this kind.",
    )
    date = fields.Date(
        "Date of the opening entry",
        required=True,
        default=lambda self: self.env.company._loyalty_day(),
    )
    counter_account_id = fields.Many2one(
        "account.account",
        "Booked at the sale on",
        compute="_compute_defaults",
        store=True,
        readonly=False,
        precompute=True,
        check_company=True,
        domain=[("account_type", "not in", ("asset_receivable", "liability_payable"))],
        help="The account that the sale of this value was booked on: revenue that was recognised "
        "too early is taken back from it.",
    )
    bonus = fields.Monetary(
        "Of which was given away (bonus)",
        compute="_compute_defaults",
        store=True,
        readonly=False,
        precompute=True,
        help="The part of the value that nobody paid for. Odoo does not record it; it is worked "
        "out from the program's rule: at 1.1 for 1 paid, 10/110 of what is left.",
    )
    tax_amount = fields.Monetary(
        "Of which was tax",
        compute="_compute_defaults",
        store=True,
        readonly=False,
        precompute=True,
        help="Tax that was booked when the value was sold. It becomes due when the value buys "
        "something, so it is taken back here. Enter 0 if your tax office keeps it.",
    )
    tax_account_id = fields.Many2one(
        "account.account",
        "Tax was booked on",
        compute="_compute_defaults",
        store=True,
        readonly=False,
        precompute=True,
        check_company=True,
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Only for who may convert: the preview shows what customers hold."""
        self._check_rights()
        wizards = super().create(vals_list)
        wizards.program_id.check_access("read")
        return wizards

    def _check_rights(self):
        """:raises AccessError: for whoever is not both a manager and an accountant of loyalty"""
        if not self.env.su and not self.env["loyalty.program"]._may_convert():
            raise AccessError(
                self.env._(
                    "Making a program stored value changes the program and posts to the accounts. "
                    "It takes a user who is Loyalty Manager and Loyalty Accountant, and may read "
                    "journal entries."
                )
            )

    def _program(self):
        """The program in sudo, in its company.

        sudo: till sessions, orders and journal entries of all kinds decide; who may come this far
        was decided by :meth:`_check_rights`.
        """
        program = self.program_id
        return program.sudo().with_company(program.sudo().company_id or self.env.company)

    @api.depends("program_id")
    def _compute_found(self):
        for wizard in self:
            program = wizard._program()
            holdings = program._conversion_holdings()
            wizard.balance_count = len({holding.balance_id for holding in holdings})
            wizard.total = float(sum(holding.amount for holding in holdings))
            wizard.overdrawn = float(program._conversion_overdrawn())
            wizard.product_ids = program.rule_ids.product_ids
            cards = self.env["loyalty.member.card"]
            wizard.card_count = len(cards._carry_over_balances(program))

    @api.depends("program_id")
    def _compute_kind_id(self):
        names = {"gift_card": "kind_gift", "ewallet": "kind_prepaid"}
        for wizard in self:
            name = names.get(wizard.program_id.program_type, "kind_gift")
            kind = self.env.ref(f"loyalty_cinema.{name}", raise_if_not_found=False)
            wizard.kind_id = kind or self.env["loyalty.card.kind"].search([], limit=1)

    @api.depends("program_id")
    def _compute_defaults(self):
        for wizard in self:
            program = wizard._program()
            products, company = program.rule_ids.product_ids, program.company_id
            accounts = products[:1]._get_product_accounts() if products else {}
            wizard.counter_account_id = accounts.get("income") or company.income_account_id
            quantum = to_decimal(program.currency_id.rounding)
            total = to_decimal(wizard.total)
            bonus = conversion.given_away(total, program._conversion_factor(), quantum)
            wizard.bonus = float(bonus)
            wizard.tax_amount, wizard.tax_account_id = wizard._tax_at_sale(float(total - bonus))

    def _tax_at_sale(self, paid):
        """The tax that ``paid`` contains, and its account; none where the products differ."""
        program = self._program()
        taxes = {
            product.taxes_id._filter_taxes_by_company(program.company_id)
            for product in program.rule_ids.product_ids
        }
        tax = taxes.pop() if len(taxes) == 1 else self.env["account.tax"]
        result = tax.with_context(force_price_include=True).compute_all(paid, program.currency_id)
        accounts = tax.invoice_repartition_line_ids.account_id
        return result["total_included"] - result["total_excluded"], accounts[:1]

    # -- the deed --------------------------------------------------------------------------------

    def action_convert(self):
        """Convert, and show the journal entry. A second click finds it done.

        :raises UserError: with everything that is in the way
        """
        self.ensure_one()
        self._check_rights()
        self.check_access("write")
        self.program_id.check_access("read")
        program = self._program()
        problems = program._conversion_problems(self.kind_id) or list(self._entry_problems())
        if problems:
            raise UserError("\n\n".join(problems))
        move = program._convert_to_stored_value(
            self.kind_id, to_decimal(self.bonus), self._move_values()
        )
        return self._action_show("account.move", move) if move else self._action_program()

    def _entry_problems(self):
        """What is wrong with what was entered: list of sentences."""
        amounts = [self.bonus, self.tax_amount]
        rounded = [self.currency_id.round(amount) for amount in amounts]
        company, today = self.company_id.sudo(), self.company_id._loyalty_day()
        journal = company.loyalty_posting_journal_id
        if min(amounts) < 0 or sum(rounded) > self.total:
            yield self.env._(
                "What was given away and what was tax are parts of the value held by customers: "
                "not below zero, and together no more than it."
            )
        if rounded != amounts:
            yield self.env._("Enter amounts that the currency of the company has.")
        if not self.counter_account_id or (self.tax_amount and not self.tax_account_id):
            yield self.env._("Choose the accounts of the opening entry.")
        if self.counter_account_id == company.loyalty_unamortised_bonus_account_id:
            yield self.env._("The sale cannot have been booked on the unamortised bonus account.")
        if self.date > today:
            yield self.env._("The opening entry cannot be dated in the future.")
        if company._get_violated_lock_dates(self.date, bool(self.tax_amount), journal):
            yield self.env._("The books are closed on that date. Choose a later one.")
