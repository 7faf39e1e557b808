from odoo import api, models

from ..domain.amounts import AMOUNT_MAX, to_decimal
from .loyalty_adjustment_words import told
from .loyalty_terms_mixin import plain


class LoyaltyAdjustment(models.Model):
    """What gives value otherwise than by a correction: done at once, or once another approves it.

    A wizard asks with :meth:`_ask` and goes on where one person may do it alone. What waits is kept
    as the wizard's values, which nobody can change meanwhile, and is done by the manager who
    approves: ``wizard._loyalty_do(adjustment)``.
    """

    _inherit = "loyalty.adjustment"

    @api.model
    @api.private
    def _ask(
        self,
        wizard,
        kind,
        money,
        names,
        *,
        program,
        partners,
        reason,
        record=None,
        lines=None,
        is_over=False,
    ):
        """Write down that this user gives ``money`` (Decimal) by ``wizard``, a record.

        :param names: the fields of the wizard that say what is to be done
        :param partners: who gets it; the limit follows a single one
        :param record: what it is done to, a record of a company
        :param lines: what is done, in words, where the fields do not say it
        :param is_over: it is over another limit already
        :return: the adjustment, in sudo; its state is "done" or "to_approve"
        """
        company = program.company_id or (record and record.company_id) or self.env.company
        adjustment = self.sudo().create(  # sudo: written by the server, for whoever may give
            {
                "kind": kind,
                "program_id": program.id,
                "company_id": company.id,
                "partner_id": partners.id if len(partners) == 1 else False,
                "res_model": record and record._name,
                "res_id": record and record.id,
                "worth": min(money, AMOUNT_MAX),
                "reason": reason,
                "payload": {"model": wizard._name, "values": _values(wizard, names)},
                # sudo: names of customers and the like, as texts
                "deed": told(lines or self._lines_of(wizard.sudo(), names)),
            }
        )
        if is_over or adjustment._over_limit():
            adjustment.state = "to_approve"
            adjustment._ask_approvers()
        else:
            adjustment._decide("done")
            adjustment.payload = False  # done by the caller; nothing is left to do
        return adjustment

    @api.model
    @api.private
    def _ask_terms(self, record, values, money):
        """Ask another manager for a change of terms: ``values``, as JSON has them."""
        program = record._terms_program()
        adjustment = self.sudo().create(  # sudo: as above
            {
                "kind": "terms",
                "program_id": program.id,
                "company_id": record._terms_company().id,
                "worth": min(to_decimal(money), AMOUNT_MAX),
                "reason": f"{record._terms_name()}: {record._terms_words(values)}",
                "payload": {
                    "model": record._name,
                    "values": values,
                    "seen": record._terms_seen(),
                },
                "deed": told(self._lines_of_terms(record.sudo(), values)),  # sudo: as above
                "res_model": record._name,
                "res_id": record.id,
            }
        )
        adjustment.state = "to_approve"
        adjustment._ask_approvers()
        return adjustment

    def _carry_out(self):
        """Do what was asked for and is now approved; points are posted by ``_post``."""
        deeds = self.sudo().filtered(lambda one: one.kind != "points")  # sudo: read by nobody
        for adjustment in deeds.filtered("payload"):
            payload = adjustment.payload
            if adjustment.kind == "terms":
                # sudo: who asked for it had the right to write it; another manager approves it.
                # Limits of cards are each company's: they are set for the one that asked.
                records = self.env[payload["model"]].sudo().with_company(adjustment.company_id)
                record = records.browse(adjustment.res_id).exists()
                record._terms_apply(payload["values"], payload.get("seen"))
            elif adjustment.kind == "merge":
                adjustment._do_merge()
            else:
                wizard = self.env[payload["model"]].sudo(False).create(payload["values"])
                wizard._loyalty_do(adjustment)
            adjustment._decide("done")

    def _log_refused_terms(self):
        for adjustment in self.sudo().filtered(lambda a: a.kind == "terms"):  # sudo: as above
            record = self.env[adjustment.res_model].browse(adjustment.res_id).exists()
            self.env["loyalty.terms.change"]._log(
                [one._terms_row("refused", old=adjustment.reason) for one in record]
            )


def _values(wizard, names):
    """The fields ``names`` of a wizard, as ``create`` takes them and JSON has them."""
    values = {}
    for name in names:
        field, value = wizard._fields[name], wizard[name]
        if field.type in ("many2many", "one2many"):
            values[name] = [[6, 0, value.ids]]
        else:
            values[name] = plain(field.convert_to_write(value, wizard))
    return values
