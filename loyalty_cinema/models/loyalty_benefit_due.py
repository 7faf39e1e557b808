from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import api, models

from ..domain.benefits import birthday_slots, period_slot, reaching_slot, special_day_slots

#: Who is due for one benefit, and for which of its slots: members ``m``, slots ``s``. Only those of
#: ``member_ids``, unless it is for ``everybody``. ``counted``: what other tiers gave in the same
#: coupon program and period. It is taken off the vouchers of this tier once, in the order of its
#: benefits; ``before`` is what the benefits before this one give. Members whose tier is to be
#: reviewed today wait for that, and what a manager withdrew does not come again by itself; neither
#: matters to what is given ``by_hand``.
DUE = """
    SELECT m.id AS member_id, m.partner_id, m.program_id, m.company_id, s.period_key,
           s.valid_until,
           LEAST(%(points)s, %(points)s + %(before)s - COALESCE(counted.points, 0)) AS points
      FROM loyalty_member m
      JOIN res_partner p ON p.id = m.partner_id AND p.active
      JOIN UNNEST(%(keys)s::varchar[], %(untils)s::date[], %(months)s::int[], %(days)s::int[])
           AS s(period_key, valid_until, month, day) ON {match}
      LEFT JOIN LATERAL (
           SELECT SUM(o.value) AS points FROM loyalty_benefit_issue o
            WHERE %(counts)s AND o.member_id = m.id AND o.tier_id != %(tier)s
              AND o.coupon_program_id = %(coupon_program)s AND o.occasion = %(occasion)s
              AND o.period_key = s.period_key AND o.state != 'cancelled'
           ) counted ON TRUE
     WHERE m.active AND m.tier_id = %(tier)s
       AND (%(by_hand)s OR m.tier_review_on IS NULL OR m.tier_review_on > %(today)s)
       AND (%(everybody)s OR m.id = ANY(%(member_ids)s))
       AND (%(active_since)s::date IS NULL OR m.last_visit_on >= %(active_since)s::date)
       AND (%(points)s = 0 OR %(points)s + %(before)s > COALESCE(counted.points, 0))
       AND NOT EXISTS (
           SELECT 1 FROM loyalty_benefit_issue i
            WHERE i.member_id = m.id AND i.benefit_id = %(benefit)s
              AND i.period_key = s.period_key AND i.state != 'cancelled')
       AND (%(by_hand)s OR NOT EXISTS (
           SELECT 1 FROM loyalty_benefit_issue w
            WHERE w.member_id = m.id AND w.benefit_id = %(benefit)s
              AND w.period_key = s.period_key AND w.withdrawn_by_id IS NOT NULL))
       AND (NOT %(reached)s OR EXISTS (
           SELECT 1 FROM loyalty_tier_change c
             JOIN loyalty_tier t ON t.id = c.to_tier_id
             LEFT JOIN loyalty_tier f ON f.id = c.from_tier_id
            WHERE c.member_id = m.id AND c.to_tier_id = %(tier)s AND c.date >= %(since)s
              AND c.kind IN ('upgrade', 'manual') AND t.threshold > COALESCE(f.threshold, -1)))
"""
#: Slots are for everybody, or for those who were born on their day.
ANYBODY = "TRUE"
BORN = """date_part('month', p.birthdate_date) = s.month
       AND date_part('day', p.birthdate_date) = s.day"""


class LoyaltyBenefit(models.Model):
    """Who is due for a benefit today: one SQL statement, whatever the number of members."""

    _inherit = "loyalty.benefit"

    @api.private
    def _today(self):
        """The day by the clock of the benefit's company, on which birthdays and periods begin."""
        return self.program_id._today()

    @api.private
    def _slots(self, today):
        """The occasions of this benefit whose window ``today`` lies in."""
        if self.occasion == "birthday":
            return birthday_slots(today, self.days_before, self.days_after)
        if self.occasion == "special_day":
            reach = timedelta(days=self.days_before), timedelta(days=self.days_after)
            dates = self._special_days()._dates(today - reach[1], today + reach[0])
            return special_day_slots(dates, today, self.days_before, self.days_after)
        if self.occasion == "period":
            return [period_slot(today, self.period, self.valid_days)]
        return [reaching_slot(today, self.valid_days)] if self.occasion == "reaching" else []

    @api.private
    def _special_days(self):
        """The days that this benefit is given on."""
        # a chosen day that was archived is over; the benefit does not become one for all days
        chosen = self.with_context(active_test=False).special_day_ids
        all_days = self.env["loyalty.special.day"]._for_company(self.company_id)
        return chosen.filtered("active") if chosen else all_days

    @api.private
    def _due_terms(self, today, members=None, slots=None):
        """The parameters of :data:`DUE`; None when the benefit gives nothing on that day.

        :param members: ids of the only members to look at; None: all of the tier
        :param slots: the only occasions to look at; None: those whose window is open
        """
        slots = self._slots(today) if slots is None else slots
        if not slots or not self._in_use(today):
            return None
        since = today - relativedelta(months=self.active_months) if self.active_months else None
        return {
            "today": today,
            "benefit": self.id,
            "tier": self.tier_id.id,
            "coupon_program": self.coupon_program_id.id or None,
            "occasion": self.occasion,
            "points": self._voucher_points(),
            "keys": [slot.key for slot in slots],
            "untils": [slot.valid_until for slot in slots],
            "months": [slot.month for slot in slots],
            "days": [slot.day for slot in slots],
            "before": self._given_before(),
            "active_since": since,
            # what comes back within a year is one thing for all tiers; each reaching is its own
            "counts": self.gives == "voucher" and self.occasion != "reaching",
            "everybody": members is None,
            "member_ids": members or [],
            # who reached the tier before there was this benefit is not given it afterwards
            "reached": self.occasion == "reaching",
            "since": self._since(),
            "by_hand": False,
        }

    def _given_before(self):
        """What the benefits of this tier before this one give for the same, in their order."""
        if self.gives != "voucher":
            return 0
        own = (self.sequence, self.id)
        return sum(
            benefit._voucher_points()
            for benefit in self.tier_id.benefit_ids
            if (benefit.sequence, benefit.id) < own and benefit._same_for_counting(self)
        )

    def _same_for_counting(self, other):
        """Whether both give vouchers of the same coupons for the same occasions."""
        names = ["gives", "occasion", "coupon_program_id"]
        names += ["period"] if self.occasion == "period" else []
        if any(self[name] != other[name] for name in names):
            return False
        return self.occasion != "special_day" or self._special_days() == other._special_days()

    def _since(self):
        """The day on which the benefit was made, by its company's clock."""
        return self.program_id._moment(self.create_date)[0]

    def _in_use(self, today):
        """Whether the program is in use, and that of the vouchers, which has something to give."""
        programs = self.program_id | self.coupon_program_id
        worth = self.gives != "voucher" or self.coupon_program_id.reward_ids
        return bool(worth) and all(program._runs_on(today) for program in programs)

    @api.private
    def _due_members(self, today):
        """Ids of the members who are due for this benefit, in order: one query."""
        terms = self._due_terms(today)
        if not terms:
            return []
        self.env.flush_all()
        self.env.cr.execute(
            f"SELECT ARRAY_AGG(DISTINCT member_id ORDER BY member_id) FROM ({self._due_sql()}) due",
            terms,
        )
        return self.env.cr.fetchone()[0] or []

    def _due_sql(self):
        return DUE.format(match=BORN if self.occasion == "birthday" else ANYBODY)
