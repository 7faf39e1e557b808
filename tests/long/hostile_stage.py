"""The stage of ``test_hostile_clients.py``: who plays, and what each hostile client is after.

Each hostile client has a stake of its own, so that whatever moves in it is this client's doing: a
victim with points, a wallet, a voucher and some documents, and a thief who would like to have them.
"""

import support
from load_generator import close_till, line, open_till, order, payment, product

#: The groups of each hostile user, the least that make the role.
ROLES = {
    "cashier": ["base.group_user", "point_of_sale.group_pos_user"],
    "salesperson": ["base.group_user", "sales_team.group_sale_salesman"],
    "loyalty_manager": ["base.group_user", "loyalty_cinema.group_manager"],
    "pos_manager": [
        "base.group_user",
        "base.group_partner_manager",
        "point_of_sale.group_pos_manager",
    ],
    "billing": ["base.group_user", "account.group_account_invoice"],
    "portal": ["base.group_portal"],
}
HONEST_TILL, KIOSK = [["name", "=", "L&M Cinema"]], [["name", "=", "Kiosk"]]
PRICE, COVERED, VALUE = 60_000, 100_000, 500_000
#: Statements for Odoo's shell; ``stage`` is what the moves know. Value comes as compensation, which
#: needs no till.
MAKE = """
company = env.ref("loyalty_cinema.company_lm")
context = {"allowed_company_ids": company.ids, "tracking_disable": True, "no_reset_password": True}
env = env(context=context)
program = env.ref("loyalty_cinema.program_lm")
vouchers = env["loyalty.program"].create({
    "name": "Voucher", "program_type": "coupons", "trigger": "with_code",
    "applies_on": "current", "company_id": company.id, "reward_ids": [(0, 0, {"discount": 50})],
})


def user(login, groups):
    return env["res.users"].create({
        "name": login, "login": login, "password": login, "company_id": company.id,
        "company_ids": [(6, 0, company.ids)],
        "group_ids": [(6, 0, [env.ref(group).id for group in groups])],
    })


def owner(partner, points, value, vouchers_of):
    kind = env.ref("loyalty_cinema.kind_prepaid")
    card = env["loyalty.member.card"].create({"kind_id": kind.id, "holder_id": partner.id})
    card._activate()
    balances = {
        "points": env["loyalty.member"]._enrol(program, partner, "till").balance_id,
        "wallet": card.balance_ids,
    }
    for name, amount in (("points", points), ("wallet", value)):
        if amount:
            env["loyalty.ledger"].credit(
                balances[name], amount, "compensation", f"stage:{balances[name].id}", reason="Stage"
            )
    for name in vouchers_of:
        balances[name] = env["loyalty.card"].create(
            {"program_id": vouchers.id, "partner_id": partner.id, "points": 1}
        )
    secrets = [card.code, *(b.code for b in balances.values())]
    return {
        "partner": partner.id, "card": card.id, "code": card.code, "secrets": secrets,
        **{name: balance.id for name, balance in balances.items()},
    }


stakes = {}
for role, groups in roles.items():
    account = user(f"hostile-{role}", groups)
    victim = env["res.partner"].create({"name": f"Victim of the {role}"})
    stakes[role] = {
        "login": account.login,
        "uid": account.id,
        "victim": owner(victim, 200_000, value, ["voucher", "used"]),
        # a customer whose documents may be credited
        "guest": owner(env["res.partner"].create({"name": f"Guest of the {role}"}), 0, value, []),
        "thief": owner(account.partner_id, 0, 0, []),
    }
user("honest-cashier", roles["cashier"])
methods = env["pos.payment.method"].search(
    [("stored_value_type", "!=", False), ("company_id", "=", company.id)]
)
journal = env["account.journal"].create({"name": "Kiosk", "type": "cash", "code": "KIOSK"})
methods |= env["pos.payment.method"].create({"name": "Kiosk cash", "journal_id": journal.id})
env["pos.config"].create({
    "name": "Kiosk", "company_id": company.id, "payment_method_ids": [(6, 0, methods.ids)],
})
poster = env.ref("loyalty_cinema.reward_poster")
topup = env["product.product"].search(
    [("loyalty_load_type", "=", "ewallet"), ("company_id", "in", (False, company.id))], limit=1
)
stage = {
    "stakes": stakes,
    "company": company.id,
    "program": program.id,
    "wallet_program": company.loyalty_wallet_program_id.id,
    "voucher_program": vouchers.id,
    "voucher_reward": vouchers.reward_ids.id,
    "voucher_product": vouchers.reward_ids.discount_line_product_id.id,
    "poster_reward": poster.id,
    "poster": poster.reward_product_id.id,
    "topup": topup.id,
    "topup_template": topup.product_tmpl_id.id,
    "tenders": methods.filtered("stored_value_type").ids,
    "manager": env.ref("loyalty_cinema.user_manager").id,
    "dollar": env.ref("base.USD").id,
    "main_company": env.ref("base.main_company").id,
}
env.cr.commit()
"""
#: What a stake consists of; "held" is left out, since a till may hold value for a while.
STAKE = {
    "balances": "SELECT id, program_id, partner_id, member_card_id, points, overdraft, pending, "
    "qualifying_points, company_id, active, code, expiration_date FROM loyalty_card "
    "WHERE partner_id = ANY(%(partners)s) OR id = ANY(%(balances)s) ORDER BY id",
    "lots": "SELECT balance_id, SUM(remaining) FROM loyalty_lot "
    "WHERE balance_id = ANY(%(balances)s) GROUP BY 1 ORDER BY 1",
    "cards": "SELECT id, state, code, pin_hash, holder_id, owner_id, kind_id "
    "FROM loyalty_member_card WHERE id = ANY(%(cards)s) OR holder_id = ANY(%(partners)s) "
    "ORDER BY id",
    "members": "SELECT id, partner_id, program_id, tier_id, active FROM loyalty_member "
    "WHERE partner_id = ANY(%(partners)s) ORDER BY id",
    "orders": "SELECT id, state, uuid, partner_id, session_id, amount_total, amount_paid, "
    "date_order, is_refund FROM pos_order WHERE id = ANY(%(orders)s) ORDER BY id",
    "lines": "SELECT id, product_id, qty, price_subtotal_incl, coupon_id, points_cost, "
    "refunded_orderline_id FROM pos_order_line WHERE order_id = ANY(%(orders)s) ORDER BY id",
    "refunds": "SELECT r.id FROM pos_order_line r JOIN pos_order_line l "
    "ON l.id = r.refunded_orderline_id JOIN pos_order o ON o.id = r.order_id "
    "WHERE l.order_id = ANY(%(orders)s) AND o.state IN ('paid', 'done') ORDER BY 1",
    "payments": "SELECT id, payment_method_id, amount FROM pos_payment "
    "WHERE pos_order_id = ANY(%(orders)s) ORDER BY id",
    "invoices": "SELECT m.id, m.state IN ('draft', 'posted'), m.amount_total, m.partner_id "
    "FROM account_move m JOIN pos_order o ON o.account_move = m.id WHERE o.id = %(load)s",
    "notes": "SELECT m.id FROM account_move m JOIN pos_order o ON o.account_move = "
    "m.reversed_entry_id WHERE o.id = ANY(%(orders)s) AND m.state = 'posted' ORDER BY 1",
    "sales": "SELECT id, state, partner_id FROM sale_order WHERE id = ANY(%(sales)s) ORDER BY id",
    "claims": "SELECT id, order_id, coupon_id, reward_id, points_cost, product_uom_qty, discount "
    "FROM sale_order_line WHERE order_id = ANY(%(sales)s) ORDER BY id",
}
#: What nobody alone makes give more, and what stays what it is.
TERMS = {
    "programs": "SELECT id, company_id, program_type, is_stored_value, point_value "
    "FROM loyalty_program WHERE active ORDER BY id",
    "rewards": "SELECT id, required_points, discount, reward_product_id FROM loyalty_reward "
    "WHERE active ORDER BY id",
    "bonus": "SELECT b.id, b.from_amount, b.value FROM loyalty_bonus_band b "
    "JOIN loyalty_bonus_scheme s ON s.id = b.scheme_id WHERE s.active ORDER BY b.id",
    "methods": "SELECT id, stored_value_type, journal_id FROM pos_payment_method ORDER BY id",
    "products": "SELECT id, loyalty_load_type FROM product_template ORDER BY id",
    "tills": "SELECT id, state, move_id FROM pos_session WHERE id = %(old_session)s",
    "pins": "SELECT id, loyalty_pin_hash FROM res_users WHERE id = %(manager)s",
    "unsettled": "SELECT id FROM pos_order WHERE state IN ('paid', 'done') "
    "AND NOT COALESCE(loyalty_settled, FALSE) ORDER BY id",
}


def make_stage(server):
    """Users, stakes, tills and the documents of a day that is over; what the moves know."""
    stage = support.odoo_shell(
        server.database, "stage", f"roles, value = {ROLES!r}, {VALUE}\n{MAKE}"
    )
    till = server.login("cashier")
    session, methods = open_till(till, HONEST_TILL)
    stage["goods"] = product(till, [["loyalty_load_type", "=", False]])
    for stake in stage["stakes"].values():
        sell_to(till, session, methods, stage, stake)
        stake["sales"] = []
    close_till(till, session)
    stage["old_session"] = session
    stage["stakes"]["salesperson"]["sales"] = [claim_in_an_order(server, stage)]
    return stage


def sell_to(till, session, methods, stage, stake):
    """A load, a sale paid by wallet, both invoiced, and a sale with a voucher to the victim.

    To the guest, a sale paid by wallet and invoiced.
    """
    victim, cash = stake["victim"], methods["cash"]
    load = dict(line(stage["topup"], 50_000), loyalty_balance_id=victim["wallet"])
    covered = voucher_line(stage, victim["used"], COVERED // 2)
    goods = line(stage["goods"], COVERED)
    sold = {
        "load": order(session, [load], [payment(cash, 50_000)]),
        "bought": paid_by_card(till, session, methods, stage, victim),
        "reward": order(session, [goods, covered], [payment(cash, COVERED // 2)]),
    }
    stake["orders"], stake["lines"] = {}, {}
    for name, data in sold.items():
        answer = send(till, data, victim, to_invoice=name != "reward")
        stake["orders"][name] = answer["pos.order"][0]["id"]
        stake["lines"][name] = answer["pos.order.line"][-1]["id"]
    bought = paid_by_card(till, session, methods, stage, stake["guest"])
    stake["guest"]["order"] = send(till, bought, stake["guest"])["pos.order"][0]["id"]


def send(till, data, customer, to_invoice=True):
    """Synchronise an order of a customer's; the server's answer."""
    data |= {"partner_id": customer["partner"], "to_invoice": to_invoice}
    return till.call("pos.order", "sync_from_ui", [data], context={"generate_pdf": False})


def paid_by_card(till, session, methods, stage, customer):
    """An order of one ticket for which value of the customer's card is held."""
    data, tender = order(session, [line(stage["goods"], PRICE)], []), methods["ewallet"]
    key, credential = f"{data['uuid']}:1", {"code": customer["code"]}
    ask = (session, data["uuid"], key, tender, PRICE, credential, True)
    held = till.call("loyalty.till", "authorize", *ask)
    assert held["ok"], held
    data["payment_ids"] = [[0, 0, payment(tender, PRICE, key)]]
    return data


def voucher_line(stage, voucher, amount, **values):
    """The line by which a voucher takes ``amount`` off an order."""
    return {
        **line(stage["voucher_product"], -amount),
        "is_reward_line": True,
        "reward_id": stage["voucher_reward"],
        "coupon_id": voucher,
        "points_cost": 1,
        "reward_identifier_code": "voucher",
        **values,
    }


def claim_in_an_order(server, stage):
    """The id of a confirmed order of the salesperson's in which the victim claims a poster."""
    stake = stage["stakes"]["salesperson"]
    seller = server.login(stake["login"])
    lines = [
        [0, 0, {"product_id": stage["goods"], "price_unit": 200_000, "tax_ids": [[5]]}],
        [0, 0, poster_claim(stage, stake["victim"]["points"])],
    ]
    values = {"partner_id": stake["victim"]["partner"], "order_line": lines}
    [sale] = seller.call("sale.order", "create", [values])
    seller.call("sale.order", "action_confirm", [sale])
    return sale


def poster_claim(stage, balance, **values):
    """A line of a sales order that claims a poster for points."""
    return {
        "product_id": stage["poster"],
        "name": "Poster",
        "discount": 100,
        "tax_ids": [[5]],
        "reward_id": stage["poster_reward"],
        "coupon_id": balance,
        "points_cost": 20_000,
        "reward_identifier_code": "poster",
        **values,
    }


class Photographer:
    """What moved in a stake, or in the terms, since the last look."""

    def __init__(self, database, stage, role):
        stake, owners = stage["stakes"][role], ("victim", "thief")
        self.database = database
        self.values = {
            **stage,
            "partners": [stake[name]["partner"] for name in owners],
            "cards": [stake[name]["card"] for name in owners],
            "balances": [
                stake[name][balance]
                for name in owners
                for balance in ("points", "wallet", "voucher", "used")
                if balance in stake[name]
            ],
            "orders": list(stake["orders"].values()),
            "load": stake["orders"]["load"],
            "sales": stake["sales"],
        }
        self.last = self.look()

    def look(self):
        """Everything as it is now."""
        with support.cursor(self.database) as sql:
            shots = {}
            for name, query in {**STAKE, **TERMS}.items():
                sql.execute(query, self.values)
                shots[name] = sql.fetchall()
            return shots

    def changes(self):
        """What is not as it was at the last look, in words, or nothing."""
        now, before = self.look(), self.last
        self.last = now
        return "; ".join(
            f"{name}: {set(before[name]) ^ set(now[name])}"
            for name in now
            if now[name] != before[name]
        )
