from datetime import date

from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError

#: 29 February is a day in leap years only; write 28 where it shall come every year.
LEAP_YEAR = 2000


class LoyaltySpecialDay(models.Model):
    """A day on which members are given something: New Year, Tết, the house's own anniversary.

    The same date every year, or a list of dates for days of another calendar.
    """

    _name = "loyalty.special.day"
    _inherit = "loyalty.shared.mixin"
    _description = "Special Day"
    _order = "kind desc, month, day, name"

    name = fields.Char(required=True, translate=True)
    company_id = fields.Many2one(
        "res.company",
        index=True,
        default=lambda self: self.env.company,
        help="Empty: the day is one for all companies. Administrators make and change such days.",
    )
    kind = fields.Selection(
        [("yearly", "Every year on the same date"), ("by_year", "On a date of its own each year")],
        required=True,
        default="yearly",
        help="Days of a lunar calendar, such as Tết, have a date of their own each year.",
    )
    day = fields.Integer(default=1)
    month = fields.Integer(default=1)
    line_ids = fields.One2many("loyalty.special.day.line", "special_day_id", "Dates", copy=True)
    active = fields.Boolean(default=True)
    next_date = fields.Date("Next", compute="_compute_next_date")

    @api.model_create_multi
    def create(self, vals_list):
        """A day brings vouchers in every company that it is one for."""
        days = super().create(vals_list)
        days._check_shared()
        return days

    def write(self, vals):
        """As :meth:`create`; which days a manager may touch at all is for the record rules."""
        result = super().write(vals)
        if "company_id" in vals:
            self._check_shared()
        return result

    def _check_shared(self):
        if self.env.su or self.env.user.has_group("base.group_system"):
            return
        if shared := self.filtered(lambda special: not special.company_id)[:1]:
            raise AccessError(
                self.env._(
                    "%(name)s: only administrators make a day one for all companies.",
                    name=shared.name,
                )
            )

    @api.constrains("kind", "day", "month")
    def _check_date(self):
        for special in self.filtered(lambda special: special.kind == "yearly"):
            if not special._date_in(LEAP_YEAR):
                raise ValidationError(
                    self.env._("%(name)s: there is no such day in that month.", name=special.name)
                )

    @api.depends("kind", "day", "month", "line_ids.date")
    def _compute_next_date(self):
        today = self.env.company._loyalty_day()
        # a day that comes in leap years only is at most eight years ahead
        dates = self._dates(today, date(today.year + 8, 12, 31))
        for special in self:
            special.next_date = min(dates[special.id], default=False)

    @api.model
    @api.private
    def _for_company(self, company):
        """The days of ``company``: those of all companies, its own, and those of its parents."""
        # sudo: a calendar is no secret, and whose purchase brings a benefit need not read it
        parents = company.sudo().parent_ids
        return self.sudo().search([("company_id", "in", [False, *parents.ids])])

    def _date_in(self, year):
        """The day's date in a year; None where there is none."""
        try:
            return date(year, self.month, self.day)
        except ValueError:
            return None

    @api.private
    def _dates(self, first, last):
        """``{id: [dates]}`` of these days between two dates, both included.

        One query for the dates by year; nothing per day.
        """
        found = {}
        for special in self:
            if special.kind == "by_year":
                dates = special.line_ids.mapped("date")
            else:
                dates = [special._date_in(year) for year in range(first.year, last.year + 1)]
            found[special.id] = [day for day in dates if day and first <= day <= last]
        return found


class LoyaltySpecialDayLine(models.Model):
    """The date of a special day in one year."""

    _name = "loyalty.special.day.line"
    _description = "Date of a Special Day"
    _order = "date"
    _rec_name = "date"

    special_day_id = fields.Many2one(
        "loyalty.special.day", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="special_day_id.company_id", store=True, index=True)
    date = fields.Date(required=True)
    year = fields.Integer(compute="_compute_year", store=True)

    _year_unique = models.Constraint(
        "UNIQUE(special_day_id, year)", "A special day has one date in a year."
    )

    @api.depends("date")
    def _compute_year(self):
        for line in self:
            line.year = line.date.year if line.date else 0
