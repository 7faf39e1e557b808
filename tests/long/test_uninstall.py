"""An Odoo with a life gets the addon, uses it, and goes on without it: real server and buttons."""

import os

import pytest
import support
from load_generator import (
    close_till,
    line,
    open_till,
    order,
    pay,
    payment,
    product,
    purchase,
    stock_card,
)

SHOP = [["name", "=", "Furniture Shop"]]
ADDON = [["name", "=", "loyalty_cinema"]]
EMPTY = """[
    [env['loyalty.ledger'].debit(b, b.points, 'adjust', f'empty:{b.id}:{b.points}', reason='End')
     for b in env['loyalty.card'].with_context(active_test=False).search(
        [('program_id.is_stored_value', '=', True), ('points', '>', 0)])],
    env['loyalty.posting']._post(env['res.company'].search([])),
    env.cr.commit(),
] and list(env['ir.module.module']._loyalty_obstacles())"""


@pytest.fixture
def plain_server():
    """Odoo without the addon, with its own demo data."""
    with (
        support.database(os.environ["BASE_TEMPLATE"]) as name,
        support.odoo_server(name) as running,
    ):
        yield running


def test_nobody_loses_value_or_pays_without_a_card(plain_server):
    admin = plain_server.login("admin")
    before = sell_and_spend_as_plain_odoo_does(admin)
    install(admin)
    card = use_the_addon(plain_server)

    assert_refused_by_every_button(admin, "on \\d+ balances")
    close_till(plain_server.login("cashier"), card.session_id)
    assert support.odoo_shell(plain_server.database, EMPTY) == []
    assert_refused_when_value_comes_between(plain_server, admin, card)
    press_uninstall(admin)

    assert states(admin) == ["uninstalled"]
    assert_no_till_pays_without_a_card(admin)
    assert sell_and_spend_as_plain_odoo_does(admin) == before
    install(admin)
    assert support.odoo_shell(plain_server.database, "env['loyalty.ledger'].verify()") == []


def sell_and_spend_as_plain_odoo_does(admin):
    """Coupons are generated and one of them pays a part of a sale; returns what came of it."""
    [program] = admin.call(
        "loyalty.program",
        "search_read",
        [["program_type", "=", "gift_card"]],
        ["reward_ids"],
        limit=1,
    )
    wizard = admin.call(
        "loyalty.generate.wizard",
        "create",
        {
            "program_id": program["id"],
            "mode": "anonymous",
            "coupon_qty": 2,
            "points_granted": 30,
            "description": "A present",
        },
    )
    coupons = admin.call("loyalty.generate.wizard", "generate_coupons", [wizard])
    cards = admin.call(
        "loyalty.card", "search", [["program_id", "=", program["id"]]], order="id desc", limit=2
    )
    session, methods = open_till(admin, SHOP)
    [reward] = admin.call(
        "loyalty.reward", "read", program["reward_ids"], ["discount_line_product_id"]
    )
    goods = product(admin, [["name", "=", "Desk Organizer"]])
    claim = {
        **line(reward["discount_line_product_id"][0], -30),
        "is_reward_line": True,
        "reward_id": reward["id"],
        "coupon_id": cards[0],
        "points_cost": 30,
        "reward_identifier_code": "present",
    }
    sale = order(session, [line(goods, 100), claim], [payment(methods["cash"], 70)])
    sold = admin.call("pos.order", "sync_from_ui", [sale])["pos.order"][0]
    spent = {"points": -30, "program_id": program["id"], "coupon_id": cards[0]}
    admin.call("pos.order", "confirm_coupon_programs", [sold["id"]], {str(cards[0]): spent})
    close_till(admin, session)
    left = admin.call("loyalty.card", "read", cards, ["points"])
    [paid] = admin.call("pos.order", "read", [sold["id"]], ["state", "amount_paid"])
    return bool(coupons), [one["points"] for one in left], paid["state"], paid["amount_paid"]


def install(admin):
    """By the button, as an administrator does."""
    [module] = admin.call("ir.module.module", "search", ADDON)
    admin.call("ir.module.module", "button_immediate_install", [module])
    assert states(admin) == ["installed"]


def states(admin):
    """The state of the addon, as the list of modules shows it."""
    return [one["state"] for one in admin.call("ir.module.module", "search_read", ADDON, ["state"])]


def use_the_addon(server):
    """A card that was loaded with 500,000 and paid 300,000; its till is still open."""
    card = stock_card(server, 500_000)
    bought = purchase(card, 300_000)
    pay(server.login("cashier"), card, bought)
    assert bought.outcome == "paid", bought.message
    return card


def press_uninstall(admin, name="loyalty_cinema"):
    """The button of the window that Odoo shows before it uninstalls."""
    modules = admin.call("ir.module.module", "search", [["name", "=", name]])
    wizard = admin.call("base.module.uninstall", "create", {"module_ids": [[6, 0, modules]]})
    admin.call("base.module.uninstall", "action_uninstall", [wizard])


def assert_refused_by_every_button(admin, reason):
    """The addon, and the modules that would take it along."""
    with pytest.raises(support.RpcError, match=reason):
        press_uninstall(admin)
    for name in ("loyalty_cinema", "pos_loyalty", "sale_loyalty", "loyalty", "point_of_sale"):
        modules = admin.call("ir.module.module", "search", [["name", "=", name]])
        for button in ("button_uninstall", "button_immediate_uninstall"):
            with pytest.raises(support.RpcError, match=reason):
                admin.call("ir.module.module", button, modules)
    assert states(admin) == ["installed"]


def assert_refused_when_value_comes_between(server, admin, card):
    """The removal is scheduled, a customer gets value, the removal is carried out: it is not."""
    modules = admin.call("ir.module.module", "search", ADDON)
    admin.call("ir.module.module", "button_uninstall", modules)
    assert states(admin) == ["to remove"]
    balance = f"env['loyalty.card'].browse({card.balance_id})"
    credit = f"env['loyalty.ledger'].credit({balance}, 9000, 'adjust', 'between', reason='Sorry')"
    support.odoo_shell(server.database, f"[{credit}, env.cr.commit()] and 1")
    upgrade = admin.call("base.module.upgrade", "create", {})
    with pytest.raises(support.RpcError, match="cannot be removed yet"):
        admin.call("base.module.upgrade", "upgrade_module", [upgrade])
    assert states(admin) == ["installed"]
    assert support.odoo_shell(server.database, EMPTY) == []


def assert_no_till_pays_without_a_card(admin):
    """No till offers a method, nor sells a product, of stored value."""
    every = {"context": {"active_test": False}}
    names = ["Gift card", "Member wallet", "Points"]
    retired = admin.call(
        "pos.payment.method",
        "search_read",
        [["name", "in", names]],
        ["active", "config_ids", "use_payment_terminal"],
        **every,
    )
    assert retired
    assert [m for m in retired if m["active"] or m["config_ids"] or m["use_payment_terminal"]] == []
    loads = [["name", "in", ["Gift card", "Wallet top-up"]]]
    assert admin.call("product.template", "search_count", loads) == 0
    programs = admin.call("loyalty.program", "search_count", [["name", "in", names]])
    assert programs == 0
