from odoo import api, fields, models
from odoo.tools import format_date

from ..domain.amounts import as_text

#: So many names are told of a list; the rest is a number.
NAMES_MAX = 20


class LoyaltyAdjustment(models.Model):
    """What is asked for, in words: the second manager reads it before approving.

    Written down when it is asked for, with what is done then, and changed by nobody.
    """

    _inherit = "loyalty.adjustment"

    deed = fields.Text(
        "What is done",
        readonly=True,
        copy=False,
        help="What was asked for, as it was then. Approving does this and nothing else.",
    )
    subject = fields.Char("For", compute="_compute_subject", compute_sudo=True)

    @api.depends("partner_id", "program_id", "res_model", "res_id")
    def _compute_subject(self):
        """The customer, else the record, else the program."""
        for adjustment in self:
            record = self.env["loyalty.program"]
            if adjustment.res_model in self.env:
                record = self.env[adjustment.res_model].browse(adjustment.res_id).exists()
            if record and adjustment.kind == "terms":
                record = record._terms_owner()
            whose = adjustment.partner_id or record or adjustment.program_id
            adjustment.subject = whose.display_name or ""

    @api.model
    def _lines_of(self, record, names):
        """``[(label, text)]`` of the fields ``names`` of a record; what is empty is left out."""
        found = [(name, words(record, name)) for name in names]
        return [
            (record._fields[name]._description_string(self.env), text)
            for name, text in found
            if text
        ]

    @api.model
    def _lines_of_terms(self, record, values):
        """What a change of terms changes, and what the terms and all their parts are before it."""
        lines = []
        for name in values.keys() & record._fields.keys():
            label = record._fields[name]._description_string(self.env)
            changed = record.new({name: values[name]}, origin=record)
            old, new = (words(one, name) or "–" for one in (record, changed))
            lines.append((label, f"{old} → {new}"))
        models_ = self.env["ir.model"].sudo()  # sudo: names of models, for whoever may ask
        for records in record._terms_parts():
            name = models_._get(records._name).name
            lines += [(name, one.with_env(self.env).sudo()._terms_summary()) for one in records]
        return lines


def words(record, name):
    """The value of a field in words; files and what is empty have none."""
    field, value = record._fields[name], record[name]
    if field.type == "boolean":
        return record.env._("yes") if value else record.env._("no")
    if not value or field.type == "binary":
        return ""
    if field.relational:
        names = value.mapped("display_name")
        more = len(names) - NAMES_MAX
        text = ", ".join(filter(None, names[:NAMES_MAX]))
        return (
            record.env._("%(names)s and %(count)s more", names=text, count=more)
            if more > 0
            else text
        )
    if field.type == "selection":
        return str(dict(field._description_selection(record.env)).get(value) or "")
    if field.type == "date":
        return format_date(record.env, value)
    return as_text(value) if field.type in ("float", "monetary") else str(value)


def told(lines):
    """Lines of ``(label, text)`` as one text."""
    return "\n".join(f"{label}: {text}" for label, text in lines)
