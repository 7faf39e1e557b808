from dataclasses import replace

from odoo import api, fields, models
from odoo.exceptions import ValidationError


class LoyaltyEarnRule(models.Model):
    """Rules for some tiers only: an earn multiplier of Gold, or Gold's own rates."""

    _inherit = "loyalty.earn.rule"

    tier_ids = fields.Many2many(
        "loyalty.tier",
        "loyalty_earn_rule_loyalty_tier_rel",
        "rule_id",
        "tier_id",
        string="Tiers",
        copy=False,  # of this program only; see copy() here and of the program
        domain="[('program_id', '=', program_id)]",
        help="Only members of these tiers earn by this rule, as they are when they pay. Empty: all "
        "members.",
    )
    is_ignored = fields.Boolean(compute="_compute_is_ignored")

    @api.constrains("tier_ids", "program_id")
    def _check_tiers(self):
        for rule in self.with_context(active_test=False):
            if rule.tier_ids.program_id - rule.program_id:
                raise ValidationError(
                    self.env._("%(rule)s: choose tiers of its own program.", rule=rule.name)
                )

    @api.depends("target", "program_id.tier_measure")
    def _compute_is_ignored(self):
        """Where the ladder counts spend or visits, points towards a tier count nothing."""
        for rule in self:
            measure = rule.program_id.tier_measure
            rule.is_ignored = rule.target == "qualifying" and measure in ("spend", "visits")

    def copy(self, default=None):
        """A duplicate of one rule is for the same tiers."""
        copies = super().copy(default)
        if not {"tier_ids", "program_id"} & (default or {}).keys():
            for rule, copied in zip(self.with_context(active_test=False), copies, strict=True):
                copied.tier_ids = rule.tier_ids
        return copies

    def _to_domain(self, covered):
        # with archived tiers: a rule for these only must not become one for all
        tiers = self.with_context(active_test=False).tier_ids
        return replace(super()._to_domain(covered), tier_ids=frozenset(tiers.ids) or None)


class LoyaltyTier(models.Model):
    """What members of a tier earn, told on the tier."""

    _inherit = "loyalty.tier"

    earn_rule_ids = fields.Many2many(
        "loyalty.earn.rule",
        "loyalty_earn_rule_loyalty_tier_rel",
        "tier_id",
        "rule_id",
        string="Earn rules of this tier",
        copy=False,
        domain="[('program_id', '=', program_id)]",
        help="What members of this tier earn beside the rules for all members: a multiplier, or "
        "rates of their own.",
    )

    @api.constrains("earn_rule_ids")
    def _check_earn_rules(self):
        self.with_context(active_test=False).earn_rule_ids._check_tiers()

    @api.ondelete(at_uninstall=False)
    def _unlink_without_rules(self):
        """A rule that loses its last tier would count for all members."""
        if rules := self.with_context(active_test=False).earn_rule_ids:
            raise ValidationError(
                self.env._(
                    "The earn rule %(rule)s is for this tier: delete or change it first.",
                    rule=rules[0].name,
                )
            )


class LoyaltyProgram(models.Model):
    """A copied program has tiers of its own, and its rules are for these."""

    _inherit = "loyalty.program"

    def copy(self, default=None):
        """Rules for some tiers are for the tiers of the copy with the same thresholds."""
        copies = super().copy(default)
        for program, copied in zip(self, copies, strict=True):
            tiers = {tier.threshold: tier for tier in copied.tier_ids}
            rules = zip(program.earn_rule_ids, copied.earn_rule_ids, strict=True)
            for rule, new in rules:
                own = rule.with_context(active_test=False).tier_ids
                if not own:
                    continue
                new.tier_ids = self.env["loyalty.tier"].union(
                    *(tiers[tier.threshold] for tier in own if tier.threshold in tiers)
                )
                new.active = bool(new.tier_ids)
        return copies
