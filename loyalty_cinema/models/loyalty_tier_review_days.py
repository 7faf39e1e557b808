from odoo import models
from odoo.tools import SQL

EVER = SQL("'0001-01-01'::date")


class LoyaltyTierReviewDays(models.AbstractModel):
    """Which days a review measures: :mod:`~odoo.addons.loyalty_cinema.domain.tier_periods` in SQL.

    ``d`` is a due member: ``d.due_on`` the day of its review, ``d.joined_on``. Each method returns
    the expressions ``(first measured, last measured, first of the running period, next review)``.
    Months and years are added as the domain adds them: to the last day where a month is shorter.
    """

    _inherit = "loyalty.tier.review"

    def _review_days(self, window, day):
        """The expressions for ``window`` (:class:`Window`); ``day``: that of the job."""
        return getattr(self, f"_days_{window.kind}")(window, SQL("%s::date", day))

    def _days_rolling(self, window, day):
        def first(last):
            return SQL("((%s) - make_interval(months => %s))::date + 1", last, window.months)

        ended, months = SQL("d.due_on - %s", window.grace_days), window.valid_months
        following = SQL("((%s) + make_interval(months => %s))::date", ended, months)
        return (
            first(ended),
            SQL("d.due_on"),
            first(day),
            SQL("%s + %s", following, window.grace_days),
        )

    def _days_calendar(self, window, day):
        joined = SQL("EXTRACT(YEAR FROM d.joined_on)::int")
        late = SQL("FALSE")
        if window.carry_over:
            late = SQL(
                "(EXTRACT(MONTH FROM d.joined_on), EXTRACT(DAY FROM d.joined_on)) >= (%s, %s)",
                *window.carry_over,
            )

        def first(at):
            """1 January, of the year before for who was carried over into this one."""
            year = SQL("EXTRACT(YEAR FROM (%s))::int", at)
            carried = SQL("CASE WHEN %s AND %s = %s + 1 THEN 1 ELSE 0 END", late, year, joined)
            return SQL("make_date(%s - %s, 1, 1)", year, carried)

        def last(at):
            year = SQL("EXTRACT(YEAR FROM (%s))::int", at)
            carried = SQL("CASE WHEN %s AND %s = %s THEN 1 ELSE 0 END", late, year, joined)
            return SQL("make_date(%s + %s, 12, 31)", year, carried)

        return self._days_fixed(window, day, first, last)

    def _days_membership(self, window, day):
        def years(at):
            """Whole years of membership."""
            full = SQL("(EXTRACT(YEAR FROM (%s)) - EXTRACT(YEAR FROM d.joined_on))::int", at)
            reached = SQL("(d.joined_on + make_interval(years => %s))::date <= (%s)", full, at)
            return SQL("(%s - CASE WHEN %s THEN 0 ELSE 1 END)", full, reached)

        def first(at):
            return SQL("(d.joined_on + make_interval(years => %s))::date", years(at))

        def last(at):
            return SQL("(d.joined_on + make_interval(years => %s + 1))::date - 1", years(at))

        return self._days_fixed(window, day, first, last)

    def _days_fixed(self, window, day, first, last):
        ended = SQL("%s - 1", first(SQL("d.due_on")))
        return (
            first(ended),
            SQL("%s + %s", ended, window.grace_days),
            first(day),
            SQL("%s + 1 + %s", last(SQL("d.due_on")), window.grace_days),
        )

    def _days_lifetime(self, _window, _day):
        return EVER, SQL("d.due_on"), EVER, SQL("NULL::date")
