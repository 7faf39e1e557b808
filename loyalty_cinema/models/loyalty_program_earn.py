from odoo import api, models

from ..domain.earning import Usage, evaluate
from ..domain.lots import NewLot
from ..domain.movement import Movement


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
    def _evaluate(self, sales, balances):
        """``{document: Earning}``; each purchase counts for the caps of those after it.

        Rules are resolved once for the batch, usage is asked once for each day.

        :param sales: ``{document: Sale}``, in the order of payment
        :param balances: ``{partner id: balance}`` of all their customers
        """
        if not sales:
            return {}
        sold = {line.product_id for sale in sales.values() for line in sale.lines}
        rules = self._earn_rules(self.env["product.product"].browse(sold))
        rounding, earned = self._rounding(), {}
        ids = [balance.id for balance in balances.values()]
        usages = {
            day: dict(self._usage(rules, ids, day)) for day in {s.day for s in sales.values()}
        }
        for document, sale in sales.items():
            balance = balances[document.partner_id.id].id
            usage = usages[sale.day].get(balance, Usage())
            earned[document] = evaluate(rules, sale, usage, rounding)
            for day, others in usages.items():
                before = others.get(balance, Usage())
                others[balance] = before.plus(earned[document].by_rule, day == sale.day)
        return earned

    @api.private
    def _earn_movement(self, balance, earning, day, key, origin, reason):
        """The movement that brings ``earning`` on ``balance``.

        :param day: from which waiting and expiry are counted
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
        )
