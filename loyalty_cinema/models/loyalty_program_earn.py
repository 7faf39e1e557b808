from dataclasses import replace
from decimal import Decimal
from itertools import zip_longest

from odoo import api, models

from ..domain.amounts import to_decimal
from ..domain.earning import EarnRule, Rounding, Usage, evaluate, needs_terms
from ..domain.earning_terms import Terms
from ..domain.lots import NewLot
from ..domain.movement import Movement

#: What a ladder by spend or by visits counts instead of the program's own rules for points towards
#: a tier: one for each unit of money that is paid, one for each visit. Rules without a record: what
#: they give is on the entries, and not in the report of points by rule.
MEASURE_RULES = {
    "spend": EarnRule(0, "spend", "qualifying", "per_amount", Decimal(1)),
    "visits": EarnRule(0, "visits", "qualifying", "per_visit", Decimal(1)),
}


class LoyaltyProgram(models.Model):
    """What purchases earn in a membership program, whether at the till or in a sales order.

    The documents say what was sold and when (``pos_order_base.py``, ``sale_order_earn.py``) and
    keep the shares of their lines; everything between is the same for both, and is here.
    """

    _inherit = "loyalty.program"

    @api.private
    def _earning_balances(self, partners):
        """``{partner id: balance}`` of the members; customers are enrolled where the program says.

        A customer who has left stays away.
        """
        balances = self._member_balances(partners)
        if self.auto_enrol and len(balances) < len(partners):
            new = partners.filtered(lambda partner: partner.id not in balances)
            members = self.env["loyalty.member"]._enrol(self, new, "automatic")
            balances.update((m.partner_id.id, m.balance_id) for m in members)
        return balances

    @api.private
    def _earn_rules(self, products=None):
        """The program's rules; where the ladder counts spend or visits, that instead of points."""
        rules = super()._earn_rules(products)
        if self.tier_measure not in MEASURE_RULES:
            return rules
        spendable = (rule for rule in rules if rule.target != "qualifying")
        return (*spendable, MEASURE_RULES[self.tier_measure])

    @api.private
    def _roundings(self):
        """How points to spend and what counts towards a tier are rounded: two :class:`Rounding`.

        Spend is exact to the currency, whatever the program's points are. Of a visit that is
        given back in part, a visit is left.
        """
        points = self._rounding()
        if self.tier_measure == "spend":
            return points, Rounding(to_decimal(self.currency_id.rounding), "half_up")
        return points, Rounding(Decimal(1), "up") if self.tier_measure == "visits" else points

    @api.private
    def _earn_turns(self, documents):
        """These purchases as they earn: ``[documents]``, all of them in one turn.

        Where rules look at the tier, and a customer has several, one of each customer per turn: a
        purchase may lift the tier by which the next one earns.

        :param documents: orders of the till or of sales, in the order of payment
        """
        if len(documents.partner_id) == len(documents) or not self.earn_rule_ids.tier_ids:
            return [documents]
        of_customers = documents.grouped("partner_id").values()
        turns = zip_longest(*of_customers, fillvalue=documents.browse())
        return [documents.browse().union(*turn) for turn in turns]

    @api.private
    def _evaluate(self, sales, balances):
        """``{document: Earning}``; each purchase counts for the caps of those after it.

        Rules are resolved once for the batch, usage is asked once for each day, tiers once if a
        rule asks for them: the tier that the customer has before (:meth:`_earn_turns`).

        :param sales: ``{document: Sale}``, in the order of payment
        :param balances: ``{partner id: balance}`` of all their customers
        """
        if not sales:
            return {}
        lines = [line for sale in sales.values() for line in sale.lines]
        sold = {product for li in lines for product in (li.product_id, li.combo_id) if product}
        rules = self._earn_rules(self.env["product.product"].browse(sold))
        roundings, earned = self._roundings(), {}
        tiers = self._tiers_of(balances) if any(rule.tier_ids for rule in rules) else {}
        ids = [balance.id for balance in balances.values()]
        days = dict.fromkeys((sale.day, sale.counts_on) for sale in sales.values())
        usages = {pair: dict(self._usage(rules, ids, *pair)) for pair in days}
        for document, sale in sales.items():
            balance = balances[document.partner_id.id].id
            usage = usages[sale.day, sale.counts_on].get(balance, Usage())
            sale = replace(sale, tier_id=tiers.get(balance))
            earning = evaluate(rules, sale, usage, *roundings)
            if needs_terms(sale, earning):
                earning = replace(earning, terms=Terms.of(rules, sale))
            earned[document] = earning
            self._add_usage(usages, balance, sale, earning.by_rule)
        return earned

    def _add_usage(self, usages, balance_id, sale, by_rule):
        """What ``sale`` gave counts for the caps of the next ones; visits on the day they count."""
        visits = {rule_id: points for rule_id, points in by_rule.items() if not rule_id}
        recorded = {rule_id: points for rule_id, points in by_rule.items() if rule_id}
        for (day, counts_on), usage in usages.items():
            before = usage.get(balance_id, Usage()).plus(recorded, day == sale.day)
            usage[balance_id] = before.plus(visits, counts_on == sale.counts_on)

    @api.private
    def _usage(self, rules, balance_ids, day, counts_on=None, without=None):
        """What members got before; visits, whose rule has no record, from the entries."""
        given = super()._usage(rules, balance_ids, day, counts_on, without)
        if any(not rule.id and rule.most_per_day for rule in rules):
            visits = self._visits(balance_ids, counts_on or day, without)
            for balance_id, number in visits.items():
                given[balance_id] = given.get(balance_id, Usage()).plus({0: number})
        return given

    def _visits(self, balance_ids, day, without):
        """``{balance id: visits}`` that count for the ladder on ``day``: one query."""
        if self.tier_measure != "visits" or not balance_ids:
            return {}
        balances = self.env["loyalty.card"].browse(balance_ids)
        rows = self.env["loyalty.ledger.entry"]._read_group(
            [
                ("program_id", "=", self.id),
                ("partner_id", "in", balances.partner_id.ids),  # by which the index finds them
                ("balance_id", "in", balances.ids),
                ("qualifying_on", "=", day),
                ("qualifying_points", "!=", 0),
                ("kind", "in", ("earn", "clawback")),
                ("id", "not in", without.ids if without else []),
            ],
            ["balance_id"],
            ["qualifying_points:sum"],
        )
        return {balance.id: to_decimal(visits) for balance, visits in rows}

    @api.private
    def _is_for_pricelist(self, pricelist):
        """Whether orders with this pricelist are in the program; Odoo's till hides it on others."""
        return not self.pricelist_ids or pricelist in self.pricelist_ids

    def _tiers_of(self, balances):
        """``{balance id: tier id}`` of the members with these balances: one query."""
        members = self.env["loyalty.member"].sudo()  # sudo: whoever sells need not read members
        found = members.search_fetch(
            [("balance_id", "in", [balance.id for balance in balances.values()])],
            ["balance_id", "tier_id"],
        )
        return {member.balance_id.id: member.tier_id.id for member in found if member.tier_id}

    @api.private
    def _earn_movement(self, balance, earning, day, key, origin, reason):
        """The movement that brings ``earning`` on ``balance``.

        :param day: from which waiting, expiry and the tier's period are counted
        :param origin: the order that earned
        """
        lots = ()
        if earning.spendable:
            expires, available = self._points_expire_on(day), self._points_available_on(day)
            lots = (NewLot("points", expires, earning.spendable, available),)
        return Movement(
            balance.id,
            earning.spendable,
            "earn",
            key,
            origin=(origin._name, origin.id),
            reason=reason,
            new_lots=lots,
            qualifying=earning.qualifying,
            qualifying_on=day,
        )
