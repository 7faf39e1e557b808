from decimal import Decimal

from odoo import api, models

from ..domain.amounts import to_decimal
from ..domain.earning import Discount, SaleLine
from ..domain.earning_rules import shares_of_combo
from ..domain.movement import STORED_VALUE_TYPES

ZERO = Decimal(0)


class LoyaltySoldLine(models.AbstractModel):
    """Lines of orders of the till and of sales, as the rules of earning see them.

    What differs between the two is in ``pos_order_base.py`` and ``sale_order_earn.py``; the rules
    are in ``docs/earning.md``.
    """

    _name = "loyalty.sold.line"
    _description = "Sold Line"

    def _combo_line(self):
        """The line of the combo that this line is a part of; none for what is sold alone."""
        return self.browse()

    def _sold_quantity(self):
        """The line's quantity, in its own unit."""
        raise NotImplementedError

    def _sold_amount(self):
        """What the line costs, with tax (Decimal)."""
        raise NotImplementedError

    def _is_tip(self):
        """Whether it is given to who serves: paid with the order, and earning nothing."""
        return False

    def _pieces(self):
        """Its quantity in pieces (Decimal); what is not counted, in the unit of its product."""
        # Odoo protects it from being deleted, and looks it up without a query this way
        units = self.env["ir.model.data"]._xmlid_to_res_id("uom.product_uom_unit")
        own, unit = self.product_uom_id, self.product_id.uom_id
        units = unit.browse(units)
        if unit != units and unit._has_common_reference(units):
            unit = units
        quantity = self._sold_quantity()
        if not own or own == unit or not own._has_common_reference(unit):
            return to_decimal(quantity)
        return to_decimal(own._compute_quantity(quantity, unit, round=False))

    def _earns(self):
        """Whether this line, and the combo that it is part of, are of a kind that earns."""
        products = self.product_id | self._combo_line().product_id
        is_excluded = any(products.mapped("loyalty_no_earn"))
        return not (is_excluded or self.reward_id or self._is_tip())

    @api.private
    def _as_sale_lines(self, worth, delivery=()):
        """These lines of goods as the domain knows them: ``(SaleLine, …)``.

        :param worth: ``{line: Decimal}``, what each costs
        :param delivery: those that discounts on the order leave alone, and which earn nothing
        """
        combo_of, shares = {line: line._combo_line() for line in self}, {}
        for combo, parts in self.grouped(combo_of.get).items():
            if combo:
                shares.update(shares_of_combo(combo._pieces(), {p: worth[p] for p in parts}))
        return tuple(
            SaleLine(
                line.id,
                line.product_id.id,
                line._pieces(),
                worth[line],
                earns=line not in delivery and line._earns(),
                is_discounted=line not in delivery,
                combo_id=combo_of[line].product_id.id or None,
                combo_qty=shares.get(line, ZERO),
            )
            for line in self
        )

    @api.private
    def _as_discounts(self, worth, goods, delivery=None):
        """These lines below zero as the domain knows them: ``(Discount, …)``.

        :param worth: ``{line: Decimal}``, what each costs: below zero
        :param goods: the lines that they may be for
        :param delivery: those of them that only free shipping is for
        """
        delivery = self.browse() if delivery is None else delivery
        return tuple(
            Discount(line.id, -worth[line], *line._what_it_pays(goods, delivery)) for line in self
        )

    def _what_it_pays(self, goods, delivery):
        """``(ids of the goods that it is for, whether it pays for whole pieces)``.

        Goods that come back with the order they are sold by are such pieces, too.
        """
        if not self.reward_id and self._sold_quantity() < 0:
            same = goods.filtered(lambda line: line.product_id == self.product_id)
            return (frozenset(same.ids) or None), True
        cheaper = self.reward_id._lines_made_cheaper(goods, delivery)
        return cheaper, self.reward_id._is_gift()

    def _without_value_payments(self, worth, program):
        """``(these lines less payments, what the payments paid without earning)``.

        Odoo's own gift cards and eWallets pay by a line below zero; whether that earns, the program
        says.

        :param worth: ``{line: Decimal}``, what each costs: below zero
        """
        payments = self.filtered(
            lambda line: line.reward_id.program_id.program_type in STORED_VALUE_TYPES
        )
        earns = program.earn_on_stored_value
        paid = ZERO if earns else -sum((worth[line] for line in payments), ZERO)
        return self - payments, paid

    def _cheapest_lines(self):
        """The one of these lines with the lowest price a piece; of a combo all its parts."""
        wholes = self.grouped(lambda line: line._combo_line() or line)
        prices = {
            whole: sum((line._sold_amount() for line in lines), ZERO)
            / to_decimal(whole._sold_quantity() or 1)
            for whole, lines in wholes.items()
        }
        return wholes[min(prices, key=prices.get)] if prices else self


class LoyaltyReward(models.Model):
    """What a reward does to the goods on an order."""

    _inherit = "loyalty.reward"

    def _is_gift(self):
        """Whether it pays for whole pieces; otherwise it makes them cheaper."""
        if self.reward_type == "product" or self.discount_mode == "per_point":
            return True
        return self.discount_mode == "percent" and self.discount >= 100

    def _lines_made_cheaper(self, goods, delivery):
        """Ids of those of ``goods`` that it makes cheaper; None: what is off the whole order.

        As Odoo does, it asks for a combo and not for its parts. Asked of the reward's condition:
        Odoo keeps the list of the products empty by default.
        """
        if self.reward_type == "product":
            found = goods.filtered(lambda line: line.product_id in self.reward_product_ids)
        elif self.reward_type == "shipping":  # of the module sale_loyalty_delivery
            found = goods & delivery
        elif self.reward_type == "discount" and self.discount_applicability != "order":
            goods -= delivery
            sold = {line: (line._combo_line() or line).product_id for line in goods}
            products = goods.product_id.union(*sold.values())
            products = products.filtered_domain(self._get_discount_product_domain())
            found = goods.filtered(lambda line: sold[line] in products)
            if self.discount_applicability == "cheapest":
                found = found._cheapest_lines()
        else:
            return None
        return frozenset(found.ids)
