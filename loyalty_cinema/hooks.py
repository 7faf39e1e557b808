"""What happens once, when the addon is installed into a database that already has a life."""


def post_init_hook(env):
    """Give every company that keeps accounts its stored-value setup, and open the ledger.

    Parents come before branches, which share their accounts. Balances that customers already had
    get an opening entry each, so that a balance is the sum of its entries from the first day (L1).
    """
    companies = env["res.company"].search([("chart_template", "!=", False)], order="parent_path")
    companies._loyalty_setup()
    env["loyalty.ledger"]._open_existing_balances()
