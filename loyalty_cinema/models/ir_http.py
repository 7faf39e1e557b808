from odoo import models


class IrHttp(models.AbstractModel):
    """Odoo's dialog of a balance in the portal is in the language of the page.

    Pages outside the back office get the terms of the modules named here only, and Odoo names none
    of those that the dialog is made of.
    """

    _inherit = "ir.http"

    @classmethod
    def _get_translation_frontend_modules_name(cls):
        names = super()._get_translation_frontend_modules_name()
        return [*names, "loyalty", "loyalty_cinema"]
