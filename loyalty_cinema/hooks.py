"""What happens once, when the addon is installed into a database that already has a life."""


def pre_init_hook(env):
    """Let balances that plain Odoo took below zero pass the floor that is about to be set (L2).

    What they lack becomes their overdraft; without this the database would refuse the constraint,
    and Odoo would go on without it.
    """
    env.cr.execute(
        """
        ALTER TABLE loyalty_card ADD COLUMN IF NOT EXISTS held numeric DEFAULT 0,
                                 ADD COLUMN IF NOT EXISTS overdraft numeric DEFAULT 0;
        UPDATE loyalty_card SET overdraft = -points::numeric WHERE points < 0
        """
    )


def post_init_hook(env):
    """Give every company that keeps accounts its stored-value setup, and open the ledger.

    Parents come before branches, which share their accounts. Balances that customers already had
    get an opening entry each, so that a balance is the sum of its entries from the first day (L1).
    """
    companies = env["res.company"].search([("chart_template", "!=", False)], order="parent_path")
    companies._loyalty_setup()
    env["loyalty.ledger"]._open_existing_balances()
