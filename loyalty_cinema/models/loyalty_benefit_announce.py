import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools import scheduled_job

_logger = logging.getLogger(__name__)

#: Issues whose mails are being written; those that another job has taken are passed by.
TAKE = """
    UPDATE loyalty_benefit_issue SET to_announce = FALSE
     WHERE id IN (SELECT id FROM loyalty_benefit_issue WHERE to_announce AND id > %s
                   ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED)
    RETURNING id
"""
#: What could not be written is tried again by the next runs, for so long.
TRY_AGAIN = timedelta(days=1)


class LoyaltyBenefitIssue(models.Model):
    """Telling members of their vouchers, some minutes after they were given.

    Writing Odoo's mail of a coupon takes about a second, for the PDF in it: neither a payment at
    the till that reaches a tier nor the night's batch waits for that. What a batch has told is
    committed with it, so that nobody is told twice.
    """

    _inherit = "loyalty.benefit.issue"

    to_announce = fields.Boolean(readonly=True, help="Its mail is still to be written.")

    _to_announce_idx = models.Index("(id) WHERE to_announce")

    @api.model
    @scheduled_job
    def _cron_announce(self, batch_size=20):
        """Write the mails of vouchers given since the last run, ``batch_size`` per commit."""
        commit, after = self.env["ir.cron"]._commit_progress, 0
        while issues := self._take_to_announce(after, batch_size):
            issues._announce()
            after = max(issues.ids)  # what failed waits for the next run
            left = self.search_count([("to_announce", "=", True), ("id", ">", after)])
            if not commit(len(issues), remaining=left):
                break

    def _take_to_announce(self, after, batch_size):
        self.env.flush_all()
        self.env.cr.execute(TAKE, (after, batch_size))
        ids = [id_ for (id_,) in self.env.cr.fetchall()]
        self.invalidate_model(["to_announce"])
        return self.browse(ids)

    def _announce(self):
        """Queue the mails that the coupon programs send at the creation of a coupon.

        Only to those who consent to mails and have an address, of what can still be used.
        """
        told = self.filtered(
            lambda issue: (
                issue.state == "issued"
                and issue.coupon_id
                and issue.partner_id.loyalty_consent_email
                and issue.partner_id.email
            )
        )
        for program, issues in told.grouped("coupon_program_id").items():
            issues._write_mails(program._loyalty_creation_templates())

    def _write_mails(self, templates):
        """The mails of each voucher; where those of one cannot be written, the others' are."""
        author = self.coupon_id[:1]._get_mail_author()
        sender = {"author_id": author.id, "email_from": author.email_formatted}
        try:
            with self.env.cr.savepoint():
                for template in templates:
                    template.send_mail_batch(
                        self.coupon_id.ids,
                        email_values={} if template.email_from else sender,
                        email_layout_xmlid="mail.mail_notification_light",
                    )
        except UserError:  # what Odoo raises for what it cannot render, and without its PDF
            if len(self) > 1:
                for issue in self:
                    issue._write_mails(templates)
                return
            _logger.exception("Voucher %s was not announced", self.id)
            self.env.cr.execute(
                "UPDATE loyalty_benefit_issue SET to_announce = issued_on >= %s WHERE id = %s",
                (self.company_id._loyalty_day() - TRY_AGAIN, self.id),
            )
            self.invalidate_recordset(["to_announce"])


class LoyaltyProgram(models.Model):
    """Which mails go with a new coupon."""

    _inherit = "loyalty.program"

    @api.private
    def _loyalty_creation_templates(self):
        """The mail templates that Odoo uses at the creation of a coupon of these programs."""
        plans = self.communication_plan_ids.filtered(lambda plan: plan.trigger == "create")
        return plans.mail_template_id
