from odoo import api, fields, models

from ..domain.amounts import to_decimal

#: A reward that is worth so many times what its points are worth is told to be cheap.
CHEAP_TIMES = 2


class LoyaltyReward(models.Model):
    """Whether a reward of a membership costs what it is worth: told to whoever sets it up."""

    _inherit = "loyalty.reward"

    cheap_warning = fields.Char(compute="_compute_cheap_warning")

    def _is_odoo_default(self):
        """Whether this is the reward that Odoo gives to new programs, as Odoo made it."""
        defaults = self.env["loyalty.program"]._program_type_default_values()
        commands = defaults["loyalty"]["reward_ids"]
        made = [values for *_command, values in commands if isinstance(values, dict)]
        plain = self.default_get(["reward_type", "discount_mode", "discount_applicability"])
        plain |= {"discount_max_amount": 0, "clear_wallet": False}
        return any(
            all(self[name] == value for name, value in {**plain, **values}.items())
            for values in made
        )

    @api.depends(
        "reward_type",
        "discount",
        "discount_mode",
        "discount_max_amount",
        "required_points",
        "reward_product_id",
        "reward_product_tag_id",
        "reward_product_qty",
        "program_id.is_membership",
        "program_id.point_value",
    )
    def _compute_cheap_warning(self):
        for reward in self:
            program = reward.program_id
            reward.cheap_warning = program.is_membership and reward._cheap_words(
                to_decimal(reward.required_points) * to_decimal(program.point_value)
            )

    def _cheap_words(self, cost):
        """What is wrong with a reward whose points are worth ``cost``; False where it fits."""
        program = self.program_id
        told = {
            "reward": self.description or self.env._("This reward"),
            "points": f"{self.required_points:g}",
            "cost": program.currency_id.format(float(cost)),
        }
        percent = self.reward_type == "discount" and self.discount_mode == "percent"
        if percent and not self.discount_max_amount and self.discount:
            above = program.currency_id.format(float(cost * 100 / to_decimal(self.discount)))
            return self.env._(
                "“%(reward)s” costs %(points)s points, which are worth %(cost)s. On every order "
                "above %(above)s it gives more than that, without end. Enter the most it may take "
                "off, or ask for more points.",
                **told,
                above=above,
            )
        worth = self._money_of_one()
        if percent:
            worth = program._company_money(to_decimal(self.discount_max_amount))
        if worth <= program._company_money(cost) * CHEAP_TIMES:
            return False
        return self.env._(
            "“%(reward)s” costs %(points)s points, which are worth %(cost)s, and gives %(worth)s. "
            "Ask for more points, or raise the value of a point.",
            **told,
            worth=program._worth_company().currency_id.format(float(worth)),
        )


class LoyaltyProgram(models.Model):
    """All its rewards that are too cheap, on the form."""

    _inherit = "loyalty.program"

    cheap_warning = fields.Text(compute="_compute_cheap_warning")

    @api.depends("reward_ids.cheap_warning")
    def _compute_cheap_warning(self):
        for program in self:
            warnings = program.reward_ids.mapped("cheap_warning")
            program.cheap_warning = "\n".join(filter(None, warnings)) or False
