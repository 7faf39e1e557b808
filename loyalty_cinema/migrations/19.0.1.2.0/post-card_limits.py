"""The card kinds that came without limits get those that a new company begins with."""

from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    """Companies that have set a limit of a kind keep theirs."""
    if not version:
        return
    env = api.Environment(cr, SUPERUSER_ID, {})
    companies = env["res.company"].search([("loyalty_gift_program_id", "!=", False)])
    for company in companies:
        env["loyalty.card.kind"]._set_first_limits(company)
