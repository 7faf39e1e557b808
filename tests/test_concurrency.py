"""Many tills, one card: real processes, real connections, and PostgreSQL between them (L2, L4)."""

import support
from load_generator import (
    Purchase,
    insist,
    line,
    open_till,
    order,
    payment,
    product,
    rush,
    stock_card,
    sync,
    together,
)

CLIENTS = 20
PRICE = 100_000
COVERED = 7
VALUE = COVERED * PRICE + 60_000


def test_l2_l4_twenty_tills_spend_a_card_that_covers_seven(busy_server):
    card = stock_card(busy_server, VALUE)
    purchases = rush(busy_server, card, CLIENTS, PRICE)
    paid = [bought for bought in purchases if bought.outcome == "paid"]
    refused = [bought for bought in purchases if bought.outcome == "refused"]
    assert (len(paid), len(refused)) == (COVERED, CLIENTS - COVERED)
    # at that moment it is spent, or other tills hold the rest of it
    said = [bought.message for bought in refused]
    assert all("not available" in words or "is reserved by" in words for words in said), said
    assert_spent_once(busy_server.database, card, paid)


def test_rows_2_and_4_odoos_own_gift_card_is_made_once_and_pays_once(busy_server):
    """Rows of the table in docs/architecture.md: plain Odoo makes two cards, and ends at -100."""
    admin = busy_server.login("admin")
    session, methods = open_till(admin, [["name", "=", "Furniture Shop"]])
    # nobody has sold it here, so it was put away; with it comes the product that sells it
    odoos = [
        ["program_type", "=", "gift_card"],
        ["is_stored_value", "=", False],
        ["active", "in", [True, False]],
    ]
    program_ids = admin.call("loyalty.program", "search", odoos, limit=1)
    admin.call("loyalty.program", "write", program_ids, {"active": True})
    [program] = admin.call("loyalty.program", "read", program_ids, ["reward_ids"])
    sold = sell_gift_card(admin, session, methods["cash"])
    data = {"-1": {"points": 100, "program_id": program["id"], "coupon_id": -1}}

    def confirm(till):
        return insist(lambda: till.call("pos.order", "confirm_coupon_programs", [sold], data))

    together(busy_server, "admin", [confirm] * 8)
    domain = [["program_id", "=", program["id"]], ["source_pos_order_id", "=", sold]]
    cards = admin.call("loyalty.card", "search_read", domain, ["points"])
    assert [card["points"] for card in cards] == [100]

    [reward] = admin.call(
        "loyalty.reward", "read", program["reward_ids"], ["discount_line_product_id"]
    )
    claims = [claim(admin, session, cards[0]["id"], reward) for _client in range(8)]
    together(
        busy_server, "admin", [lambda till, bought=bought: sync(till, bought) for bought in claims]
    )
    assert sorted(bought.outcome for bought in claims) == ["paid", *["refused"] * 7]
    [card] = admin.call("loyalty.card", "read", [cards[0]["id"]], ["points"])
    assert card["points"] == 0
    assert support.odoo_shell(busy_server.database, "env['loyalty.ledger'].verify()") == []


def sell_gift_card(till, session, method):
    """The id of a paid order of one of Odoo's own gift cards of 100."""
    gift = product(till, [["name", "=", "Gift Card"], ["loyalty_load_type", "=", False]])
    data = order(session, [line(gift, 100)], [payment(method, 100)])
    return till.call("pos.order", "sync_from_ui", [data])["pos.order"][0]["id"]


def claim(till, session, card, reward):
    """A purchase of 100 that ``card`` pays as Odoo's own gift cards do: by a discount line."""
    goods = product(till, [["name", "!=", "Gift Card"], ["loyalty_load_type", "=", False]])
    discount = {
        **line(reward["discount_line_product_id"][0], -100),
        "is_reward_line": True,
        "reward_id": reward["id"],
        "coupon_id": card,
        "points_cost": 100,
        "reward_identifier_code": "claim",
    }
    return Purchase(order(session, [line(goods, 100), discount], []), key="")


def assert_spent_once(database, card, paid):
    """Each paid order took its price off the card once, the others nothing, and L1 to L4 hold."""
    with support.cursor(database) as sql:
        sql.execute("SELECT points, held FROM loyalty_card WHERE id = %s", [card.balance_id])
        assert sql.fetchone() == (VALUE - len(paid) * PRICE, 0)
        sql.execute(
            """
            SELECT o.uuid, o.state, COUNT(DISTINCT p.id), SUM(p.amount),
                   COUNT(DISTINCT e.id), SUM(e.amount)
              FROM pos_payment p JOIN pos_order o ON o.id = p.pos_order_id
              LEFT JOIN loyalty_ledger_entry e
                ON e.origin_model = 'pos.order' AND e.origin_id = o.id AND e.kind = 'spend'
             WHERE p.payment_method_id = %s AND p.transaction_id IN
                   (SELECT key FROM loyalty_hold WHERE balance_id = %s)
             GROUP BY o.id
            """,
            [card.tender_id, card.balance_id],
        )
        expected = {(b.order["uuid"], "paid", 1, PRICE, 1, -PRICE) for b in paid}
        assert set(sql.fetchall()) == expected
        sql.execute(
            "SELECT uuid FROM pos_order WHERE uuid = ANY(%s)", [[b.order["uuid"] for b in paid]]
        )
        assert sql.rowcount == len(paid)
    assert support.odoo_shell(database, "env['loyalty.ledger'].verify()") == []
