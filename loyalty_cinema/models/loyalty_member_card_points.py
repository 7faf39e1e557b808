from odoo import api, fields, models

from ..domain.amounts import AMOUNT_DIGITS
from ..exceptions import BalanceUnusable
from .loyalty_member import ENROL_CHANNELS


class LoyaltyMemberCard(models.Model):
    """A card that collects points makes its holder a member, and finds the holder's points.

    A member has one balance of points, however many cards; so it hangs on the member and not on a
    card. A card that is lost, replaced or given to somebody else leaves the points where they are.
    """

    _inherit = "loyalty.member.card"

    member_id = fields.Many2one("loyalty.member", compute="_compute_member_id", compute_sudo=True)
    points = fields.Float(
        compute="_compute_points", compute_sudo=True, digits=AMOUNT_DIGITS, min_display_digits=0
    )

    entry_count = fields.Integer(compute="_compute_entry_count")

    @api.depends("holder_id", "kind_id", "company_id")
    def _compute_member_id(self):
        for company, cards in self.grouped("company_id").items():
            program = company._loyalty_membership_program()
            collecting = cards.filtered("kind_id.opens_points") if program else self.browse()
            members = self.env["loyalty.member"].search_fetch(
                [
                    ("program_id", "=", program.id),
                    ("partner_id", "in", collecting.holder_id.ids),
                ],
                ["partner_id"],
            )
            by_partner = members.grouped("partner_id")
            for card in cards:
                found = card in collecting and by_partner.get(card.holder_id)
                card.member_id = found or False

    def _compute_points(self):
        for card in self:
            card.points = card.member_id.points

    def _compute_entry_count(self):
        balances = {card: card._balances().ids for card in self}
        counts = dict(
            self.env["loyalty.ledger.entry"]
            .sudo()  # sudo: only the number of movements; the list itself asks for the right to it
            ._read_group(
                [("balance_id", "in", sum(balances.values(), []))], ["balance_id"], ["__count"]
            )
        )
        counts = {balance.id: count for balance, count in counts.items()}
        for card in self:
            card.entry_count = sum(counts.get(balance_id, 0) for balance_id in balances[card])

    def write(self, vals):
        """A new holder of a card that collects points becomes a member."""
        result = super().write(vals)
        if vals.get("holder_id"):
            for card in self.filtered(lambda c: c.state == "active" and c.kind_id.opens_points):
                if card._program_for("loyalty"):
                    card._open_balance("loyalty")
        return result

    def _check_can_activate(self):
        result = super()._check_can_activate()
        if self.kind_id.opens_points and not self.holder_id:
            raise BalanceUnusable(
                self.env._(
                    "Card %(card)s collects points: choose the member who will present it.",
                    card=self.masked_code,
                )
            )
        return result

    @api.private
    def _balances(self):
        """All that the card opens: its stored value, and the points of its holder."""
        return self.balance_ids | self._balance("loyalty")

    @api.private
    def _balance(self, program_type):
        """Points are the holder's; the rest lies on the card."""
        if program_type != "loyalty":
            return super()._balance(program_type)
        return self.sudo().member_id.balance_id  # sudo: as every balance of a card

    @api.private
    def _open_balance(self, program_type):
        """Opening points makes the holder a member, of the card's company's program."""
        if program_type != "loyalty" or not self.kind_id.opens_points:
            return super()._open_balance(program_type)
        if balance := self._balance(program_type):
            return balance
        program = self._program_for(program_type)
        if not program or not self.holder_id:
            raise BalanceUnusable(
                self.env._(
                    "Card %(card)s cannot collect points: it needs a holder, and %(company)s a "
                    "membership program in the settings.",
                    card=self.masked_code,
                    company=self.company_id.name,
                )
            )
        channel = self.env.context.get("loyalty_channel")  # only says where it happened
        channel = channel if channel in dict(ENROL_CHANNELS) else "back_office"
        member = self.env["loyalty.member"]._enrol(program, self.holder_id, channel)
        self.invalidate_recordset(["member_id"])
        return member.balance_id

    def _program_for(self, program_type):
        if program_type == "loyalty":
            return self.company_id._loyalty_membership_program()
        return super()._program_for(program_type)
