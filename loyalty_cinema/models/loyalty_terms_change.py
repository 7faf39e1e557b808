import json

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
    "date, user_id, company_id, program_id, res_model, res_id, name, kind, field, old, new, terms, "
    "create_uid, write_uid, create_date, write_date"
)


class LoyaltyTermsChange(models.Model):
    """What customers were promised, and who changed it when: one row for each field that changed.

    Written with SQL by the models that hold terms (``loyalty_terms_mixin.py``); nobody edits or
    deletes it, whatever rights or context. Names and values are text, so that they outlive what
    they are about; fields, choices, yes and no are kept by their technical names, and told in the
    reader's language.
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
    field = fields.Char("Technical field")
    old = fields.Char("Kept before")
    new = fields.Char("Kept after")
    terms = fields.Json("Values", help="By field, of what was made, deleted or asked for.")
    field_text = fields.Char("Field", compute="_compute_words")
    old_text = fields.Char("Before", compute="_compute_words")
    new_text = fields.Char("After", compute="_compute_words")

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

    @api.depends_context("lang")
    @api.depends("field", "old", "new", "terms", "kind")
    def _compute_words(self):
        """In the reader's language; what was kept in words, or has no field any more, as it is."""
        for change in self:
            label, old, new = change.field, change.old, change.new
            if change.field:
                old, new = (self._told_value(change.res_model, label, kept) for kept in (old, new))
                label = self._told_label(change.res_model, label)
            elif change.terms:
                told = self._told(change.res_model, change.terms)
                old, new = (told, new) if change.kind == "deleted" else (old, told)
            change.field_text, change.old_text, change.new_text = label, old, new

    @api.model
    @api.private
    def _told(self, model, terms):
        """``{field: text}`` as the history keeps it, in the reader's language."""
        return "; ".join(
            f"{self._told_label(model, name)}: {self._told_value(model, name, kept)}"
            for name, kept in terms.items()
        )

    def _told_field(self, model, name):
        return self.env[model]._fields.get(name) if model in self.env else None

    def _told_label(self, model, name):
        field = self._told_field(model, name)
        return field._description_string(self.env) if field else name

    def _told_value(self, model, name, kept):
        field = self._told_field(model, name)
        if field and field.type == "selection":
            return dict(field._description_selection(self.env)).get(kept, kept)
        if field and field.type == "boolean":
            return {"true": self.env._("yes"), "false": self.env._("no")}.get(kept, kept)
        return kept

    @api.model
    @api.private
    def _log(self, changes):
        """Write these down: one INSERT, whatever their number.

        :param changes: dicts with ``record``, ``company``, ``kind``; ``program``, ``name``,
            ``field``, ``old``, ``new``, ``terms`` where there are any
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
                change.get("old"),
                change.get("new"),
                json.dumps(change["terms"]) if change.get("terms") else None,
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
