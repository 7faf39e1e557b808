from odoo import api, fields, models

from ..exceptions import BalanceUnusable
from .loyalty_member import ENROL_CHANNELS


class LoyaltyMemberCard(models.Model):
    """A discount card makes its holder a member of the discount program, and shows the band.

    What is spent and reached is the holder's and not the card's: a card that is lost or replaced
    leaves it where it is. The discount follows from the band wherever the holder is the customer
    (``product_pricelist.py``), and ends with it at the review.
    """

    _inherit = "loyalty.member.card"

    tracks_discount = fields.Boolean(related="kind_id.tracks_discount")
    discount_member_id = fields.Many2one(
        "loyalty.member", "Purchases", compute="_compute_discount_member_id", compute_sudo=True
    )
    discount = fields.Float(
        "Discount (%)", compute="_compute_discount", compute_sudo=True, min_display_digits=0
    )
    discount_spent = fields.Monetary(
        "Spent in the period", compute="_compute_discount", compute_sudo=True
    )
    discount_missing = fields.Monetary(
        "Missing for the next band", compute="_compute_discount", compute_sudo=True
    )
    discount_review_on = fields.Date(
        "Next review",
        compute="_compute_discount",
        compute_sudo=True,
        help="On this day what was spent until then decides about the discount from then on.",
    )

    @api.depends("holder_id", "kind_id.tracks_discount", "company_id")
    def _compute_discount_member_id(self):
        for company, cards in self.grouped("company_id").items():
            program = company._loyalty_discount_program()
            tracking = cards.filtered("kind_id.tracks_discount") if program else self.browse()
            members = self.env["loyalty.member"].search_fetch(
                [
                    ("program_id", "=", program.id),
                    ("partner_id", "in", tracking.holder_id.ids),
                ],
                ["partner_id"],
            )
            by_partner = members.grouped("partner_id")
            for card in cards:
                found = card in tracking and by_partner.get(card.holder_id)
                card.discount_member_id = found or False

    def _compute_discount(self):
        standings = self.discount_member_id._tier_standings()
        for card in self:
            standing = standings.get(card.discount_member_id)
            card.discount = card.discount_member_id.tier_id.discount
            card.discount_spent = standing and standing.qualifying
            card.discount_missing = standing and standing.missing
            card.discount_review_on = standing and standing.review_on

    def write(self, vals):
        """A new holder of a discount card becomes a member of the discount program."""
        result = super().write(vals)
        if vals.get("holder_id"):
            self.filtered(lambda card: card.state == "active")._track_purchases()
        return result

    def _check_can_activate(self):
        result = super()._check_can_activate()
        if not self.kind_id.tracks_discount:
            return result
        problem = None
        if not self.holder_id:
            problem = self.env._(
                "Card %(card)s gives a discount by purchases: choose the customer who will "
                "present it.",
                card=self.masked_code,
            )
        elif not self.company_id._loyalty_discount_program():
            problem = self.env._(
                "%(company)s has no discount program yet. Set it up in the settings first.",
                company=self.company_id.name,
            )
        if problem:
            raise BalanceUnusable(problem)
        return result

    def _open_balances(self):
        result = super()._open_balances()
        self._track_purchases()
        return result

    def _track_purchases(self):
        """Make the holders of these cards members of their companies' discount programs."""
        channel = self.env.context.get("loyalty_channel")  # only says where it happened
        channel = channel if channel in dict(ENROL_CHANNELS) else "back_office"
        tracking = self.filtered(lambda card: card.kind_id.tracks_discount and card.holder_id)
        for company, cards in tracking.grouped("company_id").items():
            if program := company._loyalty_discount_program():
                self.env["loyalty.member"]._enrol(program, cards.holder_id, channel)
        tracking.invalidate_recordset(["discount_member_id"])


class LoyaltyProgram(models.Model):
    """Odoo's till has nothing to offer from a discount program: prices follow from the customer."""

    _inherit = "loyalty.program"

    @api.model
    def _load_pos_data_domain(self, data, config):
        domain = super()._load_pos_data_domain(data, config)
        # sudo: the cashier need not read the company's settings
        discounts = config.sudo().company_id._loyalty_discount_program()
        return [*domain, ("id", "not in", discounts.ids)]
