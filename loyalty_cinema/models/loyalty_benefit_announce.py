import logging

from odoo import api, fields, models
from odoo.exceptions import UserError

_logger = logging.getLogger(__name__)

#: Issues whose mails are being written; those that another job has taken are passed by.
TAKE = """
    UPDATE loyalty_benefit_issue SET to_announce = FALSE
     WHERE id IN (SELECT id FROM loyalty_benefit_issue WHERE to_announce
                   ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED)
    RETURNING id
"""


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
    def _cron_announce(self, batch_size=20):
        """Write the mails of vouchers given since the last run, ``batch_size`` per commit."""
        commit, left = self.env["ir.cron"]._commit_progress, True
        while left:
            issues = self._take_to_announce(batch_size)
            issues._announce()
            left = self.search_count([("to_announce", "=", True)]) if issues else 0
            if not commit(len(issues), remaining=left):
                break

    def _take_to_announce(self, batch_size):
        self.env.flush_all()
        self.env.cr.execute(TAKE, (batch_size,))
        ids = [id_ for (id_,) in self.env.cr.fetchall()]
        self.invalidate_model(["to_announce"])
        return self.browse(ids)

    def _announce(self):
        """Queue the mails that the coupon programs send at the creation of a coupon.

        Only to those who consent to mails and have an address, of what can still be used. A
        template that cannot be rendered does not keep the mails of others back: it is logged.
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
            author = issues.coupon_id[:1]._get_mail_author()
            for template in program._loyalty_creation_templates():
                sender = {"author_id": author.id, "email_from": author.email_formatted}
                try:
                    with self.env.cr.savepoint():
                        template.send_mail_batch(
                            issues.coupon_id.ids,
                            email_values={} if template.email_from else sender,
                            email_layout_xmlid="mail.mail_notification_light",
                        )
                except UserError:  # what Odoo raises for a template that it cannot render
                    _logger.exception("Vouchers %s: no mail by %s", issues.ids, template.name)


class LoyaltyProgram(models.Model):
    """Which mails go with a new coupon."""

    _inherit = "loyalty.program"

    @api.private
    def _loyalty_creation_templates(self):
        """The mail templates that Odoo uses at the creation of a coupon of these programs."""
        plans = self.communication_plan_ids.filtered(lambda plan: plan.trigger == "create")
        return plans.mail_template_id
