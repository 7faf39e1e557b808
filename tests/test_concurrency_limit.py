"""One person at many screens: what is given at the same moment counts together, too (M6, I12)."""

import support
from load_generator import insist, together

CLIENTS = 6
LIMIT = 100_000
#: A voucher worth the limit, a customer with empty ones, and others with one each.
MAKE = f"""
company = env.ref("loyalty_cinema.company_lm")
company.loyalty_second_person_limit = {LIMIT}
reward = {{"reward_type": "discount", "discount_mode": "per_order", "discount": {LIMIT}}}
program = env["loyalty.program"].create({{
    "name": "Voucher", "program_type": "coupons", "applies_on": "current", "trigger": "with_code",
    "company_id": company.id, "reward_ids": [(0, 0, {{**reward, "required_points": 1}})],
}})
customer, *others = env["res.partner"].create([{{"name": "C"}} for _n in range({CLIENTS} + 1)])
empty = env["loyalty.card"].create(
    [{{"program_id": program.id, "partner_id": customer.id}} for _other in others]
)
env["loyalty.card"].create(
    [{{"program_id": program.id, "partner_id": o.id, "points": 1}} for o in others]
)
env.cr.commit()
"""
MADE = "[customer.id, [other.id for other in others], empty.ids]"


def test_six_corrections_at_the_limit_at_one_moment_are_one(busy_server):
    customer, _others, balances = support.odoo_shell(busy_server.database, MADE, MAKE)
    manager = busy_server.login("manager")
    wizards = [
        filled_in(
            manager, "loyalty.card.update.balance", card_id=one, new_balance=1, description="?"
        )
        for one in balances
    ]
    together(busy_server, "manager", [button("action_update_card_point", *w) for w in wizards])
    with support.cursor(busy_server.database) as sql:
        sql.execute("SELECT SUM(points) FROM loyalty_card WHERE id = ANY(%s)", [balances])
        assert sql.fetchone() == (1,)
    assert states(busy_server, customer) == ["done", *["to_approve"] * (CLIENTS - 1)]


def test_six_merges_at_the_limit_at_one_moment_are_one(busy_server):
    customer, others, _balances = support.odoo_shell(busy_server.database, MADE, MAKE)
    manager = busy_server.login("manager")
    wizards = [
        filled_in(
            manager,
            "base.partner.merge.automatic.wizard",
            partner_ids=[[6, 0, [customer, other]]],
            dst_partner_id=customer,
        )
        for other in others
    ]
    together(busy_server, "manager", [button("action_merge", *wizard) for wizard in wizards])
    with support.cursor(busy_server.database) as sql:
        sql.execute("SELECT COUNT(*) FROM res_partner WHERE id = ANY(%s)", [others])
        assert sql.fetchone() == (CLIENTS - 1,)
    assert states(busy_server, customer) == ["done", *["to_approve"] * (CLIENTS - 1)]


def filled_in(manager, model, **values):
    """A wizard that is filled in: its model and id."""
    return model, manager.call(model, "create", [values])


def button(method, model, ids):
    """A client's press on a wizard's button, again until the server has answered."""
    return lambda client: insist(lambda: client.call(model, method, ids))


def states(server, customer):
    """The states of all that was given to ``customer``, in order."""
    with support.cursor(server.database) as sql:
        sql.execute("SELECT state FROM loyalty_adjustment WHERE partner_id = %s", [customer])
        return sorted(state for (state,) in sql.fetchall())
