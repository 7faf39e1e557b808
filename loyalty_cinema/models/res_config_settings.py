from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    """Where an accountant sees and changes the accounts of stored value."""

    _inherit = "res.config.settings"

    loyalty_stored_value_account_id = fields.Many2one(
        related="company_id.loyalty_stored_value_account_id", readonly=False
    )
    loyalty_unamortised_bonus_account_id = fields.Many2one(
        related="company_id.loyalty_unamortised_bonus_account_id", readonly=False
    )
    loyalty_promotional_discount_account_id = fields.Many2one(
        related="company_id.loyalty_promotional_discount_account_id", readonly=False
    )
    loyalty_breakage_account_id = fields.Many2one(
        related="company_id.loyalty_breakage_account_id", readonly=False
    )
    loyalty_service_recovery_account_id = fields.Many2one(
        related="company_id.loyalty_service_recovery_account_id", readonly=False
    )
    loyalty_stored_value_journal_id = fields.Many2one(
        related="company_id.loyalty_stored_value_journal_id", readonly=False
    )
    loyalty_posting_journal_id = fields.Many2one(
        related="company_id.loyalty_posting_journal_id", readonly=False
    )
    loyalty_points_redeemed_account_id = fields.Many2one(
        related="company_id.loyalty_points_redeemed_account_id", readonly=False
    )
    loyalty_points_journal_id = fields.Many2one(
        related="company_id.loyalty_points_journal_id", readonly=False
    )
    loyalty_gift_program_id = fields.Many2one(
        related="company_id.loyalty_gift_program_id", readonly=False
    )
    loyalty_wallet_program_id = fields.Many2one(
        related="company_id.loyalty_wallet_program_id", readonly=False
    )
    loyalty_points_program_id = fields.Many2one(
        related="company_id.loyalty_points_program_id", readonly=False
    )

    loyalty_second_person_limit = fields.Monetary(
        related="company_id.loyalty_second_person_limit",
        readonly=False,
        currency_field="currency_id",
    )

    def action_loyalty_setup(self):
        """Create whatever accounts, journals, programs and tenders the company is missing."""
        self.check_access("write")
        self.company_id._loyalty_setup()
        return {"type": "ir.actions.client", "tag": "reload"}
