from odoo import models


class PosOrder(models.Model):
    """Receipts say nothing of points where there are none, but what the discount card did."""

    _inherit = "pos.order"

    def _receipt_balances(self):
        found = super()._receipt_balances()
        return {
            order: balance
            for order, balance in found.items()
            if balance.program_id != order.company_id._loyalty_discount_program()
        }

    def _receipt_parts(self):
        """``discount``: the card, what it saved, what it gives from now on, and the next band."""
        parts = super()._receipt_parts()
        for company, orders in self.filtered("partner_id").grouped("company_id").items():
            program = company._loyalty_discount_program()
            members = program and self.env["loyalty.member"].search(
                [("program_id", "=", program.id), ("partner_id", "in", orders.partner_id.ids)]
            )
            if not members:
                continue
            standings, by_partner = members._tier_standings(), members.grouped("partner_id")
            cards = members._discount_cards()
            for order in orders.filtered(lambda order, known=by_partner: order.partner_id in known):
                member = by_partner[order.partner_id]
                block = order._discount_block(member, standings[member])
                block["masked_code"] = cards.get(member.partner_id, "")
                parts.setdefault(order, {})["discount"] = block
        return parts

    def _discount_block(self, member, standing):
        following = member.tier_id.browse(standing.next_tier_id or [])
        band = self.pricelist_id.loyalty_tier_id
        used = band.discount if band.program_id == member.program_id else 0
        return {
            "label": member.program_id.name,
            "used": used,
            "saved": self._saved_by(used),
            "percent": member.tier_id.discount,
            "missing": float(standing.missing or 0),
            "next": following.discount or False,
        }

    def _saved_by(self, percent):
        """What goods at the prices of a band would have cost more; negative for a refund."""
        if not 0 < percent < 100:
            return 0
        goods = self.lines.filtered(
            lambda line: (
                line.price_type == "original"
                and not line.is_reward_line
                and not line.product_id.loyalty_load_type
            )
        )
        worth = sum(float(line._loyalty_worth()) for line in goods)
        return self.currency_id.round(worth * percent / (100 - percent))


class LoyaltyMember(models.Model):
    """The cards that members of a discount program present."""

    _inherit = "loyalty.member"

    def _discount_cards(self):
        """``{customer: masked number}`` of the cards in use; one query."""
        cards = self.env["loyalty.member.card"].search(
            [
                ("holder_id", "in", self.partner_id.ids),
                ("company_id", "in", self.company_id.ids),
                ("kind_id.tracks_discount", "=", True),
                ("state", "=", "active"),
            ],
            order="id",
        )
        return {card.holder_id: card.masked_code for card in cards}
