import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..domain.movement import Template

_logger = logging.getLogger(__name__)

#: What a refund takes back with a tier: everything unused that tiers above the one that is left
#: have given between the member's last rise to them and the refund.
UNDONE = """
    SELECT i.id
      FROM loyalty_tier_change undone
      JOIN loyalty_benefit_issue i ON i.member_id = undone.member_id AND i.state = 'issued'
      JOIN loyalty_tier t ON t.id = i.tier_id
      LEFT JOIN loyalty_tier rest ON rest.id = undone.to_tier_id
     CROSS JOIN LATERAL (
           SELECT MAX(c.id) AS id
             FROM loyalty_tier_change c
             JOIN loyalty_tier high ON high.id = c.to_tier_id
             LEFT JOIN loyalty_tier low ON low.id = c.from_tier_id
            WHERE c.member_id = undone.member_id AND c.id < undone.id
              AND c.kind IN ('start', 'upgrade', 'manual', 'merge')
              AND high.threshold >= t.threshold AND COALESCE(low.threshold, -1) < t.threshold
           ) risen
      JOIN loyalty_tier_change rise ON rise.id = risen.id
     WHERE undone.id = ANY(%s)
       AND i.create_date BETWEEN date_trunc('second', rise.create_date) AND undone.create_date
       AND t.threshold > COALESCE(rest.threshold, -1)
"""
#: Members whose tier a refund has lately taken back, and who have not had a change since.
LATELY_UNDONE = """
    SELECT undone.id FROM loyalty_tier_change undone
     WHERE undone.kind = 'refund' AND undone.create_date >= %s
       AND NOT EXISTS (SELECT 1 FROM loyalty_tier_change later
                        WHERE later.member_id = undone.member_id AND later.id > undone.id)
"""
#: No payment at the till holds a voucher for that long.
HELD_MAX = timedelta(days=7)


class LoyaltyTier(models.Model):
    """What a tier gives."""

    _inherit = "loyalty.tier"

    benefit_ids = fields.One2many("loyalty.benefit", "tier_id", "Benefits")


class LoyaltyTierChange(models.Model):
    """Gifts follow the tier: given when it is reached, taken back when a refund undoes that."""

    _inherit = "loyalty.tier.change"

    @api.private
    def _after_changes(self):
        """Give what is given on reaching a tier, and withdraw what an undone upgrade gave.

        A constant number of statements for each benefit that is given on reaching one of these
        tiers. A benefit that cannot be given must not undo the sale that the tier was reached by:
        it is logged, and the nightly job tries again.
        """
        result = super()._after_changes()
        self._give_on_reaching()
        if undone := self.filtered(lambda change: change.kind == "refund"):
            undone._withdraw_unused()
        return result

    def _give_on_reaching(self):
        reached = self.filtered(lambda change: change.kind in ("upgrade", "manual"))
        if not reached:
            return
        # sudo: whoever sells may bring a member to a tier; what it gives is the house's
        benefits = self.env["loyalty.benefit"].sudo()
        benefits = benefits.search(
            [
                ("tier_id", "in", reached.to_tier_id.ids),
                ("occasion", "=", "reaching"),
                ("gives", "!=", "service"),
            ],
            order="id",
        )
        for benefit in benefits:
            here = reached.filtered(lambda change, b=benefit: change.to_tier_id == b.tier_id)
            try:
                with self.env.cr.savepoint():
                    benefit._give(benefit._today(), here.member_id.ids)
            except UserError:
                _logger.exception("Benefit %s not given on reaching", benefit.id)

    def _withdraw_unused(self):
        """Withdraw what is unused of what the tiers that were undone have given: three queries."""
        self.env.flush_all()
        self.env.cr.execute(UNDONE, (self.ids,))
        # sudo: as in _give_on_reaching
        issues = self.env["loyalty.benefit.issue"].sudo()
        issues.browse(row[0] for row in self.env.cr.fetchall())._withdraw(
            self.env._("A refund took the tier back")
        )

    @api.model
    @api.private
    def _withdraw_what_was_held(self):
        """Nightly: vouchers that an order held when a refund took their tier back."""
        self.env.flush_all()
        self.env.cr.execute(LATELY_UNDONE, (fields.Datetime.now() - HELD_MAX,))
        self.browse(row[0] for row in self.env.cr.fetchall())._withdraw_unused()


class LoyaltyBenefitIssue(models.Model):
    """Taking back what was given, as far as it is unused."""

    _inherit = "loyalty.benefit.issue"

    @api.private
    def _withdraw(self, reason):
        """Take back what is left of these vouchers, and the tasks that nobody has done.

        A voucher of which something was spent counts as used afterwards, so it is not given again;
        an unused one may be. What is on hold for a payment under way stays; the night looks again.

        :param reason: kept with the movement and, after why it was given, with the row
        """
        free = self.filtered(lambda issue: issue.state == "issued" and not issue.coupon_id.held)
        vouchers = free.coupon_id
        template = Template("adjust", "adjust", reason=reason)
        cards = vouchers.with_context(loyalty_movement=template, loyalty_no_mail=True)
        spent = free.filtered(lambda issue: issue.coupon_id and issue.spent)
        cards.write({"points": 0})
        (vouchers - spent.coupon_id).write({"active": False})
        self.env.flush_all()
        for issues, state in ((spent, "used"), (free - spent, "cancelled")):
            self.env.cr.execute(
                "UPDATE loyalty_benefit_issue SET state = %s, "
                "note = CONCAT_WS(' · ', note, %s), write_date = %s, write_uid = %s "
                "WHERE id = ANY(%s)",
                (state, reason, fields.Datetime.now(), self.env.uid, issues.ids),
            )
        self.invalidate_model()
