from uuid import uuid4

from odoo import api, fields, models
from odoo.http import request

from ..domain.amounts import AMOUNT_DIGITS, to_decimal
from ..domain.movement import Movement, Template
from ..domain.saying import _lt
from ..exceptions import BalanceUnusable, FixedByValue, LedgerProtected

#: Written by the ledger's SQL only; the ORM refuses them from everyone.
LEDGER_ZEROS = {
    "held": 0,
    "overdraft": 0,
    "pending": 0,
    "qualifying_points": 0,
}
LEDGER_FIELDS = frozenset(LEDGER_ZEROS)


class LoyaltyCard(models.Model):
    """Odoo's balance, and the one door to its number.

    Every ``points = …`` of Odoo's own code (till, sale order, wizards, merge, other addons) arrives
    in :meth:`create` or :meth:`write` below and leaves as a movement of the ledger (L7). A caller
    with an HTTP request behind it that is neither the server itself (``env.su``) nor shows a
    :class:`~odoo.addons.loyalty_cinema.domain.movement.Template` is refused.
    """

    _inherit = "loyalty.card"
    _loyalty_server_made = True

    # Exact decimals instead of a float column; the ledger replaces the chatter's tracking.
    points = fields.Float(digits=AMOUNT_DIGITS, tracking=False)
    code = fields.Char(
        groups="loyalty_cinema.group_manager,sales_team.group_sale_manager",
        help="Opens the balance, so only managers read it; everybody else sees its last four "
        "characters.",
    )
    masked_code = fields.Char(compute="_compute_masked_code", compute_sudo=True)
    held = fields.Float(
        "On hold",
        digits=AMOUNT_DIGITS,
        min_display_digits=0,
        default=0,
        readonly=True,
        copy=False,
        help="Set aside for payments that are being made.",
    )
    overdraft = fields.Float(
        digits=AMOUNT_DIGITS,
        min_display_digits=0,
        default=0,
        readonly=True,
        copy=False,
        help="How far a clawback took the balance below zero; later earnings fill it.",
    )
    pending = fields.Float(
        digits=AMOUNT_DIGITS,
        min_display_digits=0,
        default=0,
        readonly=True,
        copy=False,
        help="Earned, but not to be spent before its day.",
    )
    qualifying_points = fields.Float(
        digits=AMOUNT_DIGITS,
        min_display_digits=0,
        default=0,
        readonly=True,
        copy=False,
        help="All that was ever earned towards a tier, less what refunds took back. Buys nothing.",
    )
    available = fields.Float(digits=AMOUNT_DIGITS, compute="_compute_available")
    is_stored_value = fields.Boolean(related="program_id.is_stored_value")
    member_card_id = fields.Many2one(
        "loyalty.member.card", "Card", index="btree_not_null", copy=False
    )
    entry_ids = fields.One2many("loyalty.ledger.entry", "balance_id", "Movements")
    lot_ids = fields.One2many("loyalty.lot", "balance_id", "Lots")
    hold_ids = fields.One2many("loyalty.hold", "balance_id", "Holds")

    _available_above_floor = models.Constraint(
        "CHECK (points - held - pending >= -overdraft)",
        "There is not enough value on this card.",
    )
    _held_not_negative = models.Constraint(
        "CHECK (held >= 0 AND overdraft >= 0 AND pending >= 0)",
        "Neither holds, pending points nor overdraft can be negative.",
    )

    @api.depends("points", "held", "pending")
    def _compute_available(self):
        for balance in self:
            balance.available = balance.points - balance.held - balance.pending

    @api.depends("code")
    def _compute_masked_code(self):
        for balance in self:
            balance.masked_code = f"•••• {balance.code[-4:]}" if balance.code else ""

    @api.depends("program_id", "masked_code", "member_card_id")
    def _compute_display_name(self):
        """The program and the number that people know, its last four digits: never a code."""
        for balance in self:
            code = balance.sudo()._printed_code()  # sudo: masked, for whoever reads the balance
            balance.display_name = f"{balance.program_id.name}: {code}"

    def _printed_code(self):
        """The masked number that a customer knows: the card's, else the balance's own."""
        return self.member_card_id.masked_code or self.masked_code

    def _card_digits(self):
        """The last four of the number that is printed on the card of this balance."""
        return self._printed_code()[-4:]

    def _card_usable(self):
        """Whether the card that opens this balance, if there is one, is in use."""
        return not self.member_card_id or self.member_card_id.state == "active"

    def _holder(self):
        """Who presents it: the holder of its card, or the owner of a balance without a card."""
        return self.member_card_id.holder_id if self.member_card_id else self.partner_id

    def _check_available_in(self, session):
        """Make sure that the balance can be used at the till of ``session``.

        :raises BalanceUnusable: when it is closed, of another company or in another currency
        """
        program = self.program_id
        if not self.active or not program.active:
            raise BalanceUnusable(self.env._("%(card)s was closed.", card=self._printed_code()))
        if program.company_id not in session.company_id.parent_ids:
            raise BalanceUnusable(
                self.env._("%(card)s belongs to another company.", card=self._printed_code())
            )
        if program.currency_id != session.currency_id:
            raise BalanceUnusable(
                self.env._(
                    "%(card)s holds %(currency)s, which this till does not take.",
                    card=self._printed_code(),
                    currency=program.currency_id.name,
                )
            )

    @api.model_create_multi
    def create(self, vals_list):
        """Create the balances at zero, then bring their first value on them through the ledger."""
        values = [vals.get("points") or 0 for vals in vals_list]
        for vals in vals_list:
            self._check_ledger_fields(vals)
        balances = super().create([dict(vals, points=0, **LEDGER_ZEROS) for vals in vals_list])
        balances._post_changes(
            [(balance, to_decimal(value)) for balance, value in zip(balances, values, strict=True)]
        )
        return balances

    def write(self, vals):
        """Turn a change of ``points`` into movements; everything else is written as usual."""
        self._check_ledger_fields(vals)
        if "points" not in vals:
            return super().write(vals)
        others = {name: value for name, value in vals.items() if name != "points"}
        result = super().write(others) if others else True
        target = to_decimal(vals["points"])
        before = {balance: balance.points for balance in self}
        self._post_changes([(balance, target - to_decimal(before[balance])) for balance in self])
        # super().write() would have announced a milestone that the new number reaches.
        if not self.env.context.get("loyalty_no_mail"):
            self._send_points_reach_communication(
                {b: {"old": before[b], "new": b.points} for b in self}
            )
        return result

    def unlink(self):
        """A balance with movements is closed, not deleted: its entries must stay readable (L3).

        :raises FixedByValue: for people, while there is value on it: that leaves with a reason
        """
        self.check_access("unlink")
        if not self.env.su and (sentence := self.sudo()._fixed_while_worth()):  # sudo: as used
            raise FixedByValue(sentence)  # pylint: disable=no-raise-unlink
        used = self.sudo().filtered("entry_ids")
        for balance in used:
            balance.write({"points": 0, "active": False})
        return super(LoyaltyCard, self - used.with_env(self.env)).unlink()

    def action_open_entries(self):
        """Show the movements of this balance."""
        return self._open("loyalty_cinema.action_loyalty_ledger_entry")

    def action_open_lots(self):
        """Show the lots of this balance, the spent ones too."""
        return self._open("loyalty_cinema.action_loyalty_lot")

    def _open(self, action):
        self.ensure_one()
        values = self.env["ir.actions.act_window"]._for_xml_id(action)
        return dict(values, domain=[("balance_id", "=", self.id)], context={})

    def _check_ledger_fields(self, vals):
        if LEDGER_FIELDS & vals.keys():
            raise LedgerProtected(self.env._("Holds and overdrafts are kept by the ledger itself."))

    def _post_changes(self, changes):
        """Post the differences that a plain write of ``points`` makes.

        :param changes: list of ``(balance, signed Decimal)``; zeros are left out
        :raises LedgerProtected: for a caller that is neither the server nor shows a template
        """
        changes = [(balance, amount) for balance, amount in changes if amount]
        if not changes:
            return
        template = self.env.context.get("loyalty_movement")
        if not isinstance(template, Template):
            template = self._default_template()
        # sudo: nobody has rights on the ledger; who may come this far was decided just above.
        ledger = self.env["loyalty.ledger"].sudo()
        for balance, amount in changes:
            ledger._amount_for(balance, abs(amount))
        ledger.post(
            [
                Movement(
                    balance_id=balance.id,
                    amount=amount,
                    kind=template.kind_for(amount, balance.program_type),
                    key=f"{template.key_prefix or 'write'}:{balance.id}:{uuid4().hex}",
                    origin=template.origin,
                    reason=template.reason,
                    mirror=template.mirror,
                    parts=ledger._parts_of_origin(balance, amount, template),
                )
                for balance, amount in changes
            ]
        )

    def _default_template(self):
        """How a change that says nothing about itself is recorded: as a correction by the server.

        It leaves the members' history to the code that makes the change, as Odoo's own does.
        """
        if request and not self.env.su:
            raise LedgerProtected(
                self.env._(
                    "A balance is not written directly. Use “Update Balance” on the card, which "
                    "asks for the reason."
                )
            )
        self.check_access("write")  # server-side code goes as far as its user's rights
        reason = _lt("Changed by the system")
        return Template("adjust", "adjust", reason=reason, mirror=False)
