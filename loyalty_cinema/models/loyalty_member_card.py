from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..domain import card_code
from ..exceptions import BalanceUnusable, LoyaltyError

#: What a new card starts with. These fields are written by the methods of a card's life only (in
#: sudo), never by a form, an import or an RPC client.
NEW_CARD_VALUES = {
    "code": False,
    "state": "issued",
    "batch": False,
    "activated_on": False,
    "replaced_by_id": False,
}
PROTECTED_FIELDS = frozenset({*NEW_CARD_VALUES, "masked_code", "pin_hash"})
#: A card that is closed for good needs no PIN.
PIN_STATES = frozenset({"issued", "active", "blocked"})
#: Fixed once the card exists: its limits and its accounts hang on them.
FIXED_FIELDS = frozenset({"kind_id", "company_id"})


class LoyaltyMemberCard(models.Model):
    """What is printed and scanned: a code, a state, whose money it opens and who may present it.

    The owner is whose money it is (a person or a company); the holder is the person who presents
    the card. Both are empty on an anonymous card, which belongs to its bearer. The value itself
    lies on the balances (``loyalty.card``) linked to the card; it moves with them when a card is
    replaced.

    Its number and PIN are in ``loyalty_member_card_code.py``, how it lives and dies in
    ``loyalty_member_card_life.py``, its balances and limits in ``loyalty_member_card_load.py``.
    """

    _name = "loyalty.member.card"
    _inherit = ["mail.thread"]
    _description = "Member Card"
    _loyalty_server_fields = PROTECTED_FIELDS
    _order = "id desc"
    _check_company_auto = True
    _rec_name = "masked_code"
    _rec_names_search = ["masked_code", "holder_id.name", "owner_id.name"]

    code = fields.Char(
        readonly=True,
        copy=False,
        groups="loyalty_cinema.group_manager",
        help="Opens the card, so only managers read it; everybody else sees its last four digits.",
    )
    masked_code = fields.Char(
        "Card", compute="_compute_masked_code", compute_sudo=True, store=True, precompute=True
    )
    kind_id = fields.Many2one(
        "loyalty.card.kind",
        required=True,
        index=True,
        check_company=True,
        ondelete="restrict",
        tracking=True,
    )
    state = fields.Selection(
        [
            ("issued", "Issued"),
            ("active", "Active"),
            ("blocked", "Blocked"),
            ("lost", "Lost"),
            ("replaced", "Replaced"),
            ("expired", "Expired"),
        ],
        default="issued",
        required=True,
        readonly=True,
        copy=False,
        index=True,
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    owner_id = fields.Many2one(
        "res.partner",
        check_company=True,
        index="btree_not_null",
        ondelete="restrict",
        tracking=True,
        help="Whose money it is: a person or a company. Empty: the holder's, or the bearer's.",
    )
    holder_id = fields.Many2one(
        "res.partner",
        check_company=True,
        domain=[("is_company", "=", False)],
        index="btree_not_null",
        ondelete="restrict",
        tracking=True,
        help="Who presents the card. Empty: anonymous.",
    )
    expires_on = fields.Date(
        "Valid until", tracking=True, copy=False, help="Last day on which the card can be used."
    )
    activated_on = fields.Date("In use since", readonly=True, copy=False)
    batch = fields.Char(readonly=True, copy=False, index="btree_not_null")
    pin_hash = fields.Char(readonly=True, copy=False, groups=fields.NO_ACCESS)
    pin_required = fields.Boolean(
        "PIN required", compute="_compute_pin_required", compute_sudo=True
    )
    balance_ids = fields.One2many(
        "loyalty.card", "member_card_id", "Balances", readonly=True, copy=False
    )
    available = fields.Monetary(
        compute="_compute_available",
        compute_sudo=True,
        help="Stored value that can be spent now: what is on the card, less what is on hold.",
    )
    holds_value = fields.Boolean(
        compute="_compute_holds_value",
        compute_sudo=True,
        help="A card that collects points or tracks a discount has no money to show.",
    )
    can_have_pin = fields.Boolean(compute="_compute_can_have_pin")
    replaced_by_id = fields.Many2one(
        "loyalty.member.card", readonly=True, copy=False, index="btree_not_null"
    )
    replaces_ids = fields.One2many("loyalty.member.card", "replaced_by_id", readonly=True)
    waiting_change_id = fields.Many2one(
        "loyalty.adjustment",
        "Waits for a second manager",
        compute="_compute_waiting_change_id",
        compute_sudo=True,
        help="Another owner, or a replacement, that another manager has been asked to approve.",
    )

    _code_unique = models.Constraint("UNIQUE(code)", "This card number has been issued already.")
    _code_present = models.Constraint("CHECK (code IS NOT NULL)", "A card needs a number.")
    _expiring_idx = models.Index(
        "(expires_on) WHERE expires_on IS NOT NULL AND state IN ('issued', 'active', 'blocked')"
    )

    @api.constrains("owner_id", "holder_id", "kind_id")
    def _check_owner_and_holder(self):
        for card in self.filtered(lambda card: card.owner_id or card.holder_id):
            if card.holder_id.is_company:
                raise ValidationError(
                    self.env._(
                        "%(name)s is a company and cannot hold a card. Make it the owner and "
                        "choose the employee who presents the card as holder.",
                        name=card.holder_id.name,
                    )
                )
            if card.owner_id.is_company and not card.kind_id.corporate:
                raise ValidationError(
                    self.env._(
                        "Cards of the kind %(kind)s belong to a person. For a company choose a "
                        "kind that allows company cards.",
                        kind=card.kind_id.name,
                    )
                )

    @api.depends("code")
    def _compute_masked_code(self):
        for card in self:
            card.masked_code = card_code.mask(card.code or "")

    @api.depends("kind_id.pin_required", "pin_hash")
    def _compute_pin_required(self):
        """A customer who has set a PIN is asked for it, even where the kind does not insist."""
        for card in self:
            card.pin_required = card.kind_id.pin_required or bool(card.pin_hash)

    @api.depends("state")
    def _compute_can_have_pin(self):
        for card in self:
            card.can_have_pin = card.state in PIN_STATES

    @api.depends("kind_id.opens_gift", "kind_id.opens_wallet", "balance_ids")
    def _compute_holds_value(self):
        for card in self:
            kind = card.kind_id
            card.holds_value = kind.opens_gift or kind.opens_wallet or bool(card.balance_ids)

    @api.depends("balance_ids.available", "balance_ids.is_stored_value")
    def _compute_available(self):
        for card in self:
            card.available = sum(card.balance_ids.filtered("is_stored_value").mapped("available"))

    def _compute_waiting_change_id(self):
        domain = [("res_model", "=", self._name), ("res_id", "in", self.ids)]
        waiting = self.env["loyalty.adjustment"].search(
            [*domain, ("state", "=", "to_approve")], order="id"
        )
        by_card = {adjustment.res_id: adjustment for adjustment in waiting}
        for card in self:
            card.waiting_change_id = by_card.get(card.id, False)

    @api.depends("kind_id", "masked_code")
    def _compute_display_name(self):
        for card in self:
            card.display_name = f"{card.kind_id.name or ''} {card.masked_code or ''}".strip()

    @api.model_create_multi
    def create(self, vals_list):
        """Give each card its number. Nobody but the server chooses a number, a state or a PIN."""
        for vals in vals_list:
            self._check_protected(vals, PROTECTED_FIELDS)
        codes = iter(self._new_codes(sum(not vals.get("code") for vals in vals_list)))
        cards = super().create([self._create_values(vals, codes) for vals in vals_list])
        if not self.env.su:
            cards.kind_id._check_offered()
        return cards

    def write(self, vals):
        """Owner, holder and expiry may be changed by hand; the rest only by the card's methods."""
        self._check_protected(vals, PROTECTED_FIELDS | FIXED_FIELDS)
        if vals.get("holder_id") and "owner_id" not in vals:
            self.filtered(lambda card: not card.owner_id).write({"owner_id": vals["holder_id"]})
        result = super().write(vals)
        if "owner_id" in vals:
            self._move_balances_to_owner()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_if_never_used(self):
        if any(card.state != "issued" or card.balance_ids for card in self.sudo()):
            raise LoyaltyError(
                self.env._("A card that has been in use is kept for the records. Block it instead.")
            )

    def _check_protected(self, vals, names):
        if not self.env.su and not names.isdisjoint(vals):
            raise LoyaltyError(
                self.env._(
                    "Number, kind, company and state of a card are not edited. Use the buttons on "
                    "the card."
                )
            )

    def _move_balances_to_owner(self):
        """The money on a card is its owner's: whose the card becomes, the balances become."""
        for card in self.sudo():  # sudo: balances are written by the card, not by its user
            card.balance_ids.filtered(lambda b, o=card.owner_id: b.partner_id != o).write(
                {"partner_id": card.owner_id.id}
            )

    def _create_values(self, vals, codes):
        """``vals`` with a number, an owner, and a plain start in life.

        The protected fields are always given, so that a ``default_state`` in the caller's context
        finds nothing to fill in. Who holds a card owns it too, unless somebody else is named.
        """
        vals = {**NEW_CARD_VALUES, **vals}
        vals["code"] = vals["code"] or next(codes)
        vals["owner_id"] = vals.get("owner_id") or vals.get("holder_id")
        return vals

    @api.private
    def _check_usable(self):
        """Make sure that the card can be used now.

        :raises BalanceUnusable: with what the cashier should do about it
        """
        self.ensure_one()
        if self.state == "active" and not self._is_past_expiry():
            return
        state = "expired" if self.state == "active" else self.state
        raise BalanceUnusable(self._unusable_messages()[state])

    def _problem(self):
        """Why the card opens nothing; empty for a good one, and for one that waits to be given."""
        self.ensure_one()
        try:
            self._check_usable()
        except BalanceUnusable as problem:
            return "" if self.state == "issued" else str(problem)
        return ""

    def _is_past_expiry(self):
        return bool(self.expires_on and self.expires_on < self.company_id._loyalty_day())

    def _unusable_messages(self):
        """By state, why the card cannot be used and what the cashier does about it."""
        card = self.masked_code
        return {
            "issued": self.env._(
                "Card %s has not been activated yet. Sell or activate it first.", card
            ),
            "blocked": self.env._("Card %s is blocked. Ask a manager to unblock it.", card),
            "lost": self.env._("Card %s was reported lost. Ask a manager to replace it.", card),
            "replaced": self.env._(
                "Card %s was replaced. Ask the customer for the new card.", card
            ),
            "expired": self.env._(
                "Card %s has expired. Ask a manager to replace it; its value is kept.", card
            ),
        }
