"""Databases of each landed version, with the demo cinema's data, become databases of this one."""

import csv
import re
from pathlib import Path

import pytest
import support

#: The last commit of each version that somebody may have installed, oldest first.
LANDED = {"19.0.1.0.0": "23e13bd", "19.0.1.1.0": "57967ca"}
RIGHTS = ("perm_read", "perm_write", "perm_create", "perm_unlink")
#: What customers own, what moved, and what the books say of it. Rows that the upgrade adds to
#: tables of its own are no business of this.
FACTS = {
    "balances": "SELECT id, program_id, partner_id, member_card_id, points, held, overdraft, "
    "pending, qualifying_points, code, active FROM loyalty_card ORDER BY id",
    "entries": "SELECT id, balance_id, program_id, company_id, kind, amount, bonus_amount, "
    "balance_after, key, date, move_id FROM loyalty_ledger_entry ORDER BY id",
    "lots": "SELECT id, balance_id, amount, remaining FROM loyalty_lot ORDER BY id",
    "uses": "SELECT id, lot_id, entry_id, amount FROM loyalty_lot_line ORDER BY id",
    "holds": "SELECT id, balance_id, amount, key, state FROM loyalty_hold ORDER BY id",
    "cards": "SELECT id, code, state, kind_id, holder_id FROM loyalty_member_card ORDER BY id",
    "members": "SELECT id, partner_id, program_id, tier_id, active FROM loyalty_member ORDER BY id",
    "vouchers": "SELECT id, member_id, benefit_id FROM loyalty_benefit_issue ORDER BY id",
    "orders": "SELECT id, state, amount_total, partner_id, loyalty_settled FROM pos_order "
    "ORDER BY id",
    "payments": "SELECT id, payment_method_id, amount, transaction_id FROM pos_payment ORDER BY id",
    "accounts": "SELECT account_id, SUM(balance) FROM account_move_line "
    "WHERE parent_state = 'posted' GROUP BY 1 ORDER BY 1",
    "tills": "SELECT * FROM pos_config_pos_payment_method_rel ORDER BY 1, 2",
}
WHOLE = """{
    'broken': env['loyalty.ledger'].verify(),
    'differences': [
        (company.name, difference)
        for company in env['res.company'].search([('chart_template', '!=', False)])
        for posting in [env['loyalty.posting'].with_company(company)]
        for difference in [posting._position(company)['difference']]
        if difference],
    'csv': {
        module: odoo.tools.misc.file_path(module + '/security/ir.model.access.csv')
        for module in ('loyalty', 'pos_loyalty', 'sale_loyalty')},
}"""


@pytest.mark.parametrize("version", LANDED)
def test_data_of_a_landed_version_survives(version):
    with support.database(support.template_then(LANDED[version])) as name:
        before = facts(name)
        assert before["entries"] and before["vouchers"]
        log = support.upgrade(name)
        assert [line for line in log.splitlines() if re.search(r" (ERROR|CRITICAL) ", line)] == []
        assert "unable to add constraint" not in log
        for what, rows in facts(name).items():
            assert rows == before[what], what
        found = support.odoo_shell(name, WHOLE)
        assert found["broken"] == []
        assert found["differences"] == []
        for module, path in found["csv"].items():
            assert rights(name, module) == rights_of_odoo(path), module


def facts(name):
    """All that must be the same afterwards."""
    with support.cursor(name) as sql:
        found = {}
        for what, query in FACTS.items():
            sql.execute(query)
            found[what] = sql.fetchall()
        return found


def rights(name, module):
    """Odoo's own access rights as the database has them."""
    with support.cursor(name) as sql:
        sql.execute(
            f"""
            SELECT d.name, {", ".join(f"a.{mode}" for mode in RIGHTS)}
              FROM ir_model_access a JOIN ir_model_data d
                ON d.model = 'ir.model.access' AND d.res_id = a.id AND d.module = %s
            """,
            [module],
        )
        return {row[0]: row[1:] for row in sql.fetchall()}


def rights_of_odoo(path):
    """The same as Odoo's file has them."""
    with Path(path).open() as file:
        return {
            row["id"]: tuple(row[mode] == "1" for mode in RIGHTS) for row in csv.DictReader(file)
        }
