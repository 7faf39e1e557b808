"""Many tills, one card: real processes, real connections, and PostgreSQL between them (L2, L4)."""

import pytest
import support
from load_generator import rush, stock_card

CLIENTS = 20
PRICE = 100_000
COVERED = 7
VALUE = COVERED * PRICE + 60_000


@pytest.fixture
def busy_server(own_database):
    """Odoo with four worker processes, more than this machine needs: they shall meet."""
    with support.odoo_server(own_database, workers=4) as running:
        yield running


def test_l2_l4_twenty_tills_spend_a_card_that_covers_seven(busy_server):
    card = stock_card(busy_server, VALUE)
    purchases = rush(busy_server, card, CLIENTS, PRICE)
    paid = [bought for bought in purchases if bought.outcome == "paid"]
    refused = [bought for bought in purchases if bought.outcome == "refused"]
    assert (len(paid), len(refused)) == (COVERED, CLIENTS - COVERED)
    assert all("not available" in bought.message for bought in refused), refused[0].message
    assert_spent_once(busy_server.database, card, paid)


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
