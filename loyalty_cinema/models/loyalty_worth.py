from odoo import api, models

from ..domain.amounts import AMOUNT_MAX, to_decimal

ZERO = to_decimal(0)


class LoyaltyReward(models.Model):
    """What a reward is worth in money, for the limit of one person: rather too high."""

    _inherit = "loyalty.reward"

    def _money_of_one(self):
        """What claiming it once is worth (Decimal), in the currency of its program's company.

        A percentage without a largest amount counts as if taken off goods worth the limit.
        """
        discount = to_decimal(self.discount)
        if self.reward_type == "product":
            prices = [to_decimal(product.lst_price) for product in self.reward_product_ids]
            return max(prices, default=ZERO) * to_decimal(self.reward_product_qty)
        if self.reward_type != "discount":
            return ZERO
        program = self.program_id
        if self.discount_mode == "percent":
            limit = to_decimal(program._worth_company().loyalty_second_person_limit) or 1
            most = to_decimal(self.discount_max_amount)
            return min(discount * limit / 100, most or discount * limit)
        if self.discount_mode == "per_point":
            discount *= to_decimal(self.required_points)
        return program._company_money(discount)

    def _money_per_point(self):
        """What one point is worth when it buys this reward (Decimal)."""
        return self._money_of_one() / max(to_decimal(self.required_points), to_decimal("0.0001"))


class LoyaltyProgram(models.Model):
    """What the points of a program are worth in money, for the limit of one person."""

    _inherit = "loyalty.program"

    @api.private
    def _worth_company(self):
        """The company whose limit counts. Shared programs: that of the user."""
        return (self.company_id or self.env.company).sudo()  # sudo: its limit, for whoever gives

    def _company_money(self, amount):
        """``amount`` (Decimal) of the program's currency in that of its company."""
        company = self._worth_company()
        if self.currency_id == company.currency_id:
            return amount
        today = company._loyalty_day()
        money = self.currency_id._convert(float(amount), company.currency_id, company, today)
        return to_decimal(money)

    @api.private
    def _money_per_point(self):
        """What one point is worth (Decimal): when it pays, or when it buys the best reward."""
        self.ensure_one()
        program = self.sudo()  # sudo: terms of the program, for whoever gives points
        if program.is_stored_value:
            return program._company_money(to_decimal(1))
        pays = program.is_membership and program.pay_with_points
        value = program._company_money(to_decimal(program.point_value)) if pays else ZERO
        return max([value, *(reward._money_per_point() for reward in program.reward_ids)])

    @api.private
    def _money_of_tiers(self, start, reach, ladder=None):
        """The vouchers of the dearest tier above ``start`` and up to ``reach`` (Decimal).

        :param ladder: :meth:`_ladder_worth`, where it is asked for many
        """
        ladder = self._ladder_worth() if ladder is None else ladder
        return max((money for at, money in ladder if start < at <= reach), default=ZERO)

    @api.private
    def _ladder_worth(self):
        """``[(threshold, money)]`` of the tiers that points reach."""
        tiers = self.env["loyalty.tier"].sudo()  # sudo: the ladder, for whoever gives points
        tiers = tiers.search([("program_id", "=", self.id), ("by_hand", "=", False)])
        return [(tier.threshold, tier._money_of_one()) for tier in tiers]

    @api.private
    def _points_outstanding(self):
        """The points that customers hold (Decimal)."""
        self.env["loyalty.card"].flush_model(["points"])
        self.env.cr.execute(
            "SELECT COALESCE(SUM(points), 0)::text FROM loyalty_card "
            "WHERE program_id = ANY(%s) AND points > 0",
            (self.ids,),
        )
        return to_decimal(self.env.cr.fetchone()[0])

    @api.private
    def _is_used(self):
        """Whether anything was ever earned, given or spent in it."""
        entries = self.env["loyalty.ledger.entry"].sudo()  # sudo: that there is one, not which
        return bool(self.ids and entries.search([("program_id", "in", self.ids)], limit=1))


class LoyaltyBenefit(models.Model):
    """What one voucher of a benefit is worth in money."""

    _inherit = "loyalty.benefit"

    @api.private
    def _money_of_one(self):
        """Decimal; 0 for what is no voucher."""
        if self.gives != "voucher":
            return ZERO
        benefit = self.sudo()  # sudo: the worth of the reward, for whoever gives it
        return benefit._voucher_points() * benefit.coupon_program_id._money_per_point()


class LoyaltyTier(models.Model):
    """What reaching a tier brings in vouchers."""

    _inherit = "loyalty.tier"

    @api.private
    def _money_of_one(self):
        """The worth of one voucher of each of its benefits (Decimal)."""
        benefits = self.env["loyalty.benefit"].sudo()  # sudo: as above
        found = benefits.search([("tier_id", "in", self.ids)])
        return sum((benefit._money_of_one() for benefit in found), ZERO)


class LoyaltyMember(models.Model):
    """What qualifying points bring that are given by hand."""

    _inherit = "loyalty.member"

    @api.private
    def _money_of_rising(self, qualifying):
        """The vouchers of the dearest tier that so many more points reach (Decimal)."""
        if qualifying <= 0:
            return ZERO
        member = self.sudo()  # sudo: the ladder, for whoever gives points
        start = member.tier_id.threshold if member.tier_id else -1
        reach = member.qualifying_in_period + float(qualifying)
        return member.program_id._money_of_tiers(start, reach)


class LoyaltyBonusScheme(models.Model):
    """The largest bonus that a scheme can give."""

    _inherit = "loyalty.bonus.scheme"

    @api.private
    def _largest_bonus(self):
        """Decimal; without an end for a percentage of loads that nothing limits."""
        self.ensure_one()
        fixed = self.sudo().band_ids.filtered(lambda band: band.mode == "fixed")  # sudo: bands
        amounts = [to_decimal(band.value) for band in fixed]
        return max([self._largest_percentage(), *amounts], default=ZERO)

    @api.private
    def _largest_percentage(self, kinds=None):
        """The largest bonus in percent (Decimal), of the largest load on a card of ``kinds``.

        A wallet takes loads without a card, and no kind of card limits those.
        """
        scheme = self.sudo()  # sudo: bands and limits, for whoever edits either
        percents = [to_decimal(b.value) for b in scheme.band_ids if b.mode == "percent"]
        largest = AMOUNT_MAX
        if scheme.program_type == "gift_card":
            every = scheme.env["loyalty.card.kind"].with_context(active_test=False)
            kinds = kinds or every.search([("opens_gift", "=", True)])
            loads = kinds.with_company(scheme.company_id)._largest_loads()
            largest = max(loads, default=AMOUNT_MAX)
        return largest * max(percents, default=ZERO) / 100


class LoyaltyCardKind(models.Model):
    """What can be loaded at once on cards of a kind."""

    _inherit = "loyalty.card.kind"

    def _largest_loads(self):
        """One Decimal for each kind; of an archived one the cards go on."""
        kinds = self.filtered(lambda kind: kind.active or kind._terms_in_use())
        return [to_decimal(kind.load_max or kind.balance_max) or AMOUNT_MAX for kind in kinds]


class ResPartner(models.Model):
    """What customers hold, for the limit of one person who gives it to another contact."""

    _inherit = "res.partner"

    @api.private
    def _loyalty_money_handed_over(self, target):
        """``{company: money}`` (Decimal) that changes hands when these become ``target``.

        All of theirs; and what ``target`` holds, where one of them brings a login or a card, which
        open it from then on.
        """
        # sudo: logins and cards of all companies, closed logins too
        sources = self.sudo().with_context(active_test=False)
        cards = self.env["loyalty.member.card"].sudo()
        brings_key = sources.user_ids or cards.search_count(
            [
                ("state", "in", ("issued", "active", "blocked")),
                "|",
                ("holder_id", "in", self.ids),
                ("owner_id", "in", self.ids),
            ],
            limit=1,
        )
        money = (self | target if brings_key else self)._loyalty_money_held()
        for company, worth in self._loyalty_money_of_tiers(target).items():
            money[company] = money.get(company, ZERO) + worth
        return {company: worth for company, worth in money.items() if worth}

    def _loyalty_money_held(self):
        """``{company: money}`` of the balances that these own, or present the card of."""
        balances = self.env["loyalty.card"].sudo()  # sudo: of all companies, for whoever merges
        balances = balances.search(
            [
                ("points", ">", 0),
                "|",
                "|",
                ("partner_id", "in", self.ids),
                ("member_card_id.owner_id", "in", self.ids),
                ("member_card_id.holder_id", "in", self.ids),
            ]
        )
        money = {}
        for program, held in balances.grouped("program_id").items():
            company = program._worth_company()
            today = company._loyalty_day()
            points = [
                to_decimal(balance.points)
                for balance in held
                if not balance.expiration_date or balance.expiration_date >= today
            ]
            worth = sum(points, ZERO) * program._money_per_point()
            money[company] = money.get(company, ZERO) + worth
        return money

    def _loyalty_money_of_tiers(self, target):
        """``{company: money}`` of vouchers that the tiers and qualifying points of these bring."""
        members = self.env["loyalty.member"].sudo()  # sudo: as above
        members = members.search([("partner_id", "in", (self | target).ids)])
        money = {}
        for program, found in members.grouped("program_id").items():
            kept = found.filtered(lambda member: member.partner_id == target)
            others = found - kept
            lowest = kept.tier_id.threshold if kept.tier_id else -1
            higher = others.tier_id.filtered(lambda tier, low=lowest: tier.threshold > low)
            worth = [tier._money_of_one() for tier in higher]
            if kept:
                qualifying = sum(others.mapped("qualifying_in_period"))
                worth.append(kept._money_of_rising(to_decimal(qualifying)))
            company = program._worth_company()
            money[company] = money.get(company, ZERO) + max(worth, default=ZERO)
        return money
