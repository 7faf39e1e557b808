"""What hostile clients try. Each move says how to see that it succeeded.

A move is a function of its client. It *returns* nothing when it did no harm, or in words what it
achieved; a refusal is the server's error, which it does not catch. Beyond that, the client's stake
is looked at after each move: whatever moved in it is a success, too.
"""

import json
import random
import uuid
from collections import defaultdict
from contextlib import suppress

import support
from hostile_stage import COVERED, PRICE, VALUE, poster_claim, voucher_line
from load_generator import line, order, payment

LATER, LONG_AGO = "2099-01-01", "2020-01-01 00:00:00"
HUGE = 50_000_000
MOVES = defaultdict(dict)


def move(*roles):
    """Put a move on the lists of these roles."""

    def register(function):
        for role in roles:
            MOVES[role][function.__name__] = function
        return function

    return register


class Hostile:
    """One hostile client: its session, its stake, its dice, and the moves it knows.

    :param till: ``(session, methods)`` of a till of its own, where the role has one
    """

    def __init__(self, role, stage, session, dice, till=None):
        self.role, self.stage, self.session, self.dice = role, stage, session, dice
        self.stake = stage["stakes"][role]
        self.victim, self.thief = self.stake["victim"], self.stake["thief"]
        self.till, self.methods = till or (None, {})
        self.moves = MOVES[role]

    def call(self, model, method, *args, **kwargs):
        """Call a method as the web client does."""
        return self.session.call(model, method, *args, **kwargs)

    def forbidden(self, model, method, *args, **kwargs):
        """A call that must be refused, by an error or by the till's own "no"."""
        answer = self.call(model, method, *args, **kwargs)
        if isinstance(answer, dict) and (
            answer.get("ok") is False or answer.get("successful") is False
        ):
            return None
        return f"{model}.{method}{args!r:.300} was answered {answer!r:.200}"

    def sync(self, lines, payments, **values):
        """Send an order of the own till; it must be refused."""
        data = order(self.till, lines, payments) | values
        return self.forbidden("pos.order", "sync_from_ui", [data])

    def cash(self, amount):
        """A payment in cash."""
        return payment(self.methods["cash"], amount)

    def discreet(self, answer):
        """What an answer tells of numbers that are not the client's own."""
        secrets = [
            secret
            for role, stake in self.stage["stakes"].items()
            for secret in stake["victim"]["secrets"]
        ]
        told = [secret for secret in secrets if secret in json.dumps(answer)]
        return f"it was told {told}" if told else None

    def sql(self, query, *values):
        """The rows of a query, past the server."""
        with support.cursor(self.stage["database"]) as sql:
            sql.execute(query, values)
            return sql.fetchall()


def any_of(client, attacks):
    """One of ``{name: (model, method, *args)}``, which must be refused."""
    return client.forbidden(*attacks[client.dice.choice(sorted(attacks))])


def any_write(client, model, record, values):
    """Write one of ``values``, which must be refused."""
    name = client.dice.choice(sorted(values))
    return client.forbidden(model, "write", [record], {name: values[name]})


EVERYBODY = ("cashier", "salesperson", "loyalty_manager", "pos_manager", "billing", "portal")
OUTSIDERS = ("salesperson", "billing", "portal")

# -- by anybody ------------------------------------------------------------------------------------


@move(*EVERYBODY)
def balance_is_written(client):
    """Another program, owner, card or code, more points, a longer life."""
    name = client.dice.choice(["wallet", "points"])
    values = {
        "program_id": client.stage["wallet_program" if name == "points" else "program"],
        "partner_id": client.thief["partner"],
        "member_card_id": client.thief["card"],
        "points": HUGE,
        "code": "0441",
        "overdraft": HUGE,
        "expiration_date": LATER,
        "company_id": client.stage["main_company"],
        "active": False,
    }
    return any_write(client, "loyalty.card", client.victim[name], values)


@move(*EVERYBODY)
def balance_is_created(client):
    """A wallet, points or a voucher out of nothing."""
    program = client.stage[client.dice.choice(["wallet_program", "program", "voucher_program"])]
    values = {"program_id": program, "partner_id": client.thief["partner"], "points": HUGE}
    return client.forbidden("loyalty.card", "create", [values])


@move(*EVERYBODY)
def ledger_is_written(client):
    """Entries, lots, history, and the service itself."""
    wallet = client.victim["wallet"]
    entry = {"balance_id": wallet, "amount": HUGE, "kind": "load", "key": "mine"}
    history = {"card_id": wallet, "description": "Mine", "issued": HUGE, "used": 0}
    attacks = {
        "entry": ("loyalty.ledger.entry", "create", [entry]),
        "lot": ("loyalty.lot", "create", [{"balance_id": wallet, "source": "paid", "amount": 5}]),
        "history": ("loyalty.history", "create", [history]),
        "credit": ("loyalty.ledger", "credit", wallet, HUGE, "load", "mine"),
        "transfer": ("loyalty.ledger", "transfer", wallet, client.thief["wallet"], 5, "m", "?"),
        "history of a balance": (
            "loyalty.card",
            "write",
            [wallet],
            {"history_ids": [[0, 0, history]]},
        ),
    }
    return any_of(client, attacks)


@move(*EVERYBODY)
def settings_are_written(client):
    """Holds that never end, and rights of one's own."""
    attacks = {
        "hours": ("ir.config_parameter", "set_param", "loyalty_cinema.hold_hours", "99999"),
        "rights": ("res.users", "write", [client.stake["uid"]], {"group_ids": [[4, 1]]}),
        "PIN": ("res.users", "write", [client.stage["manager"]], {"loyalty_pin": "135790"}),
    }
    return any_of(client, attacks)


@move(*EVERYBODY)
def member_card_is_taken(client):
    """Owner, holder, PIN and number of a card with money on it."""
    values = {
        "holder_id": client.thief["partner"],
        "owner_id": client.thief["partner"],
        "pin_hash": "x",
        "code": "9999",
    }
    return any_write(client, "loyalty.member.card", client.victim["card"], values)


@move("cashier", "salesperson", "billing", "portal")
def codes_are_read(client):
    """Whole numbers in what a list shows; managers of loyalty may see them."""
    fields = ["code", "display_name", "points"]
    found = client.call("loyalty.card", "search_read", [], fields, limit=500)
    cards = []
    if client.role == "cashier":
        cards = client.call("loyalty.member.card", "search_read", [], ["display_name"], limit=500)
    return client.discreet([found, cards])


@move(*OUTSIDERS)
def a_till_is_asked(client):
    """D1, D4, D5: balances and codes are asked for by who has no till."""
    ids = {str(client.victim[name]): -1e12 for name in ("wallet", "points", "voucher")}
    code, till = client.victim["code"], client.stage["old_session"]
    attacks = {
        "balances": ("pos.order", "validate_coupon_programs", [], ids, []),
        "codes": ("pos.order", "validate_coupon_programs", [], {}, [code, "044"]),
        "coupon": ("pos.config", "use_coupon_code", [1], "wrong", LATER, False, False),
        "gift card": ("loyalty.card", "get_gift_card_status", code, 1),
        "customer": ("loyalty.card", "get_loyalty_card_partner_by_code", code),
        "card": ("loyalty.till", "lookup", till, {"code": code}),
        "points": ("loyalty.till", "hold_claims", till, str(uuid.uuid4()), []),
    }
    return any_of(client, attacks)


@move("portal", "billing")
def members_are_read(client):
    """Tables of others' value."""
    models = ["loyalty.member", "loyalty.ledger.entry", "loyalty.lot", "loyalty.adjustment"]
    return client.forbidden(client.dice.choice(models), "search_read", [], ["id"])


# -- at the till -----------------------------------------------------------------------------------


@move("cashier")
def order_is_born_paid(client):
    """D2: created as paid, then paid by a card that nobody asked."""
    data = order(client.till, [line(client.stage["goods"], PRICE)], [client.cash(PRICE)])
    born = client.call("pos.order", "create", [data])[0]
    tender = {"pos_order_id": born, "amount": PRICE, "payment_method_id": client.methods["ewallet"]}
    with suppress(support.RpcError):
        client.call("pos.payment", "create", tender)
    with suppress(support.RpcError):
        client.call("pos.order", "write", [born], {"state": client.dice.choice(["paid", "done"])})
    [[state]] = client.sql("SELECT state FROM pos_order WHERE id = %s", born)
    if state in ("paid", "done"):
        return f"order {born} became {state}"
    return client.call("pos.order", "action_pos_order_cancel", [born]) and None


@move("cashier")
def a_card_pays_without_its_hold(client):
    """A tender with a key that was never given."""
    key = client.dice.choice([False, str(uuid.uuid4())])
    tender = payment(client.methods[client.dice.choice(["ewallet", "loyalty"])], PRICE, key)
    return client.sync([line(client.stage["goods"], PRICE)], [tender])


@move("cashier")
def reward_is_sold_back(client):
    """D3: what names a reward line and is another product, a sale, or more than was claimed."""
    reward, half = client.stage["voucher_product"], COVERED // 2
    sold = client.dice.choice(
        [
            line(client.stage["goods"], half),
            line(client.stage["goods"], half) | {"qty": -1, "price_unit": -half},
            line(reward, half),
            line(reward, 2 * half) | {"qty": -2, "price_unit": -half},
            line(reward, 2 * half) | {"qty": -1, "price_unit": -2 * half},
        ]
    )
    sold["refunded_orderline_id"] = client.stake["lines"]["reward"]
    return client.sync([sold], [client.cash(sold["price_subtotal_incl"])])


@move("cashier")
def reward_costs_nothing(client):
    """The victim's voucher, or one's own points, at a price of one's own."""
    forged = {"points_cost": client.dice.choice([0, -5000])}
    claimed = voucher_line(client.stage, client.victim["voucher"], COVERED // 2, **forged)
    if client.dice.random() < 0.3:
        claimed |= {"coupon_id": client.victim["wallet"], "points_cost": 1}
    return client.sync([line(client.stage["goods"], COVERED), claimed], [client.cash(COVERED // 2)])


@move("cashier")
def money_goes_out(client):
    """M3, B2: cash for a plain negative line, for what a wallet paid, for more than was sold."""
    stake, price = client.stake, client.dice.randrange(1, 4) * PRICE
    bought, load = stake["lines"]["bought"], stake["lines"]["load"]
    back = {"qty": -1, "price_unit": price}
    goods, topup = client.stage["goods"], client.stage["topup"]
    out = {
        "plain": line(goods, -price),
        "what the wallet paid": line(goods, -price) | back | {"refunded_orderline_id": bought},
        "a load as goods": line(goods, -price) | back | {"refunded_orderline_id": load},
        "a load without a sale": line(topup, -price)
        | back
        | {"loyalty_balance_id": client.victim["wallet"]},
    }[
        client.dice.choice(
            ["plain", "what the wallet paid", "a load as goods", "a load without a sale"]
        )
    ]
    return client.sync([out], [client.cash(-price)])


@move("cashier")
def load_is_not_paid(client):
    """A load for less than its value, or paid by a card."""
    load = line(client.stage["topup"], 100_000) | {"loyalty_balance_id": client.thief["wallet"]}
    if client.dice.random() < 0.5:
        tender = payment(client.methods["ewallet"], 100_000, str(uuid.uuid4()))
        return client.sync([load], [tender])
    return client.sync([load], [client.cash(1)], amount_paid=1)


@move("cashier")
def order_of_another_day(client):
    """M1: sold long ago or in the future; it counts as sold in its session, not later than now."""
    date = client.dice.choice([LONG_AGO, LATER + " 00:00:00"])
    data = order(client.till, [line(client.stage["goods"], PRICE)], [client.cash(PRICE)])
    sold = client.call("pos.order", "sync_from_ui", [data | {"date_order": date}])
    [[late]] = client.sql(
        "SELECT date_order > now() AT TIME ZONE 'UTC' FROM pos_order WHERE id = %s",
        sold["pos.order"][0]["id"],
    )
    return "an order was sold in the future" if late else None


@move("cashier")
def confirmation_mints(client):
    """What Odoo's till says an order grants."""
    data = order(client.till, [line(client.stage["goods"], PRICE)], [client.cash(PRICE)])
    sold = client.call("pos.order", "sync_from_ui", [data])["pos.order"][0]["id"]
    owner = client.dice.choice([client.victim, client.thief])
    balance = client.dice.choice(["wallet", "points"])
    program = client.stage[{"wallet": "wallet_program", "points": "program"}[balance]]
    granted = {"points": 99_999, "program_id": program, "coupon_id": owner[balance]}
    answer = client.call(
        "pos.order", "confirm_coupon_programs", [sold], {str(owner[balance]): granted}
    )
    return client.discreet(answer)


@move("cashier")
def balances_are_asked(client):
    """D1: a cashier learns whether it is enough, never what it is, nor a number."""
    ids = {
        str(client.victim[name]): client.dice.choice([-1e12, -1, 1]) for name in ("wallet", "used")
    }
    answer = client.call("pos.order", "validate_coupon_programs", [], ids, [])
    return client.discreet(answer)


@move("cashier")
def codes_are_guessed(client):
    """D4: each guess counts, also in a list, with a PIN, by Odoo's own calls."""
    wrong = [f"{client.dice.randrange(10**15):016d}" for _code in range(12)]
    query = "SELECT COUNT(*) FROM loyalty_code_attempt WHERE user_id = %s"
    before = client.sql(query, client.stake["uid"])
    for code in wrong:
        credential = {"code": code, "pin": "1234"}
        answer = client.call("loyalty.till", "lookup", client.till, credential)
        if answer["ok"]:
            return f"{code} was a card"
    after = client.sql(query, client.stake["uid"])
    locked = "Too many" in answer["message"]
    return None if locked or after > before else "12 guesses were not counted"


@move("cashier", "pos_manager")
def paid_order_is_written(client):
    """What was sold, to whom, when, and how it was paid."""
    orders = client.stake["orders"]
    name = client.dice.choice(sorted(orders))
    values = {
        "partner_id": client.thief["partner"],
        "date_order": LONG_AGO,
        "amount_total": 1,
        "amount_paid": 1_000_000,
        "uuid": str(uuid.uuid4()),
        "is_refund": True,
        "session_id": False,
        "lines": [[2, client.stake["lines"][name]]],
    }
    return any_write(client, "pos.order", orders[name], values)


@move("cashier", "pos_manager")
def closed_session_is_opened(client):
    """D7: closed stays closed."""
    values = {"state": "opened", "move_id": False, "stop_at": False, "start_at": LONG_AGO}
    return any_write(client, "pos.session", client.stage["old_session"], values)


@move("cashier")
def value_is_let_out(client):
    """A manager's approval with a PIN that is guessed."""
    return client.forbidden(
        "loyalty.till",
        "approve_cash_refund",
        client.till,
        str(uuid.uuid4()),
        client.stage["manager"],
        f"{client.dice.randrange(10**6):06d}",
        "It is my money",
    )


@move("cashier")
def odd_arguments(client):
    """D11: whatever the shape, an answer or a refusal in words; the judge looks for crashes."""
    odd = client.dice.choice([["x"], {"x": [1]}, "a\0b", "k" * 9000, 10**30, [[[[1]]]], None, -1])
    method, count = client.dice.choice(
        [("lookup", 1), ("refund_plan", 2), ("card_action", 3), ("prepare_load", 3), ("void", 1)]
    )
    args = [client.stage["goods"]] * count
    args[client.dice.randrange(count)] = odd
    client.call("loyalty.till", method, client.till, *args)


# -- salespersons ----------------------------------------------------------------------------------


@move("salesperson")
def claim_enters_a_confirmed_order(client):
    """I1: by a line, by the order, by a line that is moved."""
    sale, points = client.stake["sales"][0], client.victim["points"]
    claim = poster_claim(client.stage, points)
    loose = {"product_id": client.stage["poster"], "coupon_id": points, "points_cost": 150_000}
    attacks = {
        "a line": ("sale.order.line", "create", [claim | {"order_id": sale}]),
        "without a reward": ("sale.order.line", "create", [loose | {"order_id": sale}]),
        "by the order": ("sale.order", "write", [sale], {"order_line": [[0, 0, claim]]}),
        "a confirmed one": (
            "sale.order",
            "create",
            [
                {
                    "partner_id": client.victim["partner"],
                    "state": "sale",
                    "order_line": [[0, 0, claim]],
                }
            ],
        ),
    }
    return any_of(client, attacks)


@move("salesperson")
def claim_moves(client):
    """I1: the customer, the balance, the reward, the cost, the pieces of a claim."""
    sale = client.stake["sales"][0]
    [[claim]] = client.sql(
        "SELECT id FROM sale_order_line WHERE order_id = %s AND coupon_id IS NOT NULL", sale
    )
    if client.dice.random() < 0.2:
        return client.forbidden(
            "sale.order", "write", [sale], {"partner_id": client.thief["partner"]}
        )
    values = {
        "coupon_id": client.thief["points"],
        "points_cost": client.dice.choice([0, 1]),
        "reward_id": False,
        "product_uom_qty": 3,
        "discount": 0,
    }
    return any_write(client, "sale.order.line", claim, values)


@move("salesperson")
def coupon_is_applied_by_its_id(client):
    """I9: a bearer's coupon without its code, on a quotation of one's own."""
    values = {"partner_id": client.thief["partner"]}
    command = client.dice.choice(
        [[4, client.victim["voucher"]], [6, 0, [client.victim["voucher"]]]]
    )
    values["applied_coupon_ids"] = [command]
    return client.forbidden("sale.order", "create", [values])


@move("salesperson")
def points_of_another_are_claimed(client):
    """A quotation for the thief that the victim's points pay; confirmed, where it can be."""
    claim = poster_claim(client.stage, client.victim["points"], points_cost=1)
    goods = {"product_id": client.stage["goods"], "price_unit": 1000, "tax_ids": [[5]]}
    values = {
        "partner_id": client.thief["partner"],
        "order_line": [[0, 0, goods], [0, 0, claim]],
    }
    [sale] = client.call("sale.order", "create", [values])
    client.call("sale.order", "action_confirm", [sale])


@move("salesperson")
def coupons_are_guessed(client):
    """D4: the wizard of sales orders; a wrong code is no answer, and it counts."""
    [sale] = client.call("sale.order", "create", [{"partner_id": client.thief["partner"]}])
    values = {"order_id": sale, "coupon_code": f"044{client.dice.randrange(10**9)}"}
    [wizard] = client.call("sale.loyalty.coupon.wizard", "create", [values])
    return client.forbidden("sale.loyalty.coupon.wizard", "action_apply", [wizard])


# -- managers --------------------------------------------------------------------------------------


@move("loyalty_manager")
def balance_is_updated_over_the_limit(client):
    """I4: waits for a second person, who is not oneself."""
    name = client.dice.choice(["wallet", "points"])
    values = {
        "card_id": client.dice.choice([client.thief, client.victim])[name],
        "new_balance": HUGE,
        "description": "Counted",
    }
    [wizard] = client.call("loyalty.card.update.balance", "create", [values])
    client.call("loyalty.card.update.balance", "action_update_card_point", [wizard])
    own = [["state", "=", "to_approve"], ["create_uid", "=", client.stake["uid"]]]
    waiting = client.call("loyalty.adjustment", "search", own)
    return client.forbidden("loyalty.adjustment", "action_approve", waiting[:1])


@move("loyalty_manager")
def adjustment_is_born_done(client):
    """A correction that claims to be done, or approved by another."""
    values = {
        "balance_id": client.thief["wallet"],
        "points": HUGE,
        "reason": "Counted",
        "state": client.dice.choice(["done", "approved"]),
    }
    return client.forbidden("loyalty.adjustment", "create", [values])


@move("loyalty_manager")
def vouchers_are_generated(client):
    """So many of them that it is more than one person may give."""
    values = {
        "program_id": client.stage["program"],
        "mode": "selected",
        "points_granted": HUGE,
        "customer_ids": [[6, 0, [client.thief["partner"], client.victim["partner"]]]],
    }
    [wizard] = client.call("loyalty.generate.wizard", "create", [values])
    client.call("loyalty.generate.wizard", "generate_coupons", [wizard])


@move("loyalty_manager")
def bonus_is_made(client):
    """A fixed bonus on the smallest load: it waits archived."""
    band = {"from_amount": 0, "mode": "fixed", "value": 10_000_000}
    values = {"name": "Mine", "company_id": client.stage["company"], "band_ids": [[0, 0, band]]}
    [scheme] = client.call("loyalty.bonus.scheme", "create", [values])
    client.call("loyalty.bonus.scheme", "write", [scheme], {"active": True})


@move("loyalty_manager", "pos_manager")
def terms_become_generous(client):
    """A cheap reward, a dear point: they wait, or are not this role's to write."""
    attacks = [
        ("loyalty.reward", client.stage["poster_reward"], {"required_points": 1}),
        ("loyalty.program", client.stage["program"], {"point_value": 1000}),
        ("loyalty.reward", client.stage["voucher_reward"], {"discount": 100}),
    ]
    model, record, values = client.dice.choice(attacks)
    client.call(model, "write", [record], values)


@move("loyalty_manager", "pos_manager")
def program_is_written(client):
    """I3: company, currency and type of a program with value on it."""
    program = client.stage[client.dice.choice(["program", "wallet_program"])]
    values = {
        "company_id": client.dice.choice([False, client.stage["main_company"]]),
        "program_type": "coupons",
        "currency_id": client.stage["dollar"],
        "is_stored_value": program == client.stage["program"],
    }
    return any_write(client, "loyalty.program", program, values)


@move("loyalty_manager", "pos_manager")
def job_is_started(client):
    """I18: the jobs that expire, mature and post."""
    models = ["loyalty.hold", "loyalty.lot", "loyalty.posting"]
    name = client.dice.choice(["_cron_release", "_cron_expire", "_cron_post", "_post"])
    return client.forbidden(client.dice.choice(models), name, [])


@move("pos_manager")
def tender_is_unmarked(client):
    """I7: what has been a tender or a load product stays one."""
    tender = client.dice.choice(client.stage["tenders"])
    attacks = {
        "tender": (
            "pos.payment.method",
            "write",
            [tender],
            {"stored_value_type": False, "use_payment_terminal": False},
        ),
        "load": (
            "product.template",
            "write",
            [client.stage["topup_template"]],
            {"loyalty_load_type": False},
        ),
        "its tax": (
            "product.product",
            "write",
            [client.stage["topup"]],
            {"loyalty_load_type": "gift_card"},
        ),
    }
    return any_of(client, attacks)


@move("pos_manager")
def customer_moves_to_another_company(client):
    """I19."""
    partner, company = client.victim["partner"], client.stage["main_company"]
    return client.forbidden("res.partner", "write", [partner], {"company_id": company})


@move("loyalty_manager", "billing", "salesperson", "cashier")
def customers_are_merged(client):
    """A victim and a thief become one, by who is no manager of contacts."""
    partners = [client.victim["partner"], client.thief["partner"]]
    values = {"partner_ids": [[6, 0, partners]], "dst_partner_id": client.thief["partner"]}
    [wizard] = client.call("base.partner.merge.automatic.wizard", "create", [values])
    return client.forbidden("base.partner.merge.automatic.wizard", "action_merge", [wizard])


# -- the office ------------------------------------------------------------------------------------


@move("billing")
def load_is_credited(client):
    """B1: a credit note of a load, which would be paid out while the card keeps its value."""
    [[invoice]] = invoice_of(client, "load")
    note = reverse(client, invoice)
    return client.forbidden("account.move", "action_post", [note])


@move("billing")
def load_is_invoiced(client):
    """B1: a typed customer invoice or credit note with the load product."""
    values = {
        "move_type": client.dice.choice(["out_invoice", "out_refund"]),
        "partner_id": client.thief["partner"],
        "invoice_date": "2026-01-15",
        "invoice_line_ids": [
            [0, 0, {"product_id": client.stage["topup"], "price_unit": HUGE, "tax_ids": [[5]]}]
        ],
    }
    [typed] = client.call("account.move", "create", [values])
    return client.forbidden("account.move", "action_post", [typed])


@move("billing")
def invoice_of_a_till_is_reset(client):
    """B4, M7: a till's invoice goes to draft, as Odoo lets it, and is posted again.

    Cancelled or deleted, nothing comes back to a card for goods; a load's invoice stays.
    """
    name = client.dice.choice(["load", "bought"])
    [[invoice]] = invoice_of(client, name)
    with suppress(support.RpcError):
        client.call("account.move", "button_draft", [invoice])
    if client.dice.random() < 0.5:
        client.call("account.move", "action_post", [invoice])
    elif name == "load":
        method = client.dice.choice(["button_cancel", "unlink"])
        return client.forbidden("account.move", method, [invoice])
    else:
        client.call("account.move", "button_cancel", [invoice])
    return None


@move("billing")
def note_for_another_customer(client):
    """I6: by hand, of the victim's invoice, for the thief, with more than was sold."""
    [[invoice]] = invoice_of(client, "bought")
    values = {
        "move_type": "out_refund",
        "partner_id": client.thief["partner"],
        "reversed_entry_id": invoice,
        "invoice_line_ids": [
            [0, 0, {"product_id": client.stage["goods"], "price_unit": 2 * PRICE, "tax_ids": [[5]]}]
        ],
    }
    [note] = client.call("account.move", "create", [values])
    return client.forbidden("account.move", "action_post", [note])


@move("billing")
def credit_note_is_paid_out(client):
    """M8, B2: what a card has paid goes back to it, once, and not out of the bank as well."""
    guest = client.stake["guest"]
    [[invoice]] = client.sql("SELECT account_move FROM pos_order WHERE id = %s", guest["order"])
    with suppress(support.RpcError):
        note = reverse(client, invoice)
        client.call("account.move", "action_post", [note])
        context = {"active_model": "account.move", "active_ids": [note]}
        [wizard] = client.call("account.payment.register", "create", [{}], context=context)
        client.call("account.payment.register", "action_create_payments", [wizard], context=context)
    [[value]] = client.sql("SELECT points FROM loyalty_card WHERE id = %s", guest["wallet"])
    [[paid]] = client.sql(
        "SELECT COALESCE(SUM(amount), 0) FROM account_payment WHERE partner_id = %s "
        "AND payment_type = 'outbound' AND state NOT IN ('draft', 'canceled')",
        guest["partner"],
    )
    if float(value) + float(paid) > VALUE:
        return f"{value} is on the card and {paid} was paid out of {VALUE}"
    return None


def invoice_of(client, name):
    """The invoice of one of the victim's orders."""
    return client.sql(
        "SELECT account_move FROM pos_order WHERE id = %s", client.stake["orders"][name]
    )


def reverse(client, invoice):
    """A credit note in draft, made by Odoo's wizard."""
    context = {"active_model": "account.move", "active_ids": [invoice]}
    [[journal]] = client.sql("SELECT journal_id FROM account_move WHERE id = %s", invoice)
    values = {"journal_id": journal, "move_ids": [[6, 0, [invoice]]]}
    [wizard] = client.call("account.move.reversal", "create", [values], context=context)
    client.call("account.move.reversal", "refund_moves", [wizard], context=context)
    [[note]] = client.sql("SELECT MAX(id) FROM account_move WHERE reversed_entry_id = %s", invoice)
    return note


def dice_of(seed, name):
    """Dice of one client: the same moves in the same order for the same seed."""
    return random.Random(f"{seed}/{name}")
