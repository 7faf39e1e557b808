from odoo import api, fields, models

from ..exceptions import LedgerProtected

KINDS = [
    ("created", "Made"),
    ("changed", "Changed"),
    ("deleted", "Deleted"),
    ("asked", "Waits for a second manager"),
    ("approved", "Approved"),
    ("refused", "Refused"),
]
COLUMNS = (
    "date, user_id, company_id, program_id, res_model, res_id, name, kind, field, field_name, "
    "old, new, create_uid, write_uid, create_date, write_date"
)


class LoyaltyTermsChange(models.Model):
    """What customers were promised, and who changed it when: one row for each field that changed.

    Written with SQL by the models that hold terms (``loyalty_terms_mixin.py``); nobody edits or
    deletes it, whatever rights or context. Names and values are text, so that they outlive what
    they are about.
    """

    _name = "loyalty.terms.change"
    _inherit = "loyalty.ledger.protected"
    _description = "Change of Terms"
    _order = "id desc"

    date = fields.Datetime(required=True, index=True)
    user_id = fields.Many2one("res.users", "By", required=True, ondelete="restrict")
    company_id = fields.Many2one("res.company", index=True, ondelete="set null")
    program_id = fields.Many2one(
        "loyalty.program", index="btree_not_null", ondelete="set null", help="If it still exists."
    )
    res_model = fields.Char("Kind of terms", required=True)
    res_id = fields.Many2oneReference("Record", model_field="res_model", required=True)
    res_model_name = fields.Char("Terms of", compute="_compute_res_model_name")
    name = fields.Char(required=True, help="Its name at that time.")
    kind = fields.Selection(KINDS, "What happened", required=True)
    field = fields.Char(help="Its label, in the language of whoever changed it.")
    field_name = fields.Char(help="What the database calls it.")
    field_label = fields.Char("Field", compute="_compute_field_label")
    old = fields.Char("Before")
    new = fields.Char("After")

    _record_idx = models.Index("(res_model, res_id)")

    @api.depends("res_model")
    def _compute_res_model_name(self):
        names = {
            model.model: model.name
            for model in self.env["ir.model"]
            .sudo()
            .search(  # sudo: names of models, for managers
                [("model", "in", self.mapped("res_model"))]
            )
        }
        for change in self:
            change.res_model_name = names.get(change.res_model, change.res_model)

    @api.depends("field", "field_name", "res_model")
    @api.depends_context("lang")
    def _compute_field_label(self):
        """In the reader's language, as long as there is such a field."""
        for change in self:
            model = self.env.get(change.res_model, self)
            field = change.field_name and model._fields.get(change.field_name)
            change.field_label = field._description_string(self.env) if field else change.field

    @api.model
    @api.private
    def _log(self, changes):
        """Write these down: one INSERT, whatever their number.

        :param changes: dicts with ``record``, ``company``, ``kind``; ``program``, ``name``,
            ``field``, ``field_name``, ``old``, ``new`` where there are any
        """
        if not changes:
            return
        now, uid = fields.Datetime.now(), self.env.uid
        self.env.flush_all()
        rows = [
            (
                now,
                uid,
                change["company"].id or None,
                change["program"].id if change.get("program") else None,
                change["record"]._name,
                change["record"].id,
                change.get("name") or change["record"].sudo().display_name or "",  # sudo: a name
                change["kind"],
                change.get("field"),
                change.get("field_name"),
                change.get("old"),
                change.get("new"),
                uid,
                uid,
                now,
                now,
            )
            for change in changes
        ]
        self.env.cr.execute_values(
            f"INSERT INTO loyalty_terms_change ({COLUMNS}) VALUES %s", rows, page_size=len(rows)
        )
        self.invalidate_model()

    def _refuse(self):
        raise LedgerProtected(self.env._("The history of terms is neither edited nor deleted."))

    def action_open_record(self):
        """Open what was changed, if it still exists."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self.res_model,
            "res_id": self.res_id,
            "view_mode": "form",
        }
