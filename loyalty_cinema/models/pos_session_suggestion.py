from odoo import api, models


class PosSession(models.Model):
    """Suggestions come with the till: they are few, and must work offline."""

    _inherit = "pos.session"

    @api.model
    def _load_pos_data_models(self, config):
        return super()._load_pos_data_models(config) + ["loyalty.suggestion"]
