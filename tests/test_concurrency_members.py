"""Many tills, one newcomer and one member's points: real processes, real connections (L2, L4)."""

import uuid

import support
from load_generator import insist, line, open_till, order, payment, product, together

CLIENTS = 8
CLAIM = 100
COVERED = 3
PHONE = "0977 123 456"


def test_eight_tills_enrol_one_newcomer_and_three_of_eight_claims_are_covered(busy_server):
    admin = busy_server.login("admin")
    session = club(admin)
    values = {"name": "Newcomer", "phone": PHONE}
    answers = together(busy_server, "admin", [call("enrol", session, values)] * CLIENTS)
    assert all(answer["ok"] for answer in answers), answers
    assert len({answer["partner_id"] for answer in answers}) == 1
    assert sum(not answer["existing"] for answer in answers) == 1
    [balance] = {answer["member"]["balance_id"] for answer in answers}
    grant = f"env['loyalty.ledger'].credit(env['loyalty.card'].browse({balance}), "
    grant += f"{COVERED * CLAIM + 50}, 'opening', 'test') and env.cr.commit()"
    support.odoo_shell(busy_server.database, grant)

    claims = [{"balance_id": balance, "points": CLAIM}]
    orders = [str(uuid.uuid4()) for _client in range(CLIENTS)]
    actions = [call("hold_claims", session, order, claims) for order in orders]
    answers = together(busy_server, "admin", actions)
    assert sum(answer["ok"] for answer in answers) == COVERED, answers
    assert {answer["code"] for answer in answers if not answer["ok"]} == {"stale"}
    with support.cursor(busy_server.database) as sql:
        sql.execute("SELECT held FROM loyalty_card WHERE id = %s", [balance])
        assert sql.fetchone() == (COVERED * CLAIM,)


def call(method, session, *args):
    """A client's call to the till's service, sent again until the server has answered."""
    return lambda till: insist(lambda: till.call("loyalty.till", method, session, *args))


def club(admin):
    """A membership program of the administrator's company; the id of an open session."""
    [user] = admin.call("res.users", "read", [admin.uid], ["company_id"])
    company = user["company_id"][0]
    program = admin.call(
        "loyalty.program",
        "create",
        [
            {
                "name": "Club",
                "program_type": "loyalty",
                "is_membership": True,
                "company_id": company,
            }
        ],
    )
    admin.call("res.company", "write", [company], {"loyalty_points_program_id": program[0]})
    session, _methods = open_till(admin, [["company_id", "=", company]])
    return session


def test_eight_orders_of_one_member_that_earn_nothing_move_one_last_visit(busy_server):
    admin = busy_server.login("admin")
    session = club(admin)
    values = {"name": "Regular", "phone": "0977 123 457"}
    member = call("enrol", session, values)(admin)
    assert member["ok"], member
    domain = [["company_id", "=", False], ["loyalty_load_type", "=", False]]
    snack = product(admin, [*domain, ["type", "!=", "combo"]])
    [user] = admin.call("res.users", "read", [admin.uid], ["company_id"])
    _session, methods = open_till(admin, [["company_id", "=", user["company_id"][0]]])
    orders = [
        {
            **order(session, [line(snack, 1)], [payment(methods["cash"], 1)]),
            "partner_id": member["partner_id"],
        }
        for _client in range(CLIENTS)
    ]
    together(busy_server, "admin", [sync_one(bought) for bought in orders])
    with support.cursor(busy_server.database) as sql:
        sql.execute(
            "SELECT COUNT(*) FROM pos_order WHERE uuid = ANY(%s) AND state = 'paid'",
            [[bought["uuid"] for bought in orders]],
        )
        assert sql.fetchone() == (CLIENTS,)
        sql.execute(
            "SELECT last_visit_on >= current_date - 1 FROM loyalty_member WHERE id = %s",
            [member["member"]["id"]],
        )
        assert sql.fetchone() == (True,)


def sync_one(bought):
    """A till that synchronises one order, again until the server has answered."""
    return lambda till: insist(lambda: till.call("pos.order", "sync_from_ui", [bought]))
