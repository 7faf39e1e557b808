from datetime import date

from odoo import models
from odoo.tools import format_amount, format_date
from odoo.tools.misc import formatLang


class LoyaltyCard(models.Model):
    """The vouchers that a member can use, as the own pages show them."""

    _inherit = "loyalty.card"

    def _portal_vouchers(self):
        """``{id of the balance: [{"name", "worth", "until", "code"}]}``, soonest to expire first.

        By the name that the house gave it, birthdays included: it is the member's own. The code is
        for Odoo's dialog only, which shows those of cards, too. It opens nothing for others: till
        and sales take a member's voucher from that member alone.

        In sudo: the caller has checked who asks.
        """
        issues = self.env["loyalty.benefit.issue"].search(
            [
                ("partner_id", "in", self.partner_id.ids),
                ("state", "=", "issued"),
                ("coupon_id", "!=", False),
            ]
        )
        usable = issues.filtered(lambda issue: issue._portal_usable())
        usable = usable.sorted(lambda issue: (issue._portal_until() or date.max, issue.id))
        by_balance = usable.grouped(lambda issue: issue.member_id.balance_id.id)
        return {
            balance.id: [issue._portal_voucher() for issue in by_balance.get(balance.id, ())]
            for balance in self
        }


class LoyaltyBenefitIssue(models.Model):
    """A voucher that was given, for its owner's eyes."""

    _inherit = "loyalty.benefit.issue"

    def _portal_usable(self):
        """Whether its owner could use the voucher today, somewhere.

        States are brought up at night and after sales; what has expired since, is set aside for a
        payment under way or was handed on to somebody else is left out here.
        """
        voucher, program = self.coupon_id, self.coupon_id.program_id
        today = program._today()
        return (
            voucher.active
            and voucher.partner_id == self.partner_id
            and program._runs_on(today)
            and bool(program.reward_ids)
            and voucher._buys_a_reward()
            and not voucher._is_over(today)
        )

    def _portal_until(self):
        """The last day: the voucher's, or that of its program where that ends sooner; or False."""
        days = self.coupon_id.expiration_date, self.coupon_id.program_id.date_to
        return min(filter(None, days), default=False)

    def _portal_voucher(self):
        """See ``_portal_vouchers``."""
        voucher = self.coupon_id
        rewards = voucher.program_id.reward_ids.filtered(
            lambda reward: reward.required_points <= voucher.available
        )
        last = format_date(self.env, self._portal_until())
        return {
            "name": self.benefit_id.name,
            "worth": " / ".join(reward._portal_worth(voucher.available) for reward in rewards),
            "until": last and self.env._("until %(day)s", day=last),
            "code": voucher.code,
        }


class LoyaltyReward(models.Model):
    """What a reward gives, in the words of the page's language.

    Odoo's description is text that was stored in the language of whoever made the reward.
    """

    _inherit = "loyalty.reward"

    def _portal_worth(self, points):
        """What the reward gives to whoever has ``points``."""
        if self.reward_type == "product":
            return self.env._("Free: %(product)s", product=self._portal_product())
        if self.reward_type != "discount":
            return self.description
        amount = self._portal_discount(points)
        if self.discount_applicability == "order":
            worth = self.env._("%(amount)s off your order", amount=amount)
        elif self.discount_applicability == "cheapest":
            worth = self.env._("%(amount)s off the cheapest product", amount=amount)
        else:
            worth = self.env._("%(amount)s off certain products", amount=amount)
        if not self.discount_max_amount:
            return worth
        most = format_amount(self.env, self.discount_max_amount, self.currency_id)
        return self.env._("%(worth)s, at most %(amount)s", worth=worth, amount=most)

    def _portal_product(self):
        products = self.reward_product_ids.with_context(display_default_code=False)
        name = (
            products.display_name if len(products) == 1 else self.env._("one of several products")
        )
        quantity = self.reward_product_qty
        return f"{quantity} × {name}" if quantity > 1 else name

    def _portal_discount(self, points):
        """The percentage, or the money: what is left of a voucher that is spent in parts."""
        if self.discount_mode == "percent":
            digits = 0 if self.discount == int(self.discount) else 2
            return f"{formatLang(self.env, self.discount, digits=digits)} %"
        times = points if self.discount_mode == "per_point" else 1
        return format_amount(self.env, self.discount * times, self.currency_id)
