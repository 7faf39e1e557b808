from odoo import api, models, tools

#: Rights that Odoo gives to cashiers and salespersons and that do not count while this addon is
#: installed: the access right → the modes of it. What a balance holds is written by managers only.
CLOSED_RIGHTS = {
    f"{module}.access_{name}": modes
    for module, names in {
        "pos_loyalty": {
            "coupon_pos_user": ("write",),
            "sale_coupon_generate": ("read", "write", "create"),
            "loyalty_history_pos_user": ("write", "create"),
            "loyalty_card_update_balance_pos_user": ("read", "write", "create"),
        },
        "sale_loyalty": {
            "coupon_salesman": ("write",),
            "sale_coupon_generate": ("read", "write", "create"),
            "loyalty_history_salesman": ("write", "create"),
            "loyalty_card_update_balance_salesman": ("read", "write", "create"),
        },
    }.items()
    for name, modes in names.items()
}


class IrModelAccess(models.Model):
    """Odoo's own doors to value are closed to cashiers and salespersons.

    They are closed here and not by other values in Odoo's records, so that a database from which
    the addon is removed has Odoo's rights as Odoo wrote them. Other rights count as ever, also
    those that an administrator adds.
    """

    _inherit = "ir.model.access"

    @tools.ormcache("self.env.uid", "mode")
    def _get_allowed_models(self, mode="read"):
        """Odoo's answer, without models that only a closed right opens to this user."""
        # sudo: rights are read to be applied, for whoever asks
        closed = self.sudo().browse(self._loyalty_closed_ids(mode))
        closed_models = closed.model_id.mapped("model")
        groups = self.env.user._get_group_ids()
        still_open = closed._loyalty_counting(closed_models, mode).filtered(
            lambda access: not access.group_id or access.group_id.id in groups
        )
        allowed = super()._get_allowed_models(mode)
        return allowed - (set(closed_models) - set(still_open.model_id.mapped("model")))

    @api.model
    def group_names_with_access(self, model_name, access_mode):
        """Who has access, for the message to whoever has not."""
        closed = self.sudo().browse(self._loyalty_closed_ids(access_mode))  # sudo: as above
        if model_name not in closed.model_id.mapped("model"):
            return super().group_names_with_access(model_name, access_mode)
        groups = closed._loyalty_counting([model_name], access_mode).group_id
        return sorted(
            {f"{g.privilege_id.name}/{g.name}" if g.privilege_id else g.name for g in groups}
        )

    def _loyalty_closed_ids(self, mode):
        """Ids of the closed rights; a module that is being installed may not have its own yet."""
        find = self.env["ir.model.data"]._xmlid_to_res_id
        found = (find(xmlid) for xmlid, modes in CLOSED_RIGHTS.items() if mode in modes)
        return [id_ for id_ in found if id_]

    def _loyalty_counting(self, model_names, mode):
        """The rights to these models that count: all but those in ``self``."""
        return self.search(
            [
                ("model_id.model", "in", model_names),
                (f"perm_{mode}", "=", True),
                ("id", "not in", self.ids),
            ]
        )
