from odoo import api, fields, models


class LoyaltySharedMixin(models.AbstractModel):
    """What all companies of a database may share: an administrator keeps it then, nobody else.

    The record rules say so. Here is what a form tells a manager before it is filled in, and how
    the manager gets a copy for the own company.
    """

    _name = "loyalty.shared.mixin"
    _description = "Shared by Companies"

    company_id = fields.Many2one("res.company")
    is_kept_by_others = fields.Boolean(
        compute="_compute_is_kept_by_others",
        help="An administrator keeps it for all companies.",
    )

    @api.depends("company_id")
    @api.depends_context("uid")
    def _compute_is_kept_by_others(self):
        administrator = self.env.su or self.env.user._is_system()
        for record in self:
            # a new one is of the company of whoever makes it
            record.is_kept_by_others = (
                bool(record._origin and not record.company_id) and not administrator
            )

    def copy_data(self, default=None):
        """Who may not make one for all companies makes the copy for the own company."""
        default = dict(default or {})
        if not self.env.su and not self.env.user._is_system():
            default.setdefault("company_id", self.env.company.id)
        copies = super().copy_data(default)
        if "name" in default:
            return copies
        return [
            {**values, "name": self.env._("%s (copy)", record.name)}
            for record, values in zip(self, copies, strict=True)
        ]
