"""What happens once: when the addon comes into a database with a life, and when it leaves it."""

from odoo import Command


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
    Odoo's own gift card and eWallet leave the tills where they were never sold.
    """
    companies = env["res.company"].search([("chart_template", "!=", False)], order="parent_path")
    companies._loyalty_setup()
    env["loyalty.program"]._loyalty_retire_unsold()
    env["loyalty.ledger"]._open_existing_balances()


def uninstall_hook(env):
    """Take off tills and sale what plain Odoo would sell or take without a card behind it.

    Nobody owns value any more, or this refuses like the button did: Odoo calls the hook before it
    removes anything. Documents keep their payment methods, products and programs, which is why
    these are archived and not deleted; what an administrator uses again is theirs.
    """
    env["ir.module.module"].search([("name", "=", "loyalty_cinema")])._loyalty_check_removable()
    env = env(context={"active_test": False, "tracking_disable": True})
    _retire_tenders(env)
    env["product.template"].search([("loyalty_load_type", "!=", False)]).write(
        {"active": False, "available_in_pos": False, "sale_ok": False}
    )
    # Of a membership program plain Odoo would grant by a rule whose numbers nobody reads so far.
    env["loyalty.program"].search(
        ["|", ("is_stored_value", "=", True), ("is_membership", "=", True)]
    ).active = False
    _retire_tier_prices(env)


def _retire_tenders(env):
    """A payment method without our terminal would pay as soon as it is touched.

    Their journals go with them: a till looks for a bank among the journals. One with drafts stays.
    """
    methods = env["pos.payment.method"].search([("stored_value_type", "!=", False)])
    methods.write({"config_ids": [Command.clear()], "active": False})
    journals = env["res.company"].search([])._loyalty_tender_journals()
    drafts = env["account.move"].search(
        [("journal_id", "in", journals.ids), ("state", "=", "draft")]
    )
    journals -= drafts.journal_id
    env.flush_all()
    # by SQL: neither is allowed as long as the addon is there
    env.cr.execute(
        """
        UPDATE pos_payment_method SET use_payment_terminal = NULL, payment_method_type = 'none'
         WHERE id = ANY(%s)
        """,
        [methods.ids],
    )
    env.cr.execute("UPDATE account_journal SET active = FALSE WHERE id = ANY(%s)", [journals.ids])
    env.invalidate_all()


def _retire_tier_prices(env):
    """Plain Odoo falls back on the first pricelist there is: not on one that had to be earned."""
    earned = env["product.pricelist"].browse(env["loyalty.tier"]._pricelists_to_earn())
    kept = earned.filtered("loyalty_tier_id")
    kept.active = False
    last = max(env["product.pricelist"].search([]).mapped("sequence"), default=0)
    (earned - kept).sequence = last + 1
