"""Baskets that are bought at the till and on sales orders, told once for both."""

from dataclasses import dataclass
from decimal import Decimal
from uuid import uuid4

from odoo import Command

from ..domain.amounts import to_decimal
from .sale_common import SalePointsCase

#: More points than any reward of a basket costs.
PURSE = 100_000


@dataclass(frozen=True)
class Bought:
    """Some pieces of one product.

    :param price: of one piece; None: its own
    :param unit: external id of the unit that a sales order is written in
    :param per_unit: how many pieces of the till one such unit is
    """

    name: str
    quantity: float = 1
    price: float | None = None
    unit: str | None = None
    per_unit: float = 1


@dataclass(frozen=True)
class Reward:
    """A reward for points: what it is, and what it takes off at the till.

    :param pieces: of a free product
    """

    values: dict
    off: float
    pieces: int = 1


class BasketCase(SalePointsCase):
    """A cinema's goods; what a basket earns at the till and on a sales order."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rule.active = False
        cls.product = {
            name: cls.goods(name.title(), list_price=price, invoice_policy="order", **values)
            for name, price, values in (
                ("ticket", 100, {}),
                ("wine", 100, {"loyalty_no_earn": True}),
                ("poster", 900, {}),
                ("coffee", 10, {}),
                ("popcorn", 30, {}),
                ("cake", 10, {}),
                ("nuts", 20, {"uom_id": cls.env.ref("uom.product_uom_kgm").id, "type": "consu"}),
            )
        }
        cls.parts = {"coffee": 5, "popcorn": 15, "cake": 10}
        cls.product["menu"] = cls._combo("Menu")
        cls.product["plain menu"] = cls._combo("Menu without points", loyalty_no_earn=True)

    @classmethod
    def _combo(cls, name, **values):
        combos = cls.env["product.combo"].create(
            [
                {
                    "name": part,
                    "combo_item_ids": [Command.create({"product_id": cls.product[part].id})],
                }
                for part in cls.parts
            ]
        )
        values = {"list_price": 30, "combo_ids": [Command.set(combos.ids)], **values}
        return cls.goods(name, type="combo", invoice_policy="order", **values)

    def rules(self, *rules):
        """In place of the rules before; products are told by their names."""
        self.program.earn_rule_ids.active = False
        for values in rules:
            names = values.get("on", ())
            products = self.env["product.product"].union(*(self.product[n] for n in names))
            values = {name: value for name, value in values.items() if name != "on"}
            self.earn_rule(product_ids=products.ids, **values)

    def reward(self, values):
        """A reward of the program; its products are told by their names."""
        fields = {"product": "reward_product_id", "products": "discount_product_ids"}
        found = {
            fields[key]: self.product[value].id if key == "product" else self.product[value].ids
            for key, value in values.items()
            if key in fields
        }
        plain = {key: value for key, value in values.items() if key not in fields}
        return self.env["loyalty.reward"].create(
            {"program_id": self.program.id, "required_points": 1, **plain, **found}
        )

    def earned_by(self, partner=None):
        """Points that were earned and not taken back (Decimal)."""
        entries = self.points.entry_ids.filtered(lambda e: e.kind in ("earn", "clawback"))
        return sum((to_decimal(entry.amount) for entry in entries), Decimal(0))

    # -- at the till ---------------------------------------------------------------------------

    def at_till(self, goods, rewards=()):
        """Buy it at the till, in cash; returns the order."""
        lines, mapping = [], {}
        for item in goods:
            product, quantity = self.product[item.name], item.quantity * item.per_unit
            if product.type != "combo":
                price = product.list_price if item.price is None else item.price
                lines.append(self.line(product, quantity, price, False))
                continue
            whole = self.line(product, quantity, 0, False)
            lines.append(whole)
            for part, price in self.parts.items():
                lines.append(self.line(self.product[part], quantity, price, False))
                mapping[lines[-1]["uuid"]] = {"combo_parent_id": whole["uuid"]}
        lines += [self._reward_line(reward) for reward in rewards]
        total = sum(line["price_subtotal_incl"] for line in lines)
        links = {"relations_uuid_mapping": {"pos.order.line": mapping}} if mapping else {}
        return self.sync(self.order(lines, [(self.cash, total, False)], **links))

    def _reward_line(self, told):
        reward = self.reward(told.values)
        by_point = reward.reward_type == "discount" and reward.discount_mode == "per_point"
        product = reward.discount_line_product_id
        return {
            **self.line(product, told.pieces, -told.off / told.pieces, False),
            "is_reward_line": True,
            "reward_id": reward.id,
            "coupon_id": self.points.id,
            "points_cost": told.off if by_point else told.pieces,
            "reward_identifier_code": str(uuid4()),
        }

    def back_at_till(self, order, name, quantity):
        """Give pieces of one product back."""
        line = order.lines.filtered(
            lambda line: line.product_id == self.product[name] and line.qty > 0
        )
        return self.give_back((line[:1], quantity))

    # -- on a sales order ----------------------------------------------------------------------

    def on_order(self, goods, rewards=()):
        """Buy it on a sales order, invoiced and paid; returns the order."""
        order = self.env["sale.order"].create({"partner_id": self.partner.id})
        for item in goods:
            self._order_line(order, item)
        order._update_programs_and_rewards()
        for told in rewards:
            self.claim_on(order, self.reward(told.values))
        order.action_confirm()
        self.pay(self.invoice(order))
        return order

    def claim_on(self, order, reward):
        """Claim a reward; of what it costs, one claim at a time."""
        spare = self.points.points - 1 if reward.reward_type == "product" else 0
        if spare:
            self.ledger.debit(self.points, spare, "redeem", self.key())
        self.assertFalse(order._apply_program_reward(reward, self.points))
        if spare:
            self.grant(spare)

    def _order_line(self, order, item):
        product, lines = self.product[item.name], self.env["sale.order.line"]
        values = {
            "order_id": order.id,
            "product_id": product.id,
            "product_uom_qty": item.quantity,
            "tax_ids": [Command.clear()],
        }
        if item.unit:
            values["product_uom_id"] = self.env.ref(item.unit).id
        if product.type != "combo":
            price = product.list_price if item.price is None else item.price
            lines.create({**values, "price_unit": price * item.per_unit})
            return
        whole = lines.create(values)
        for combo in product.combo_ids:
            part = combo.combo_item_ids
            lines.create(
                {
                    **values,
                    "product_id": part.product_id.id,
                    "combo_item_id": part.id,
                    "linked_line_id": whole.id,
                    "price_unit": self.parts[combo.name],
                }
            )

    def back_on_order(self, order, name, quantity):
        """Credit pieces of one product."""
        invoice = order.invoice_ids.filtered(lambda move: move.move_type == "out_invoice")
        note = invoice._reverse_moves([{}])
        lines = note.invoice_line_ids
        lines.filtered(lambda line: line.product_id != self.product[name]).unlink()
        note.invoice_line_ids.quantity = quantity
        note.action_post()
        return note
