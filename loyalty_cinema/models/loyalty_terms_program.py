from odoo import models

from ..domain.amounts import AMOUNT_MAX, to_decimal

#: More than any day of a year, as counted below.
YEAR_END = 12 * 31 + 31 + 1


class LoyaltyProgram(models.Model):
    """What makes members earn more, earn sooner, or climb more easily: rates, as earn rules have.

    A larger number is more for the members. What cannot be compared (what a ladder counts, over
    which time) is a name of its own: whatever is new there waits for a second manager.
    """

    _inherit = "loyalty.program"

    def _terms_rates(self):
        """The rates of a membership program in use (dict, see ``Worth``); none of another."""
        if not self.is_membership or not self._is_used():
            return {}
        rates = self._terms_rates_earned() | self._terms_rates_referral()
        return rates | self._terms_rates_ladder()

    def _terms_rates_earned(self):
        """How much is added by rounding and lost by it; who earns, for what, and from when on."""
        step = to_decimal(self.points_step)
        added, lost = {"up": (step, 0), "half_up": (step / 2, step / 2)}.get(
            self.points_rounding, (0, step)
        )
        waiting = {"none": 0, "next_day": 1}.get(self.pending_mode, self.pending_days)
        return {
            "added by rounding": added,
            "lost by rounding": -lost,
            "stored value earns": int(self.earn_on_stored_value),
            "spent after days": -waiting,
            "sales earn unpaid": int(self.sale_earn_on == "confirmed"),
            "everybody earns": int(self.auto_enrol),
            "kept for months": self._terms_months_kept(),
        }

    def _terms_months_kept(self):
        """How long points live at most."""
        if self.points_expiry == "never":
            return AMOUNT_MAX
        return 12 if self.points_expiry == "fixed_day" else self.expiry_months

    def _terms_rates_referral(self):
        """For how many recommendations there are points, and from which purchase on."""
        if not self.referral_points_referrer and not self.referral_points_newcomer:
            return {}
        return {
            "recommendations": self.referral_cap or AMOUNT_MAX,
            "least purchase": -to_decimal(self.referral_least_purchase),
        }

    def _terms_rates_ladder(self):
        """How much of what members buy counts for a tier, and how long they keep it."""
        if not self.tier_ids:
            return {}
        carried = int(self.tier_carry_month or 12) * 31 + self.tier_carry_day
        return {
            ("tiers count", self.tier_measure): 1,
            ("counted", self.tier_window): 1,
            "months counted": self.tier_window_months,
            "months kept": self.tier_valid_months,
            "days of grace": self.tier_grace_days,
            "falls by one": int(self.tier_downgrade == "one_step"),
            "carried over": YEAR_END - carried if self.tier_carry_over else 0,
        }


class LoyaltyTier(models.Model):
    """A tier is climbed more easily from fewer points, or once points reach it at all."""

    _inherit = "loyalty.tier"

    def _terms_worth(self):
        """Earn rules or prices of its own are something to climb for, as benefits are."""
        worth = super()._terms_worth()
        gives = self.earn_rule_ids or self.pricelist_id or "threshold" in worth.rates
        if not gives or not self.active or not self.program_id._is_used():
            return worth
        reached = {
            "threshold": -to_decimal(self.threshold),
            "reached by points": int(not self.by_hand),
        }
        return worth._replace(rates={**worth.rates, **reached})
