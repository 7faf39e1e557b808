from odoo import api, fields, models, tools

#: A till that was offline for longer than this has lost more than its customers.
REMEMBERED_DAYS = 30


class LoyaltyMergedPartner(models.Model):
    """Which contact took the place of one that a merge deleted.

    A till that has not heard of the merge sends the old id with its orders. Odoo would drop the
    customer, who would earn nothing. Written with SQL by the merge; a further merge moves
    ``partner_id`` on, as it does with every reference to a contact.
    """

    _name = "loyalty.merged.partner"
    _inherit = "loyalty.ledger.protected"
    _description = "Merged Contact"
    _order = "id desc"

    old_id = fields.Integer("Id of the contact that is gone", required=True)
    partner_id = fields.Many2one("res.partner", required=True, index=True, ondelete="cascade")

    _old_unique = models.Constraint("UNIQUE(old_id)", "A contact is merged once.")

    @api.model
    @api.private
    def _remember(self, gone, kept):
        """Note that ``kept`` took the place of ``gone``; one statement."""
        self.env.cr.execute(
            """
            INSERT INTO loyalty_merged_partner (old_id, partner_id, create_uid, create_date)
            SELECT UNNEST(%s::int[]), %s, %s, %s ON CONFLICT DO NOTHING
            """,
            (gone.ids, kept.id, self.env.uid, fields.Datetime.now()),
        )
        self.env.registry.clear_cache()

    @api.model
    @api.private
    @tools.ormcache()
    def _successors(self):
        """``{id that is gone: id that took its place}`` of late, in memory: tills ask often."""
        self.env.cr.execute(
            """
            SELECT old_id, partner_id FROM loyalty_merged_partner
             WHERE create_date > now() AT TIME ZONE 'UTC' - make_interval(days => %s)
            """,
            (REMEMBERED_DAYS,),
        )
        return dict(self.env.cr.fetchall())


class PosOrder(models.Model):
    """Orders of a till that does not know yet that two customers became one."""

    _inherit = "pos.order"

    @api.model
    def sync_from_ui(self, orders):
        """Whose contact was merged is the one that is left."""
        # sudo: which contact is left; the rights on it are the order's
        successors = self.env["loyalty.merged.partner"].sudo()._successors()
        return super().sync_from_ui(
            [self._loyalty_follow_merge(order, successors) for order in orders]
            if successors
            else orders
        )

    @api.model
    def _loyalty_follow_merge(self, order, successors):
        partner_id = order.get("partner_id") if isinstance(order, dict) else None
        if not isinstance(partner_id, int) or partner_id not in successors:
            return order
        return {**order, "partner_id": successors[partner_id]}


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    """Every merge is remembered for the tills."""

    _inherit = "base.partner.merge.automatic.wizard"

    def _update_foreign_keys(self, src_partners, dst_partner):
        """The references of earlier merges move like all others."""
        result = super()._update_foreign_keys(src_partners, dst_partner)
        self.env["loyalty.merged.partner"]._remember(src_partners, dst_partner)
        return result
