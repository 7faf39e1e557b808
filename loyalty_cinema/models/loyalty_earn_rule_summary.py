from babel.dates import get_day_names

from odoo import api, fields, models
from odoo.tools.misc import babel_locale_parse, format_amount, format_date, formatLang, get_lang

from .loyalty_earn_rule import CHANNEL_FIELDS, WEEKDAYS

#: How many products, categories and tags are named before "and more".
NAMES_MAX = 3


class LoyaltyEarnRule(models.Model):
    """A rule in one sentence, for whoever has to say at the counter what it means."""

    _inherit = "loyalty.earn.rule"

    summary = fields.Char("In words", compute="_compute_summary")

    @api.depends(
        "kind", "rate", "per_amount", "target", "currency_id", "exclusive", "hour_from", "hour_to",
        "product_ids", "category_ids", "tag_ids", "tier_ids", "is_ignored", "date_from", "date_to",
        "cap_order", "cap_day", "cap_member", *WEEKDAYS, *CHANNEL_FIELDS.values(),
    )  # fmt: skip
    @api.depends_context("lang")
    def _compute_summary(self):
        for rule in self:
            parts = [
                rule.is_ignored and self.env._("without effect"),
                rule._say_points(),
                rule._say_products(),
                rule._say_tiers(),
                rule._say_channels(),
                " ".join(filter(None, [rule._say_weekdays(), rule._say_hours()])),
                rule._say_dates(),
                rule._say_caps(),
                rule.exclusive and self.env._("no further rules"),
            ]
            rule.summary = ", ".join(part for part in parts if part)

    def _say_points(self):
        """What it gives: "5 % of what is paid"."""
        rate, qualifying = self._number(self.rate), self.target == "qualifying"
        if self.kind == "percent":
            if qualifying:
                return self.env._("%(rate)s %% of what is paid as tier points", rate=rate)
            return self.env._("%(rate)s %% of what is paid", rate=rate)
        if self.kind == "multiplier":
            if qualifying:
                return self.env._("%(rate)s times the tier points of other rules", rate=rate)
            return self.env._("%(rate)s times what other rules give", rate=rate)
        points = self._say_number_of_points(rate, qualifying)
        if self.kind == "per_amount":
            money = format_amount(self.env, self.per_amount, self.currency_id)
            return self.env._("%(points)s for every %(amount)s", points=points, amount=money)
        if self.kind == "per_visit":
            return self.env._("%(points)s per visit", points=points)
        return self.env._("%(points)s per piece", points=points)

    def _say_number_of_points(self, rate, qualifying):
        if self.rate == 1:
            return self.env._("1 tier point") if qualifying else self.env._("1 point")
        if qualifying:
            return self.env._("%(number)s tier points", number=rate)
        return self.env._("%(number)s points", number=rate)

    def _say_products(self):
        chosen = [*self.category_ids, *self.tag_ids, *self.product_ids]
        if not chosen:
            return ""
        names = [record.display_name for record in chosen[:NAMES_MAX]]
        if len(chosen) > NAMES_MAX:
            names.append("…")
        return self.env._("on %(products)s", products=" / ".join(names))

    def _say_tiers(self):
        tiers = self.with_context(active_test=False).tier_ids
        if not tiers:
            return ""
        return self.env._("for %(tiers)s", tiers=" / ".join(tiers.mapped("name")))

    def _say_channels(self):
        words = {
            "at_till": self.env._("at the till"),
            "in_sales": self.env._("in sales orders"),
            "on_web": self.env._("on the website"),
        }
        chosen = [word for name, word in words.items() if self[name]]
        return " / ".join(chosen) if len(chosen) < len(words) else ""

    def _say_weekdays(self):
        """The days, runs of three and more as one: "Mon, Fri–Sun"; nothing for all of them."""
        days = [i for i, name in enumerate(WEEKDAYS) if self[name]]
        if len(days) == len(WEEKDAYS):
            return ""
        locale = babel_locale_parse(get_lang(self.env).code)
        names, runs = get_day_names("abbreviated", locale=locale), []
        for day in days:
            if runs and runs[-1][-1] == day - 1:
                runs[-1].append(day)
            else:
                runs.append([day])
        said = [
            f"{names[run[0]]}–{names[run[-1]]}"
            if len(run) > 2
            else ", ".join(names[i] for i in run)
            for run in runs
        ]
        return ", ".join(said)

    def _say_hours(self):
        if self.hour_from == 0 and self.hour_to == 24:
            return ""
        return "–".join(
            "{:02d}:{:02d}".format(*divmod(round(hour * 60), 60))
            for hour in (self.hour_from, self.hour_to)
        )

    def _say_dates(self):
        first, last = (day and format_date(self.env, day) for day in (self.date_from, self.date_to))
        if first and last:
            return self.env._("%(first)s to %(last)s", first=first, last=last)
        if first:
            return self.env._("from %(day)s", day=first)
        return self.env._("until %(day)s", day=last) if last else ""

    def _say_caps(self):
        said = [
            text % {"points": self._number(cap)}
            for cap, text in (
                (self.cap_order, self.env._("at most %(points)s per order")),
                (self.cap_day, self.env._("at most %(points)s per day")),
                (self.cap_member, self.env._("at most %(points)s per member")),
            )
            if cap
        ]
        return ", ".join(said)

    def _number(self, value):
        """A number with no more decimals than it has."""
        digits = len(f"{value:.4f}".rstrip("0").split(".")[1])
        return formatLang(self.env, value, digits=digits)
