from odoo import api, fields, models


class LoyaltyTill(models.AbstractModel):
    """What the cashier sees of a discount card: no points, but the band and the next one."""

    _inherit = "loyalty.till"

    def _points_of(self, session, partner):
        """Of a program without points there is no balance to show."""
        found = super()._points_of(session, partner)
        discounts = session.company_id._loyalty_discount_program()
        return found.filtered(lambda balance: balance.program_id != discounts)

    def _panel(self, session, partner):
        """``discount``: False, or ``{"percent", "spent", "missing", "next", "review_on"}``.

        ``next``: the percentage of the next band, False on the last one.
        """
        panel = super()._panel(session, partner)
        return panel and {**panel, "discount": self._panel_discount(session, partner)}

    def _panel_discount(self, session, partner):
        program = session.company_id._loyalty_discount_program()
        members = self.env["loyalty.member"].sudo()  # sudo: see the class
        member = program and members.search(
            [("program_id", "=", program.id), ("partner_id", "=", partner.id)]
        )
        if not member:
            return False
        standing = member._tier_standings()[member]
        following = member.tier_id.browse(standing.next_tier_id or [])
        return {
            "percent": member.tier_id.discount,
            "spent": float(standing.qualifying or 0),
            "missing": float(standing.missing or 0),
            "next": following.discount or False,
            "review_on": fields.Date.to_string(standing.review_on) or False,
        }


class PosConfig(models.Model):
    """Tills learn that their company has discount cards: the program itself is not theirs to see.

    A band that was reached elsewhere changes the customer's prices, so tills ask who the customer
    is, also where there is no membership to join.
    """

    _inherit = "pos.config"

    @api.model
    def _load_pos_data_read(self, records, config):
        rows = super()._load_pos_data_read(records, config)
        # sudo: the cashier need not read the company's settings
        program = config.sudo().company_id._loyalty_discount_program()
        for row in rows:
            row["_loyalty_has_discounts"] = bool(program)
        return rows
