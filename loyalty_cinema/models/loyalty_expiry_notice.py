from odoo import api, fields, models
from odoo.tools import split_every

from ..domain.amounts import AMOUNT_DIGITS
from ..tools import scheduled_job

#: Who is told of what, in one statement: points by their last day, or by the day on which a member
#: will have stayed away for too long. A balance and a day come once, however often this runs.
#: Whoever has no address is told as soon as there is one.
NOTICES = """
    WITH clock AS (
        SELECT * FROM unnest(%(companies)s, %(days)s::date[], %(zones)s)
            AS d (company_id, today, tz)
    ), program AS (
        SELECT id, company_id, points_expiry, expiry_months, today, tz,
               today + expiry_notice_days AS horizon
          FROM loyalty_program JOIN clock USING (company_id)
         WHERE active AND is_membership AND expiry_notice_days > 0 AND points_expiry != 'never'
    ), due AS (
        SELECT l.balance_id, l.expires_on, SUM(l.remaining) AS points
          FROM program p
          JOIN loyalty_card b ON b.program_id = p.id
          JOIN loyalty_lot l ON l.balance_id = b.id
         WHERE l.remaining > 0 AND l.expires_on BETWEEN p.today AND p.horizon
         GROUP BY l.balance_id, l.expires_on
        UNION ALL
        SELECT b.id, idle.expires_on, SUM(l.remaining)
          FROM program p
          JOIN loyalty_card b ON b.program_id = p.id
          JOIN loyalty_member m ON m.balance_id = b.id
          JOIN loyalty_lot l ON l.balance_id = b.id
         CROSS JOIN LATERAL (
            SELECT (GREATEST(m.last_visit_on,
                             (l.create_date AT TIME ZONE 'UTC' AT TIME ZONE p.tz)::date)
                    + make_interval(months => p.expiry_months))::date AS expires_on
         ) idle
         WHERE p.points_expiry = 'inactivity' AND b.points > b.pending
           AND (m.last_visit_on IS NULL
                OR (m.last_visit_on + make_interval(months => p.expiry_months)) <= p.horizon)
           AND l.remaining > 0 AND l.pending IS NOT TRUE
           AND idle.expires_on BETWEEN p.today AND p.horizon
         GROUP BY b.id, idle.expires_on
    )
    INSERT INTO loyalty_expiry_notice (balance_id, program_id, partner_id, company_id, expires_on,
                                       points, create_uid, create_date)
    SELECT b.id, b.program_id, b.partner_id, COALESCE(b.company_id, p.company_id), due.expires_on,
           due.points, %(uid)s, %(now)s
      FROM due JOIN loyalty_card b ON b.id = due.balance_id
      JOIN program p ON p.id = b.program_id
      JOIN res_partner r ON r.id = b.partner_id
     WHERE b.active AND r.active AND r.email LIKE '%%@%%'
        ON CONFLICT (balance_id, expires_on) DO NOTHING
"""


class LoyaltyExpiryNotice(models.Model):
    """A member was told, or is about to be, that points will expire on a day."""

    _name = "loyalty.expiry.notice"
    _inherit = "loyalty.ledger.protected"
    _description = "Loyalty Expiry Notice"
    _order = "id desc"
    _rec_name = "partner_id"

    balance_id = fields.Many2one("loyalty.card", required=True, ondelete="cascade")
    program_id = fields.Many2one("loyalty.program", required=True, ondelete="cascade")
    partner_id = fields.Many2one(
        "res.partner", "Member", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one("res.company")
    expires_on = fields.Date(required=True, help="Last day on which the points can be spent.")
    points = fields.Float(digits=AMOUNT_DIGITS, min_display_digits=0, required=True)
    points_text = fields.Char(compute="_compute_points_text")
    sent_on = fields.Datetime(help="When the mail was handed to the mail server's queue.")

    _once = models.Constraint(
        "UNIQUE(balance_id, expires_on)", "The member has been told of these points already."
    )
    _unsent_idx = models.Index("(id) WHERE sent_on IS NULL")

    @api.depends("points", "balance_id")
    def _compute_points_text(self):
        for notice in self:
            notice.points_text = notice.balance_id._format_points(notice.points)

    @api.model
    @scheduled_job
    def _cron_notify(self, batch_size=200):
        """Nightly: find whom to tell (one statement), and tell them; restartable.

        The mail goes into the queue in the transaction that marks the notice as sent: nobody is
        told twice, nobody is forgotten.

        :param batch_size: mails per commit
        """
        self._collect()
        commit = self.env["ir.cron"]._commit_progress
        unsent = self.search([("sent_on", "=", False)], order="id")
        left = len(unsent)
        commit(0, remaining=left)
        for batch in split_every(batch_size, unsent.ids, self.browse):
            batch._send()
            left -= len(batch)
            if not commit(len(batch), remaining=left):
                break

    def _collect(self):
        """Note who is to be told of what: one statement, whatever the number."""
        self.env.flush_all()
        days = self.env["res.company"]._loyalty_days()
        companies = self.env["res.company"].browse(filter(None, days))
        zones = {company.id: company._loyalty_timezone() for company in companies}
        values = {
            "companies": list(days),
            "days": list(days.values()),
            "zones": [zones.get(company_id, "UTC") for company_id in days],
            "now": fields.Datetime.now(),
            "uid": self.env.uid,
        }
        self.env.cr.execute(NOTICES, values)

    def _send(self):
        """Put the mails into the queue, each in its reader's language."""
        template = self.env.ref("loyalty_cinema.mail_template_points_expiry")
        template.send_mail_batch(self.ids)
        self.env.cr.execute(
            "UPDATE loyalty_expiry_notice SET sent_on = %s WHERE id = ANY(%s)",
            (fields.Datetime.now(), self.ids),
        )
        self.invalidate_recordset(["sent_on"])
