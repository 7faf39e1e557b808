"""What hostile salespersons, managers and billing users try.

What a move is, and how its success is seen, stands in ``hostile.py``.
"""

from contextlib import suppress

import support
from hostile import HUGE, any_of, any_write, move
from hostile_stage import PRICE, VALUE, poster_claim

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


@move("loyalty_manager", "pos_manager", "billing", "salesperson", "cashier")
def customers_are_merged(client):
    """I12: a victim and a thief become one; who manages contacts may ask, and another decides."""
    partners = [client.victim["partner"], client.thief["partner"]]
    kept = client.dice.choice(partners)
    values = {"partner_ids": [[6, 0, partners]], "dst_partner_id": kept}
    [wizard] = client.call("base.partner.merge.automatic.wizard", "create", [values])
    client.call("base.partner.merge.automatic.wizard", "action_merge", [wizard])
    [[left]] = client.sql("SELECT COUNT(*) FROM res_partner WHERE id = ANY(%s)", partners)
    return None if left == len(partners) else "the victim and the thief are one"


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
