from odoo import api, fields, models
from odoo.tools.misc import formatLang


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

        ``next``: the percentage of the next band, False on the last one. ``prices``: whose prices
        the customer gets and why, in words; empty for the ordinary ones.
        """
        panel = super()._panel(session, partner)
        if not panel:
            return panel
        program = session.company_id._loyalty_discount_program()
        members = self.env["loyalty.member"].sudo()  # sudo: see the class
        domain = [("program_id", "=", program.id), ("partner_id", "=", partner.id)]
        member = members.search(domain) if program else members
        joined = [panel["tier"]["id"]] if panel["tier"] else []
        tiers = member.tier_id.browse(joined) | member.tier_id
        return {
            **panel,
            "discount": self._panel_discount(member),
            "prices": self._panel_prices(session, partner, tiers, panel["pricelist_id"]),
        }

    def _panel_prices(self, session, partner, tiers, pricelist_id):
        """Whose prices hold, of the customer's tiers, and why not those of another."""
        partner = partner.sudo().with_company(session.company_id)  # sudo: see the class
        own = partner.specific_property_product_pricelist
        priced = tiers.filtered("pricelist_id.active")
        if own and own.id == pricelist_id:
            is_news = priced or own != session.config_id.pricelist_id
            return self.env._("Prices: %s, the customer's own", own.name) if is_news else ""
        holds = priced.filtered(lambda tier: tier.pricelist_id.id == pricelist_id)[:1]
        discounts = session.company_id._loyalty_discount_program()
        if not holds or priced.program_id == discounts:  # of which ``discount`` tells all
            return ""
        text = self.env._("Prices: %s", self._price_words(session, holds))
        for other in priced - holds:
            choice = session.company_id._loyalty_tier_prices_choice()
            reason = (
                self.env._("better than %s")
                if choice == "best" and None not in (holds._percent_off(), other._percent_off())
                else self.env._("goes before %s")
            )
            text += f" ({reason % self._price_words(session, other)})"
        return text

    def _price_words(self, session, tier):
        """What a tier's prices are called: "Gold, 20 % off"."""
        name = tier.name
        if tier.program_id == session.company_id._loyalty_discount_program():
            name = self.env._("discount card")
        if percent := tier._percent_off():
            percent = formatLang(self.env, percent, digits=2).rstrip("0").rstrip(".,")
            return self.env._("%(name)s, %(percent)s %% off", name=name, percent=percent)
        return name

    def _panel_discount(self, member):
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
