from odoo import api, fields, models


class LoyaltyOriginMixin(models.AbstractModel):
    """A record that names the document it came from, and opens it for whoever may read it."""

    _name = "loyalty.origin.mixin"
    _description = "Came from a Document"

    origin_model = fields.Char("Document type", readonly=True)
    origin_id = fields.Many2oneReference("Document", model_field="origin_model", readonly=True)
    can_open_origin = fields.Boolean(compute="_compute_can_open_origin")

    @api.depends("origin_model", "origin_id")
    @api.depends_context("uid")
    def _compute_can_open_origin(self):
        """A button that would be refused is not there: rights differ by kind of document."""
        for record in self:
            model = record.origin_model
            readable = model in self.env and self.env[model].has_access("read")
            record.can_open_origin = bool(record.origin_id and readable)

    def _open_origin(self):
        """The action that opens the order, invoice or session."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self.origin_model,
            "res_id": self.origin_id,
            "view_mode": "form",
        }
