"""A shop to measure in, the same in plain Odoo and with the addon: till, cashier, goods, guests."""

import random
from dataclasses import dataclass
from functools import cache
from uuid import UUID

from odoo import Command

GOODS = 20
GUESTS = 50
LINES_MAX = 4
ORDER_DATE = "2026-01-15 10:00:00"


@dataclass
class Shop:
    """The ids of one database that orders are made of."""

    company_id: int
    cashier_id: int
    session_id: int
    method_ids: dict
    product_ids: list
    partner_ids: list


@dataclass(frozen=True)
class Sale:
    """What a customer buys, in words of no database: the same sale is made in two of them.

    :param number: makes its uuids
    :param goods: list of (which product, quantity, price in whole dollars)
    :param guest: which customer, or None
    """

    number: int
    goods: tuple
    guest: int | None

    @property
    def total(self):
        """What it costs."""
        return sum(quantity * price for _product, quantity, price in self.goods)

    def uuid(self, place=0):
        """Of the order (0), of one of its lines, of its payment (99)."""
        return str(UUID(int=self.number * 100 + place))


@cache
def shop_of(database):
    """The shop in ``database``, opened when first asked for."""
    with database.transaction() as env:
        shop = open_shop(env)
    database.tidy()
    return shop


def open_shop(env):
    """Make a company with a chart of accounts, a till that is open, goods and guests."""
    company = env["res.company"].create(
        {"name": "Benchmark", "currency_id": env.ref("base.USD").id}
    )
    env["account.chart.template"].try_loading("generic_coa", company)
    admin = env.ref("base.user_admin")
    admin.company_ids |= company
    env = env(user=admin, context=dict(env.context, allowed_company_ids=company.ids))
    till = env["pos.config"].create({"name": "Till"})
    till.open_ui()
    till.current_session_id.set_opening_control(0, "")
    groups = env.ref("base.group_user") | env.ref("point_of_sale.group_pos_user")
    cashier = env["res.users"].create(
        {
            "name": "Cashier",
            "login": "benchmark-cashier",
            "group_ids": [Command.set(groups.ids)],
            "company_ids": [Command.set(company.ids)],
            "company_id": company.id,
        }
    )
    goods = [
        {"name": f"Snack {n}", "type": "service", "available_in_pos": True, "taxes_id": [(5, 0, 0)]}
        for n in range(GOODS)
    ]
    return Shop(
        company_id=company.id,
        cashier_id=cashier.id,
        session_id=till.current_session_id.id,
        # the addon's name their kind of stored value
        method_ids={
            getattr(method, "stored_value_type", False) or method.type: method.id
            for method in till.payment_method_ids
        },
        product_ids=env["product.product"].create(goods).ids,
        partner_ids=env["res.partner"].create([{"name": f"Guest {n}"} for n in range(GUESTS)]).ids,
    )


def sales(count, seed):
    """``count`` sales of one to four goods; every second one to a known customer."""
    dice = random.Random(seed)
    return [
        Sale(
            number=seed * 1_000_000 + number,
            goods=tuple(
                (dice.randrange(GOODS), dice.randint(1, 3), dice.randint(2, 30))
                for _line in range(dice.randint(1, LINES_MAX))
            ),
            guest=dice.randrange(GUESTS) if number % 2 else None,
        )
        for number in range(count)
    ]


def payload(shop, sale, method="cash", key=False):
    """The sale as the till sends it to ``sync_from_ui``, paid by one payment.

    :param key: of the hold, when ``method`` is stored value
    """
    uuid, total = sale.uuid(), sale.total
    return {
        "uuid": uuid,
        "access_token": uuid,
        "pos_reference": f"Order {sale.number}",
        "sequence_number": 1,
        "tracking_number": "001",
        "session_id": shop.session_id,
        "user_id": shop.cashier_id,
        "partner_id": shop.partner_ids[sale.guest] if sale.guest is not None else False,
        "date_order": ORDER_DATE,
        "amount_total": total,
        "amount_paid": total,
        "amount_tax": 0,
        "amount_return": 0,
        "state": "paid",
        "lines": [
            Command.create(_line(shop, sale, place, *goods))
            for place, goods in enumerate(sale.goods, start=1)
        ],
        "payment_ids": [
            Command.create(
                {
                    "uuid": sale.uuid(99),
                    "name": ORDER_DATE,
                    "payment_method_id": shop.method_ids[method],
                    "amount": total,
                    "transaction_id": key,
                }
            )
        ],
    }


def _line(shop, sale, place, product, quantity, price):
    return {
        "uuid": sale.uuid(place),
        "product_id": shop.product_ids[product],
        "qty": quantity,
        "price_unit": price,
        "price_subtotal": quantity * price,
        "price_subtotal_incl": quantity * price,
        "tax_ids": [Command.clear()],
    }
