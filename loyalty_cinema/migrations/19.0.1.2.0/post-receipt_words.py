"""Vouchers of money are called what they are; a member's name is no card number."""

from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    """Rename rewards that still bear the words that Odoo made up, and clear names."""
    if not version:
        return
    env = api.Environment(cr, SUPERUSER_ID, {})
    rewards = env["loyalty.reward"].with_context(active_test=False).search([])
    for reward in rewards.filtered(lambda reward: reward._is_spent_in_parts()):
        amount, symbol = f"{reward.discount:g}", reward.currency_id.symbol
        # what Odoo makes up begins so in every language: "1 ₫ per point on …"
        if reward.description.startswith((f"{amount} {symbol}", f"{symbol} {amount}")):
            reward.write({"description": reward.program_id.name})
            for lang, _name in env["res.lang"].get_installed():
                named = reward.with_context(lang=lang)
                named.discount_line_product_id.name = named.program_id.name
    cr.execute(
        """
        UPDATE pos_payment p SET card_no = NULL FROM pos_payment_method m
         WHERE m.id = p.payment_method_id AND m.stored_value_type = 'loyalty'
           AND p.card_no !~ '^[0-9]{4}$'
        """
    )
