"""What stays in the browser of a till after a long day: 300 orders in one page, without reloading.

Odoo keeps every order of the session, and a record that was made through a screen's reactive
store holds that screen with all its nodes: a heap snapshot shows orders and payments that hold the
proxies of the payment, receipt and product screens. That is not ours to change, but what we put on
those screens stays with them. So the same day is played in plain Odoo, and the two are compared.
"""

import os
from pathlib import Path

import support
from browser import chromium

ORDERS = int(os.environ.get("CINEMA_ORDERS", "300"))
WARM_UP = 20
#: More than plain Odoo, for each order.
NODES_MORE_MAX, LISTENERS_MORE_MAX, MEGABYTES_MORE_MAX = 20, 10, 0.2

#: A cashier sells by the screens of the till: two products for cash, every second time
#: to a customer who is known.
SELL = """
(async () => {
    const pos = window.posmodel;
    const until = async (find) => {
        for (const end = Date.now() + 20000; ; ) {
            const found = find();
            if (found) { return found; }
            if (Date.now() > end) { throw new Error(`not found: ${find}`); }
            await new Promise((resolve) => setTimeout(resolve, 10));
        }
    };
    const see = (selector) => until(() => document.querySelector(selector));
    const goods = pos.models["product.template"].filter(
        (p) => p.available_in_pos && !p.isConfigurable() && !p.combo_ids?.length &&
            !p.loyalty_load_type && p.product_variant_ids.length === 1 && p.list_price > 0
    );
    const guests = pos.models["res.partner"].filter((p) => p.name);
    const cash = pos.config.payment_method_ids.find((m) => m.type === "cash").name;
    for (let i = 0; i < %(orders)d; i++) {
        await see(".product-screen");
        if (i %% 2) {
            const guest = guests[i %% guests.length];
            pos.setPartnerToCurrentOrder(guest);
            await pos.members?.load(guest);
        }
        for (const product of [goods[i %% goods.length], goods[(i * 7) %% goods.length]]) {
            await pos.addLineToCurrentOrder({ product_tmpl_id: product });
        }
        await until(() => pos.getOrder().lines.length > 0);
        await pos.pay();
        await see(".payment-screen");
        const methods = () => [...document.querySelectorAll(".paymentmethod")];
        (await until(() => methods().find((m) => m.innerText.trim() === cash))).click();
        (await see(".payment-screen .button.next.highlight")).click();
        (await see(".receipt-screen .button.next.validation")).click();
    }
    await see(".product-screen");
})()
"""


def day_in(template):
    """What each order leaves in the page, in a copy of ``template``."""
    with support.database(template) as name, support.odoo_server(name) as server:
        session = server.login("admin")
        [config] = session.call("pos.config", "search", [], limit=1)
        session.call("pos.config", "open_ui", [config])
        [till] = session.call("pos.session", "search", [["state", "=", "opening_control"]], limit=1)
        session.call("pos.session", "set_opening_control", [till], 0, "")
        with chromium(session, f"/pos/ui/{config}") as page:
            page.wait_for("document.querySelector('.open-register-btn')", 180)
            page.run("document.querySelector('.open-register-btn').click()")
            page.run(SELL % {"orders": WARM_UP})
            before = page.figures()
            page.run(SELL % {"orders": ORDERS})
            return page.figures().since(before, ORDERS)


def test_a_long_day_leaves_no_screens_behind():
    """Nodes, listeners and megabytes for each order, plain Odoo beside this addon."""
    plain = day_in(os.environ["BASE_TEMPLATE"])
    ours = day_in(os.environ["ADDON_TEMPLATE"])
    line = f"memory of {ORDERS} orders, for each: plain {plain}, with the addon {ours}"
    with Path(os.environ["CINEMA_RUN_DIR"], "figures.txt").open("a") as figures:
        figures.write(f"{line}\n")
    print(line)
    assert ours.nodes <= plain.nodes + NODES_MORE_MAX, line
    assert ours.listeners <= plain.listeners + LISTENERS_MORE_MAX, line
    assert ours.megabytes <= plain.megabytes + MEGABYTES_MORE_MAX, line
