from datetime import timedelta

from odoo import api, fields, models

#: So many wrong guesses within so many minutes stop a user, and a till, for the rest of that time.
FAILURES_MAX = 10
WINDOW_MINUTES = 10
KEEP_DAYS = 30


class LoyaltyCodeAttempt(models.Model):
    """A wrong card number or PIN that was tried at a till.

    Guesses are counted per user over all tills and per till over all users, so that neither
    changing the till nor the login starts the count again. Requests that run at the same instant
    do not see each other's failures: a burst gets one more guess per worker, no more.
    """

    _name = "loyalty.code.attempt"
    _description = "Wrong Card Number or PIN"
    _order = "id desc"
    _rec_name = "user_id"
    _log_access = False

    user_id = fields.Many2one("res.users", required=True, index=True, ondelete="cascade")
    config_id = fields.Many2one("pos.config", "Till", index="btree_not_null", ondelete="cascade")
    company_id = fields.Many2one("res.company", required=True, ondelete="cascade")
    date = fields.Datetime(required=True, index=True)

    @api.model
    @api.private
    def _check_rate(self, config):
        """The message that refuses another guess now, or False.

        Returned and not raised: raising would roll back the very failures that are counted.

        :param config: the till (``pos.config``); may be empty in the back office
        """
        since = fields.Datetime.now() - timedelta(minutes=WINDOW_MINUTES)
        same = [("user_id", "=", self.env.uid)]
        if config:
            same = ["|", *same, ("config_id", "=", config.id)]
        # sudo: nobody but managers reads the failures; only the yes or no leaves this method.
        failures = self.sudo()._read_group(
            [("date", ">", since), *same], ["user_id", "config_id"], ["__count"]
        )
        by_user = sum(count for user, _till, count in failures if user.id == self.env.uid)
        by_till = sum(count for _user, till, count in failures if config and till == config)
        if max(by_user, by_till) < FAILURES_MAX:
            return False
        return self.env._(
            "Too many wrong card numbers or PINs. Wait %(minutes)s minutes, or take another "
            "payment.",
            minutes=WINDOW_MINUTES,
        )

    @api.model
    @api.private
    def _record_failure(self, config):
        """Count a wrong number or PIN of the current user at this till."""
        company = config.company_id or self.env.company
        # sudo: nobody writes failures by hand.
        self.sudo().create(
            {
                "user_id": self.env.uid,
                "config_id": config.id,
                "company_id": company.id,
                "date": fields.Datetime.now(),
            }
        )

    @api.autovacuum
    def _gc_attempts(self):
        """Old failures are of no use to anybody."""
        limit = fields.Datetime.now() - timedelta(days=KEEP_DAYS)
        self.sudo().search([("date", "<", limit)], limit=10000).unlink()  # sudo: housekeeping
