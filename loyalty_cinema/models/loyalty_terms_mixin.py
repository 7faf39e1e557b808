from typing import NamedTuple

from odoo import SUPERUSER_ID, api, fields, models
from odoo.fields import Domain
from odoo.tools import json_default

from ..domain.amounts import to_decimal
from ..exceptions import LoyaltyError

ZERO = to_decimal(0)
#: Context value of what a second manager has approved, or what its maker looks at as a whole. An
#: RPC client can send JSON, but never this object.
DECIDED = object()


class Worth(NamedTuple):
    """What terms give: the most at once in money; rates, which have no amount; and for what.

    What they are for is a set of products, weekdays and the like by name, None for all there are.
    """

    amount: object = ZERO
    rates: dict = {}
    reach: dict = {}

    def raises(self, before, company):
        """Whether this gives more than ``before``, and more than one person may give alone."""
        if self.amount > before.amount and company._loyalty_is_over(self.amount):
            return True
        return self._reaches_further(before) or any(
            name not in before.rates or rate > before.rates[name]
            for name, rate in self.rates.items()
        )

    def _reaches_further(self, before):
        """Whether this is for something that ``before`` was not for."""
        return any(
            before.reach[name] is not None and (things is None or things - before.reach[name])
            for name, things in self.reach.items()
            if name in before.reach
        )


class LoyaltyTermsMixin(models.AbstractModel):
    """Terms of which customers get something: every change is kept, a large one needs two people.

    A change that gives more than before, above the limit of one person, is not made: it becomes a
    request (``loyalty.adjustment``), which another manager approves. What is made anew and gives
    more than that is archived until then. Rates (a percentage that is earned, the value of a point)
    have no amount; they need the second person once the program is in use.
    """

    _name = "loyalty.terms.mixin"
    _description = "Terms with a History"
    #: The field by which a part of terms names what it belongs to.
    _terms_parent = None

    terms_wait = fields.Boolean(
        "A change waits",
        compute="_compute_terms_wait",
        compute_sudo=True,
        help="A change of these terms waits for a second manager.",
    )

    def _compute_terms_wait(self):
        rows = self.env["loyalty.adjustment"]._read_group(
            [
                ("res_model", "=", self._name),
                ("res_id", "in", self.ids),
                ("kind", "=", "terms"),
                ("state", "=", "to_approve"),
            ],
            ["res_id"],
        )
        waiting = {res_id for (res_id,) in rows}
        for record in self:
            record.terms_wait = record.id in waiting

    # -- what each model says of itself ----------------------------------------------------------

    def _terms_program(self):
        """The program whose terms these are; empty for terms of a whole company."""
        return self.program_id

    def _terms_company(self):
        """The company whose limit counts."""
        return (self.company_id or self.env.company).sudo()  # sudo: its limit, for whoever edits

    def _terms_owner(self):
        """The record that is archived and measured: what a part of terms belongs to."""
        return self[self._terms_parent] if self._terms_parent else self

    def _terms_wholes(self):
        """These and all that they are part of: ``{model: ids}``."""
        wholes = {self._name: set(self.ids)}
        for name in filter(None, (self._terms_parent, "tier_id", "program_id")):
            if name in self._fields:
                whole = self.sudo()[name]  # sudo: which one, not what is in it
                wholes.setdefault(whole._name, set()).update(whole.ids)
        return wholes

    def _terms_parts(self):
        """These and all parts of them, archived ones too: recordsets, one for each model."""
        terms = self.sudo().with_context(active_test=False)  # sudo: that nothing of it is missed
        parts = [terms]
        for name, field in self._fields.items():
            # a model of terms has this mixin's field, whatever else it is
            if field.type == "one2many" and "terms_wait" in self.env[field.comodel_name]._fields:
                parts += terms[name]._terms_parts()
        return parts

    def _terms_name(self):
        """What people call them: a part has the name of what it belongs to."""
        return self.sudo()._terms_owner().display_name or ""  # sudo: a name

    def _terms_worth(self):
        """The :class:`Worth` of one record; nothing for what is archived."""
        return Worth()

    def _terms_in_use(self):
        """Whether somebody has got something by them: then they are archived, not deleted."""
        return self._terms_program()._is_used()

    # -- the history -----------------------------------------------------------------------------

    @api.model
    def _terms_names(self):
        """The fields that are terms: those that people fill in."""
        return {
            name
            for name, field in self._fields.items()
            if field.store
            and name not in models.MAGIC_COLUMNS
            and field.type != "one2many"
            and not field.related
            and not field.readonly
            and not name.startswith(("message_", "activity_", "website_"))
        }

    def _terms_values(self, names):
        """``{record id: {name: text}}``."""
        return {
            record.id: {name: record._terms_text(name) for name in names}
            for record in self.sudo()  # sudo: names of products and the like, as texts
        }

    def _terms_text(self, name):
        value, field = self[name], self._fields[name]
        if field.relational:
            return ", ".join(value.mapped("display_name"))
        if field.type == "selection":
            labels = dict(field._description_selection(self.env))
            return str(labels.get(value) or "")
        if field.type == "boolean":
            return self.env._("yes") if value else self.env._("no")
        if field.type in ("float", "monetary"):
            return f"{value:.10g}"
        return str(value or "") if field.type != "integer" else str(value)

    def _terms_row(self, kind, **values):
        """A row of the history."""
        program = self._terms_program()
        company = self.company_id if "company_id" in self._fields else program.company_id
        row = {"record": self, "program": program, "company": company, "kind": kind}
        return {**row, "name": self._terms_name(), **values}

    def _terms_seen(self):
        """What these terms and their parts say now, as JSON has it: that is what is approved.

        Without texts in several languages, which are words and no terms.
        """
        seen = {}
        for records in self._terms_parts():
            names = sorted(n for n in records._terms_names() if not records._fields[n].translate)
            for values in records.with_context(lang=None).read(names, load=None):
                key = f"{records._name},{values.pop('id')}"
                seen[key] = {
                    name: sorted(value) if isinstance(value, (list, tuple)) else plain(value)
                    for name, value in values.items()
                }
        return seen

    def _terms_summary(self):
        """All that is filled in, in one text."""
        values = self._terms_values(sorted(self._terms_names()))[self.id]
        return "; ".join(
            f"{self._fields[name]._description_string(self.env)}: {text}"
            for name, text in values.items()
            if text not in ("", "0")
        )

    def _terms_log_changes(self, before):
        """Write down what differs from ``before`` (:meth:`_terms_values`)."""
        names = next(iter(before.values()), {})
        after = self._terms_values(names)
        self.env["loyalty.terms.change"]._log(
            [
                record._terms_row(
                    "changed",
                    field=record._fields[name]._description_string(self.env),
                    field_name=name,
                    old=before[record.id][name],
                    new=text,
                )
                for record in self
                for name, text in after[record.id].items()
                if text != before[record.id][name]
            ]
        )

    # -- the ways to change them -----------------------------------------------------------------

    def _terms_watched(self):
        """Whether a person changes them who may be one of two."""
        decided = self.env.context.get("loyalty_terms") is DECIDED
        return not decided and self.env.uid != SUPERUSER_ID

    @api.model_create_multi
    def create(self, vals_list):
        """What is made is written down, and archived where it gives too much for one person."""
        watched = self._terms_watched()
        as_a_whole = self.with_context(loyalty_terms=DECIDED)
        before = self._terms_worths_before(vals_list) if watched else {}
        records = super(LoyaltyTermsMixin, as_a_whole).create(vals_list).with_env(self.env)
        if watched:
            records._terms_check_settled()
        self.env["loyalty.terms.change"]._log(
            [record._terms_row("created", new=record._terms_summary()) for record in records]
        )
        if watched:
            for owner in {record._terms_owner() for record in records}:
                worth = owner.sudo()._terms_worth()  # sudo: what it is worth, whoever makes it
                if worth.raises(before.get(owner, Worth()), owner._terms_company()):
                    owner._terms_suspend(worth)
        return records

    @api.model
    def _terms_worths_before(self, vals_list):
        """The worth of what new parts will belong to: ``{owner: Worth}``."""
        if not self._terms_parent:
            return {}
        ids = {vals[self._terms_parent] for vals in vals_list if vals.get(self._terms_parent)}
        owners = self.env[self._fields[self._terms_parent].comodel_name].browse(ids)
        return {owner: owner.sudo()._terms_worth() for owner in owners}  # sudo: what it is worth

    def write(self, vals):
        """Changes are written down; one that gives too much for one person is asked for instead."""
        names = self._terms_names() & vals.keys()
        if not names or not any(self._ids):  # a form that is not saved changes no terms
            return super().write(vals)
        before = self._terms_values(names)
        if not self._terms_watched():
            result = super().write(vals)
            self._terms_log_changes(before)
            return result
        if self._terms_asked(vals):
            return True
        if vals != {"active": False}:  # what gives less can be stopped at any time
            self._terms_check_settled()
        asked = self._terms_try(vals)
        allowed = self - self.browse(record.id for record in asked)
        if asked and allowed:
            super(LoyaltyTermsMixin, allowed).write(vals)
        allowed._terms_log_changes({id_: before[id_] for id_ in allowed.ids})
        for record, worth in asked.items():
            record._terms_ask(vals, worth)
        return True

    def _terms_try(self, vals):
        """Make the change, unless it needs a second person: ``{record: its new worth}`` of those.

        With one of them nothing is changed.
        """
        old = {
            record: record._terms_owner().sudo()._terms_worth() for record in self
        }  # sudo: worth
        with self.env.cr.savepoint() as savepoint:
            super().write(vals)  # pylint: disable=super-method-mismatch
            self.env.flush_all()
            new = {record: record._terms_owner().sudo()._terms_worth() for record in self}  # sudo
            asked = {
                record: new[record]
                for record in self
                if new[record].raises(old[record], record._terms_company())
            }
            if asked:
                savepoint.rollback()
        return asked

    def unlink(self):
        """What was deleted is in the history; what somebody got something by stays."""
        if self._terms_watched():
            self._terms_check_settled()
        rows = [
            record._terms_row("deleted", name=record._terms_name(), old=record._terms_summary())
            for record in self
        ]
        result = super().unlink()
        self.env["loyalty.terms.change"]._log([{**row, "program": None} for row in rows])
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_terms_unused(self):
        for record in self.sudo():  # sudo: that somebody got something by them
            if record._terms_in_use():
                raise LoyaltyError(
                    self.env._(
                        "%(name)s: customers have got something by these terms, so they cannot be "
                        "deleted. Archive them instead.",
                        name=record._terms_name(),
                    )
                )

    # -- the second person -----------------------------------------------------------------------

    def _terms_waiting(self, wholes):
        """The requests for changes of ``wholes`` (:meth:`_terms_wholes`), in sudo."""
        waiting = Domain.OR(
            Domain("res_model", "=", model) & Domain("res_id", "in", list(ids))
            for model, ids in wholes.items()
        )
        # sudo: that somebody asked, for whoever may edit these terms
        requests = self.env["loyalty.adjustment"].sudo()
        return requests.search(
            waiting & Domain("kind", "=", "terms") & Domain("state", "=", "to_approve")
        )

    def _terms_asked(self, vals):
        """Whether this very change of each of these waits: Odoo writes lines of a program twice."""
        requests = self._terms_waiting({self._name: self.ids})
        same = requests.filtered(lambda request: request.payload["values"] == plain(vals))
        return set(same.mapped("res_id")) == set(self.ids)

    def _terms_check_settled(self):
        """A second manager approves what was looked at: nothing of it changes while it waits.

        :raises LoyaltyError: when a change of these, or of what they are part of, waits
        """
        if request := self._terms_waiting(self._terms_wholes())[:1]:
            terms = self.env[request.res_model].browse(request.res_id)
            raise LoyaltyError(
                self.env._(
                    "%(name)s: a change of these terms waits for a second manager, so they stay "
                    "as they are. Approve it, refuse it or withdraw it first, under Loyalty → "
                    "Members → Grants and corrections.",
                    name=terms._terms_name(),
                )
            )

    def _terms_suspend(self, worth):
        """Archive what was just made, until another manager approves it."""
        owner = self.sudo().with_context(loyalty_terms=DECIDED)  # sudo: who made it may not use it
        owner.write({"active": False})
        self._terms_ask({"active": True}, worth)

    def _terms_ask(self, vals, worth):
        """Ask another manager to make this change of one record."""
        Adjustment = self.env["loyalty.adjustment"]
        Adjustment._ask_terms(self, plain(vals), worth.amount)
        self.env["loyalty.terms.change"]._log(
            [self._terms_row("asked", new=self._terms_words(vals))]
        )
        self.env.user._bus_send(
            "simple_notification",
            {
                "type": "warning",
                "sticky": True,
                "message": self.env._(
                    "%(name)s: this gives more than one person may give alone. Another manager has "
                    "been asked to approve it; until then nothing changes.",
                    name=self._terms_name(),
                ),
            },
        )

    def _terms_words(self, vals):
        """What is asked for, in words."""
        return "; ".join(
            f"{self._fields[name]._description_string(self.env)}: {plain(value)}"
            for name, value in vals.items()
            if name in self._fields
        )

    @api.private
    def _terms_apply(self, vals, seen=None):
        """Make a change that was approved; called by the step that approves it.

        :param seen: what the terms said when it was asked for (:meth:`_terms_seen`)
        :raises LoyaltyError: where they say something else now, or are gone
        """
        if not self or (seen is not None and seen != self._terms_seen()):
            raise LoyaltyError(
                self.env._(
                    "These terms have been changed or deleted since this was asked for. Refuse it, "
                    "and let it be asked for again."
                )
            )
        self.with_context(loyalty_terms=DECIDED).write(vals)
        self.env["loyalty.terms.change"]._log(
            [record._terms_row("approved", new=record._terms_words(vals)) for record in self]
        )


def plain(value):
    """Values of a write as JSON has them."""
    if isinstance(value, dict):
        return {name: plain(one) for name, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(one) for one in value]
    if value is None or isinstance(value, (str, int, float)):
        return value
    if isinstance(value, bytes):
        return value.decode()
    return json_default(value)
