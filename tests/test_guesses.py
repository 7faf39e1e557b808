"""Wrong codes and PINs at a real server, whose passwords are hashed as on any server.

Odoo's test framework replaces the class that hashes, and plays all transactions in one.
"""

import time

import pytest
import support
from load_generator import RpcError, open_till, stock_card

MOST = 10
#: PINs are checked as slowly as on a server of its own; a difference must not be seen over that.
ROUNDS = 60_000


@pytest.fixture
def till(server):
    """A cashier at an open till: ``call(method, *arguments)``."""
    cashier = server.login("cashier")
    session, _methods = open_till(cashier)

    def call(method, *arguments):
        return cashier.call("loyalty.till", method, session, *arguments)

    call.cashier = cashier
    return call


def counted(server):
    """How many guesses the database keeps."""
    with support.cursor(server.database) as sql:
        sql.execute("SELECT COUNT(*) FROM loyalty_code_attempt")
        return sql.fetchone()[0]


def test_a_wrong_code_with_a_pin_is_a_guess_like_any_other(server, till):
    card = stock_card(server, 50_000)
    before = counted(server)
    with_pin = [till("lookup", {"code": f"wrong {n}", "pin": "1234"}) for n in range(3)]
    without = [till("lookup", {"code": f"wrong {n}"}) for n in range(3, MOST)]
    assert {answer["code"] for answer in with_pin + without} == {"unknown"}
    # the words tell whether a PIN was typed, which the cashier knows, and nothing of the card
    for answers in (with_pin, without):
        assert len({answer["message"] for answer in answers}) == 1
    assert counted(server) - before == MOST
    assert till("lookup", {"code": card.code})["code"] == "locked"


def test_an_error_afterwards_does_not_undo_the_count(server):
    seller = server.login("admin")
    partner = seller.call("res.partner", "create", [{"name": "Customer"}])[0]
    order = seller.call("sale.order", "create", [{"partner_id": partner}])[0]
    before = counted(server)
    for number in range(MOST + 1):
        values = {"order_id": order, "coupon_code": f"wrong {number}"}
        wizard = seller.call("sale.loyalty.coupon.wizard", "create", [values])
        with pytest.raises(RpcError) as refused:
            seller.call("sale.loyalty.coupon.wizard", "action_apply", wizard)
    assert "Too many" in str(refused.value)
    assert counted(server) - before == MOST


def test_managers_with_and_without_pin_cannot_be_told_apart(server, till):
    admin = server.login("admin")
    key, value = "password.hashing.rounds", str(ROUNDS)
    admin.call("ir.config_parameter", "set_param", key, value)
    manager = server.login("manager")
    manager.call("res.users", "write", [manager.uid], {"loyalty_pin": "97531"})
    [company] = till.cashier.call("res.users", "read", [till.cashier.uid], ["company_id"])
    group = admin.call(
        "ir.model.data", "search_read", [["name", "=", "group_pos_manager"]], ["res_id"]
    )[0]["res_id"]
    company_id = company["company_id"][0]
    without = admin.call(
        "res.users",
        "create",
        [
            {
                "name": "No PIN",
                "login": "no-pin",
                "group_ids": [[4, group]],
                "company_id": company_id,
                "company_ids": [[6, 0, [company_id]]],
            }
        ],
    )[0]
    seconds = {}
    for user in (manager.uid, without):
        for _guess in range(3):
            start = time.perf_counter()
            answer = till("approve_cash_refund", "an-order", user, "0000", "why")
            seconds.setdefault(user, []).append(time.perf_counter() - start)
            assert answer["code"] == "refused", answer
    fast, slow = sorted(min(times) for times in seconds.values())
    assert fast > slow / 2, seconds
    assert till("approve_cash_refund", "an-order", manager.uid, "97531", "why")["ok"]
