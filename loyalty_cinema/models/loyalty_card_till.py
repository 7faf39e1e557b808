from odoo import api, models


class LoyaltyCard(models.Model):
    """What the till may count on: points that are neither held nor pending."""

    _inherit = "loyalty.card"

    def _is_tender(self):
        """Whether this balance pays: stored value, and points of programs that allow it."""
        program = self.program_id
        return program.is_stored_value or (program.is_membership and program.pay_with_points)

    def _is_claimed_by(self, partner):
        """Whether a customer may claim rewards with it: members' points and vouchers are theirs."""
        if self.program_id.is_membership:
            return partner in (self.partner_id | self._holder())
        return not self._is_voucher() or partner == self.partner_id

    def read(self, fields=None, load="_classic_read"):
        """Odoo's till reads balances without names (``load=False``): it is told what is free."""
        rows = super().read(fields, load)
        return rows if load else self._points_to_spend(rows)

    @api.model
    def search_read(self, domain=None, fields=None, offset=0, limit=None, order=None, **kwargs):
        """As :meth:`read`."""
        rows = super().search_read(domain, fields, offset, limit, order, **kwargs)
        return rows if kwargs.get("load", True) else self._points_to_spend(rows)

    def _points_to_spend(self, rows):
        """``rows`` with the available points of members in place of all points."""
        balances = self.browse(row["id"] for row in rows if "points" in row)
        free = {
            balance.id: balance.available
            for balance in balances
            if balance.sudo().program_id.is_membership  # sudo: only which kind of program it is
        }
        return [dict(row, points=free[row["id"]]) if row["id"] in free else row for row in rows]


class PosConfig(models.Model):
    """Coupons that are typed."""

    _inherit = "pos.config"

    def use_coupon_code(self, code, creation_date, partner_id, pricelist_id):
        """Odoo's check of a code; the till is told what is free of it."""
        answer = super().use_coupon_code(code, creation_date, partner_id, pricelist_id)
        if answer["successful"]:
            # sudo: cashiers do not read codes, by which this balance was found
            balance = self.env["loyalty.card"].sudo().browse(answer["payload"]["coupon_id"])
            answer["payload"]["points"] = balance.available
            # under the name by which Odoo's till looks for it: it is then known to be a voucher
            answer["payload"]["partner_id"] = answer["payload"]["coupon_partner_id"]
        return answer
