from odoo import models


class PosConfig(models.Model):
    """Tills load the prices of tiers, so that choosing a member sets them; also offline.

    As many pricelists as tiers have prices of their own, whatever the number of members. Cashiers
    are not offered them for other customers.
    """

    _inherit = "pos.config"

    def _get_available_pricelists(self):
        """Odoo's, and those of the tiers of this till's company, in the till's currency."""
        pricelists = super()._get_available_pricelists()
        # sudo: the cashier need not read tiers; pricelists are read by the cashier's own rights
        tiers = (
            self.env["loyalty.tier"]
            .sudo()
            .search(
                [
                    ("company_id", "in", self.sudo().company_id.parent_ids.ids),
                    ("program_id.active", "=", True),
                    ("pricelist_id.active", "=", True),
                ]
            )
        )
        own = tiers.pricelist_id._loyalty_with_bases()
        own = own.filtered(lambda pricelist: pricelist.currency_id == self.currency_id)
        return pricelists | self.env["product.pricelist"].browse(own.ids)
