from datetime import datetime, time

import pytz

from odoo import api, fields, models


class ResCompany(models.Model):
    """The one clock: a company's day begins and ends where the company is.

    Wherever the cashier, the server or the reader is, a membership begins, a card expires, a limit
    per day starts anew, points come free and the books end a day by this clock. Its time zone is
    that of the company's address, else of its working hours, else UTC. The one exception is the
    expiry of value in the ledger, which waits until the day is over on the whole earth.
    """

    _inherit = "res.company"

    @api.private
    def _loyalty_timezone(self):
        """The name of the time zone, as PostgreSQL knows it, too."""
        self.ensure_one()
        company = self.sudo()  # sudo: whoever sells may ask for the time, not for the calendar
        company.partner_id.fetch(["tz"])  # every sale asks: not for all columns of a contact
        return company.partner_id.tz or company.resource_calendar_id.tz or "UTC"

    @api.private
    def _loyalty_local(self, at=None):
        """A UTC datetime (by default now) as this company's clock shows it."""
        at = at or fields.Datetime.now()
        return pytz.utc.localize(at).astimezone(pytz.timezone(self._loyalty_timezone()))

    @api.private
    def _loyalty_day(self, at=None):
        """The day of a UTC datetime, by default today."""
        return self._loyalty_local(at).date()

    @api.private
    def _loyalty_day_start(self, day=None):
        """The UTC datetime, as the database keeps it, at which a day begins; by default today."""
        zone = pytz.timezone(self._loyalty_timezone())
        midnight = zone.localize(datetime.combine(day or self._loyalty_day(), time.min))
        return midnight.astimezone(pytz.utc).replace(tzinfo=None)

    @api.model
    @api.private
    def _loyalty_days(self):
        """``{company id: its day now}`` of all companies; 0 stands for what belongs to none."""
        # sudo: the clocks of all companies, closed ones too, whoever the user is
        companies = self.sudo().with_context(active_test=False).search([])  # pylint: disable=no-search-all
        return {0: fields.Date.today()} | {
            company.id: company._loyalty_day() for company in companies
        }
