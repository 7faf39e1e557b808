from datetime import date

from odoo import api, models

from ..domain.amounts import AMOUNT_MAX, to_decimal
from .loyalty_terms_mixin import ZERO, Worth

#: Minutes of a day.
DAY = 24 * 60
#: How often a year a benefit comes that is given once in a period.
TIMES = {"month": 12, "quarter": 4}


def _most(amount):
    """``amount``, as far as a column can hold it."""
    return min(amount, AMOUNT_MAX)


def _days(terms):
    """The days of ``terms`` as rates: the earlier they begin and the later they end, the more."""
    return {
        "first day": -terms.date_from.toordinal() if terms.date_from else 0,
        "last day": (terms.date_to or date.max).toordinal(),
    }


class LoyaltyProgram(models.Model):
    """The terms of a program: what a point pays, what a recommendation brings."""

    _name = "loyalty.program"
    _inherit = ["loyalty.terms.mixin", "loyalty.program"]

    def _terms_program(self):
        return self

    def _terms_worth(self):
        """All points that customers hold, when they pay; one recommendation; how they earn."""
        if not self.active:
            return Worth()
        pays = self.is_membership and self.pay_with_points
        value = self._company_money(to_decimal(self.point_value)) if pays else ZERO
        amount = value * max(self._points_outstanding(), 1)
        referral = self.referral_points_referrer + self.referral_points_newcomer
        amount += to_decimal(referral) * self._money_per_point()
        amount += sum((reward._terms_worth().amount for reward in self.reward_ids), ZERO)
        rates = {"point_value": value} if value and self._is_used() else {}
        return Worth(_most(amount), {**rates, **self._terms_rates()})


class LoyaltyReward(models.Model):
    """The terms of a reward: what all points that customers hold can buy of it."""

    _name = "loyalty.reward"
    _inherit = ["loyalty.terms.mixin", "loyalty.reward"]

    def _terms_worth(self):
        if not self.active:
            return Worth()
        points = max(self.program_id._points_outstanding(), to_decimal(self.required_points))
        return Worth(_most(self._money_per_point() * points))


class LoyaltyRule(models.Model):
    """The terms by which a program of Odoo's own gives points: a rate, and for what."""

    _name = "loyalty.rule"
    _inherit = ["loyalty.terms.mixin", "loyalty.rule"]

    def _terms_worth(self):
        program = self.program_id
        if not self.active or program.is_membership or not program._is_used():
            return Worth()
        rates = {
            self.reward_point_mode: to_decimal(self.reward_point_amount),
            "per piece": int(self.reward_point_split),
            "minimum quantity": -self.minimum_qty,
            "minimum amount": -to_decimal(self.minimum_amount),
            "without a code": int(self.mode == "auto"),
        }
        domain = self._get_valid_product_domain()
        products = None if domain.is_true() else frozenset(self._get_valid_products().ids)
        return Worth(rates=rates, reach={"products": products})


class LoyaltyEarnRule(models.Model):
    """The terms by which members earn: rates and their caps, for what, when and where."""

    _name = "loyalty.earn.rule"
    _inherit = ["loyalty.terms.mixin", "loyalty.earn.rule"]

    def _terms_worth(self):
        if not self.active or not self.program_id._is_used():
            return Worth()
        rate = to_decimal(self.rate)
        if self.kind == "per_amount":
            rate /= to_decimal(self.per_amount)
        caps = {
            name: to_decimal(self[name]) or AMOUNT_MAX
            for name in ("cap_order", "cap_day", "cap_member")
        }
        rates = {(self.target, self.kind): rate, "with others": int(not self.exclusive)}
        return Worth(rates={**rates, **caps, **_days(self)}, reach=self._terms_reach())

    def _terms_reach(self):
        """What the rule counts: products, places, weekdays, minutes of the day, tiers."""
        rule = self._to_domain(self._product_ids(None))
        start, end = (round(hour * 60) for hour in (rule.hour_from, rule.hour_to))
        minutes = range(start, end if start < end else end + DAY)
        return {
            "products": rule.product_ids,
            "channels": rule.channels,
            "weekdays": rule.weekdays,
            "minutes": frozenset(minute % DAY for minute in minutes),
            "tiers": rule.tier_ids,
        }

    def _terms_in_use(self):
        return False  # it says so in its own words


class LoyaltyTier(models.Model):
    """The terms of a tier: from where on, what it takes off prices, and who earns by which rules.

    A rule for some tiers is given to others on the tier as well.
    """

    _name = "loyalty.tier"
    _inherit = ["loyalty.terms.mixin", "loyalty.tier"]

    @api.model_create_multi
    def create(self, vals_list):
        """A new tier gets rules as one that exists does: who earns by them is asked before."""
        given = [vals.get("earn_rule_ids") for vals in vals_list]
        vals_list = [{**vals, "earn_rule_ids": False} for vals in vals_list]
        tiers = super().create(vals_list)
        for tier, commands in zip(tiers, given, strict=True):
            if commands:
                tier.earn_rule_ids = commands
        return tiers

    def _terms_worth(self):
        if not self.program_id._is_used():
            return Worth()
        rules = self.program_id.earn_rule_ids
        reach = {("tiers", rule.id): rule._terms_reach()["tiers"] for rule in rules}
        if not self.active:
            return Worth(reach=reach)
        rates = {"discount": to_decimal(self.discount)} if self.discount else {}
        if rates or self._money_of_one():
            rates["threshold"] = -to_decimal(self.threshold)
        return Worth(rates=rates, reach=reach)

    def _terms_in_use(self):
        return False  # it says so in its own words


class LoyaltyBenefit(models.Model):
    """The terms of a benefit: one voucher for each member who holds the tier, for each date.

    Of a large one also how often it comes.
    """

    _name = "loyalty.benefit"
    _inherit = ["loyalty.terms.mixin", "loyalty.benefit"]

    def _terms_worth(self):
        if not self.active:
            return Worth()
        times = self._terms_times()
        amount = _most(self._terms_amount() * (times if self.occasion == "special_day" else 1))
        is_large = self._terms_company()._loyalty_is_over(amount)
        return Worth(amount, {"times a year": times} if is_large else {})

    def _terms_amount(self):
        """One voucher for each member (Decimal)."""
        return self._money_of_one() * max(self.tier_id.member_count, 1)

    def _terms_times(self):
        """How often it is given in a year."""
        if self.occasion == "special_day":
            return sum(day._terms_dates() for day in self._special_days())
        return TIMES.get(self.period, 1) if self.occasion == "period" else 1

    def _terms_in_use(self):
        return False  # it says so in its own words


class LoyaltyBonusScheme(models.Model):
    """The terms of a bonus: the largest that a load can bring; a large one also when it does."""

    _name = "loyalty.bonus.scheme"
    _inherit = ["loyalty.terms.mixin", "loyalty.bonus.scheme"]

    def _terms_program(self):
        return self.env["loyalty.program"]

    def _terms_worth(self):
        if not self.active:
            return Worth()
        amount = _most(self._largest_bonus())
        if not self._terms_company()._loyalty_is_over(amount):
            return Worth(amount)
        rates = {"validity": self.bonus_validity_days or AMOUNT_MAX, **_days(self)}
        return Worth(amount, rates, {"loads": frozenset([self.program_type])})

    def _terms_in_use(self):
        entries = self.env["loyalty.ledger.entry"].sudo()  # sudo: that there is one, not which
        domain = [
            ("kind", "=", "bonus"),
            ("company_id", "=", self.company_id.id),
            ("date", ">=", self.create_date),
        ]
        return bool(entries.search(domain, limit=1))


class LoyaltyBonusBand(models.Model):
    """A band is part of the terms of its scheme."""

    _name = "loyalty.bonus.band"
    _inherit = ["loyalty.terms.mixin", "loyalty.bonus.band"]
    _terms_parent = "scheme_id"

    def _terms_program(self):
        return self.env["loyalty.program"]

    def _terms_in_use(self):
        return self.scheme_id._terms_in_use()


class LoyaltyCardKind(models.Model):
    """The terms of a kind of card: limits and validity.

    They give what the bonuses on gift cards are worth: a percentage counts on the largest load.
    """

    _name = "loyalty.card.kind"
    _inherit = ["loyalty.terms.mixin", "loyalty.card.kind"]

    def _terms_program(self):
        return self.env["loyalty.program"]

    def _terms_company(self):
        """Each company has its own limits, also of kinds that all share."""
        return self.env.company.sudo()  # sudo: its limit, for whoever edits

    def _terms_worth(self):
        """The largest bonus that a load on cards of this kind can bring."""
        if not self.opens_gift or not self._largest_loads():
            return Worth()
        schemes = self.env["loyalty.bonus.scheme"].search([("program_type", "=", "gift_card")])
        bonuses = (scheme._largest_percentage(self) for scheme in schemes)
        return Worth(_most(max(bonuses, default=ZERO)))

    def _terms_row(self, kind, **values):
        """Kinds belong to no company."""
        company = self.env["res.company"]
        return {"record": self, "program": None, "company": company, "kind": kind, **values}

    def _terms_in_use(self):
        cards = self.env["loyalty.member.card"].sudo()  # sudo: that there is one, not which
        return bool(cards.search([("kind_id", "=", self.id)], limit=1))


class LoyaltySpecialDay(models.Model):
    """A day on which tiers give vouchers is part of the terms: so many dates, so many vouchers."""

    _name = "loyalty.special.day"
    _inherit = ["loyalty.terms.mixin", "loyalty.special.day"]

    def _terms_program(self):
        return self.env["loyalty.program"]

    def _terms_worth(self):
        """What all benefits of the day are worth, for each date that is still to come."""
        dates = self._terms_dates()
        if not self.active or not dates:
            return Worth()
        benefits = self.env["loyalty.benefit"].search([("occasion", "=", "special_day")])
        given = benefits.filtered(lambda benefit: self in benefit._special_days())
        amounts = (one._terms_amount() for one in given if one.active)
        return Worth(_most(dates * sum(amounts, ZERO)))

    def _terms_dates(self):
        """How many dates are to come: one each year, or those that are entered."""
        if self.kind != "by_year":
            return 1
        today = (self.company_id or self.env.company)._loyalty_day()
        return len(self.line_ids.filtered(lambda line: line.date >= today))

    def _terms_in_use(self):
        keys = self.env["loyalty.benefit.issue"].sudo()  # sudo: that something was given for it
        return bool(keys.search([("period_key", "=like", f"day:{self.id}:%")], limit=1))


class LoyaltySpecialDayLine(models.Model):
    """A date is part of its special day."""

    _name = "loyalty.special.day.line"
    _inherit = ["loyalty.terms.mixin", "loyalty.special.day.line"]
    _terms_parent = "special_day_id"

    def _terms_program(self):
        return self.env["loyalty.program"]

    def _terms_in_use(self):
        return False  # a date that is over gives nothing any more
