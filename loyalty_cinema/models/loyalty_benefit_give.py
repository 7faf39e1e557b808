import logging

from psycopg2.errors import SerializationFailure

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import split_every

from ..domain.movement import Template
from ..domain.saying import Saying, _lt
from ..tools import scheduled_job

_logger = logging.getLogger(__name__)

#: How often a batch is tried that another transaction keeps getting in the way of.
TRIES_MAX = 5
#: Give one benefit to those of a batch of members who are due for it. Members whom another
#: transaction is at work on are passed by; the next run finds them. The unique index of member,
#: benefit and occasion is what makes it once: only rows that this statement has made are returned.
GIVE = """
    WITH free AS (
        SELECT id FROM loyalty_member WHERE id = ANY(%(member_ids)s)
         ORDER BY id FOR NO KEY UPDATE SKIP LOCKED
    ), due AS (
        {due}
    )
    INSERT INTO loyalty_benefit_issue (
           member_id, partner_id, program_id, company_id, benefit_id, tier_id, occasion, gives,
           coupon_program_id, period_key, value, state, issued_on, valid_until,
           create_uid, write_uid, create_date, write_date)
    SELECT due.member_id, due.partner_id, due.program_id, due.company_id, %(benefit)s, %(tier)s,
           %(occasion)s, %(gives)s, %(coupon_program)s, due.period_key, due.points, 'issued',
           %(today)s, due.valid_until, %(uid)s, %(uid)s, %(now)s, %(now)s
      FROM due JOIN free ON free.id = due.member_id
     ORDER BY due.member_id, due.period_key
        ON CONFLICT (member_id, benefit_id, period_key) WHERE state != 'cancelled' DO NOTHING
    RETURNING id, partner_id, value::text, valid_until
"""


class LoyaltyBenefit(models.Model):
    """Giving benefits, exactly once.

    How it works: a batch inserts what was given and makes the vouchers of the inserted rows, in one
    transaction. A batch that breaks off leaves nothing behind; one that is repeated, or meets
    another job, finds the rows and makes nothing. Per batch about 20 statements, whatever its size.
    """

    _inherit = "loyalty.benefit"

    @api.model
    @scheduled_job
    def _cron_issue(self, batch_size=1000):
        """Nightly: give what is due today, and note what was used up or has expired.

        One query for each benefit finds whom it is due for; then a commit for each batch. A run
        that ends early is gone on with by the next.
        """
        if self._issue_due(batch_size):
            self.env["loyalty.benefit.issue"]._refresh_all_states(batch_size * 10)
            self._withdraw_or_next_time()

    def _withdraw_or_next_time(self):
        """Last of all: a till that is using one of these vouchers costs nobody a benefit."""
        try:
            self.env["loyalty.tier.change"]._withdraw_what_was_held()
            self.env.flush_all()
        except (UserError, SerializationFailure):
            self.env.cr.rollback()
            _logger.exception("Vouchers that were held are looked at again next time")

    @api.model
    @api.private
    def _issue_due(self, batch_size=1000):
        """Give all benefits that are due today, ``batch_size`` members per commit.

        :return: whether it came to the end within the job's time
        """
        plan = []
        for benefit in self.search([("gives", "!=", "service")], order="id"):
            today = benefit._today()
            members = benefit._due_members(today)
            plan += [(benefit, today, batch) for batch in split_every(batch_size, members, list)]
        left = sum(len(batch) for *_head, batch in plan)
        commit = self.env["ir.cron"]._commit_progress
        for benefit, today, batch in plan:
            benefit._give_or_try_again(today, batch)
            left -= len(batch)
            if not commit(len(batch), remaining=left):
                break
        return not left

    def _give_or_try_again(self, today, members):
        """Give to a batch; begin again where PostgreSQL says that another job was faster.

        Everything before this batch is committed, so there is nothing else to lose. A benefit that
        cannot be given does not keep the others back: it is logged, and tried again tomorrow.
        """
        for attempt in range(TRIES_MAX):
            try:
                return self._give(today, members)
            except UserError:
                self.env.cr.rollback()
                _logger.exception("Benefit %s: a batch was not given", self.id)
                return None
            except SerializationFailure:
                self.env.cr.rollback()
                if attempt == TRIES_MAX - 1:
                    raise
                _logger.info("Benefit %s: a batch met another job and begins again", self.id)
        return None

    @api.private
    def _give(self, today, members):
        """Give this benefit to those of ``members`` (ids) who are due for it, with its vouchers.

        :return: what was given now
        """
        terms = self._due_terms(today, members)
        return self._give_on(terms) if terms else self.env["loyalty.benefit.issue"]

    def _give_on(self, terms):
        """Give on these terms, which are the parameters of ``DUE``."""
        issues = self.env["loyalty.benefit.issue"]
        self.env.flush_all()
        values = {"gives": self.gives, "uid": self.env.uid, "now": fields.Datetime.now(), **terms}
        self.env.cr.execute(GIVE.format(due=self._due_sql()), values)
        rows = self.env.cr.fetchall()
        if rows and self.gives == "voucher":
            self._make_vouchers(rows)
        issues.invalidate_model()
        return issues.browse(row[0] for row in rows)

    def _make_vouchers(self, rows):
        """Make the coupons of ``rows`` (id, partner id, points, last day) and note them there.

        Their mails are written later (``loyalty_benefit_announce.py``).
        """
        # members' lines can be read by cashiers, and tell no birthday
        reason = _lt("Gift of the house")
        if self.occasion != "birthday":
            names = self._fields["name"]._get_stored_translations(self)
            reason = Saying("%s", (names or {},))
        template = Template("adjust", "adjust", reason=reason)
        # sudo: vouchers are made by the service; whoever triggered it has no right to make value
        cards = self.env["loyalty.card"].sudo()
        cards = cards.with_context(
            loyalty_movement=template,
            loyalty_no_mail=True,
            tracking_disable=True,
            mail_create_nosubscribe=True,
        )
        made = cards.create(
            [
                {
                    "program_id": self.coupon_program_id.id,
                    "partner_id": partner,
                    "points": points,
                    "expiration_date": last_day,
                }
                for _issue, partner, points, last_day in rows
            ]
        )
        program = self.coupon_program_id.sudo()  # sudo: as above
        has_mail = bool(program._loyalty_creation_templates())
        self.env.flush_all()
        self.env.cr.execute(
            """
            UPDATE loyalty_benefit_issue i SET coupon_id = made.coupon_id, to_announce = %s
              FROM UNNEST(%s, %s) AS made(issue_id, coupon_id) WHERE i.id = made.issue_id
            """,
            (has_mail, [row[0] for row in rows], made.ids),
        )
