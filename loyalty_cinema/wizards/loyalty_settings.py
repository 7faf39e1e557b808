from odoo import api, fields, models
from odoo.exceptions import AccessError

#: What a loyalty manager decides for the company: setting of the wizard → field of the company.
DECIDED = {
    "points_program_id": "loyalty_points_program_id",
    "discount_program_id": "loyalty_discount_program_id",
}


class LoyaltySettings(models.TransientModel):
    """The settings of a company that loyalty managers decide on.

    Accounts, journals and the limit of one person are in the settings of Invoicing, for those who
    keep the books. Here the limit can be read.
    """

    _name = "loyalty.settings"
    _description = "Settings of Loyalty"

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    points_program_id = fields.Many2one(
        "loyalty.program",
        "Membership program",
        domain="[('is_membership', '=', True), ('is_discount', '=', False),"
        " ('company_id', 'parent_of', company_id)]",
        default=lambda self: self._of_company("points_program_id"),
        help="The program that customers join at the tills, and whose points cards collect.",
    )
    discount_program_id = fields.Many2one(
        "loyalty.program",
        "Discount cards",
        domain="[('is_membership', '=', True), ('id', '!=', points_program_id),"
        " ('company_id', 'parent_of', company_id)]",
        default=lambda self: self._of_company("discount_program_id"),
        help="Holders get a discount when they have spent enough: the program's tiers are the "
        "bands.",
    )
    limit = fields.Monetary(
        "One person may give alone, up to",
        compute="_compute_limit",
        help="Above this value a second manager approves what is given away, and terms that give "
        "more. It is set in the settings of Invoicing, by those who keep the books.",
    )

    @api.model
    def _of_company(self, name):
        # sudo: settings are not for everybody to read; the model is for managers only
        return self.env.company.sudo()[DECIDED[name]].id

    @api.depends("company_id")
    def _compute_limit(self):
        for settings in self:
            own = settings.company_id & self.env.companies
            # sudo: as above
            settings.limit = own.sudo().loyalty_second_person_limit

    def action_save(self):
        """Store what was chosen; the company refuses programs that do not fit."""
        self.ensure_one()
        company = self._company()
        for name, field in DECIDED.items():
            if self[name] != company[field]:
                company[field] = self[name]
        return {"type": "ir.actions.act_window_close"}

    def action_setup_discount(self):
        """Make the company's discount program, and open it for its bands to be set."""
        self.ensure_one()
        company = self._company()
        company._loyalty_setup_discount()
        return {
            "type": "ir.actions.act_window",
            "res_model": "loyalty.program",
            "res_id": company.loyalty_discount_program_id.id,
            "views": [(False, "form")],
        }

    def _company(self):
        """The company, to be written by a manager of it.

        :raises AccessError: for anybody else
        """
        allowed = self.env.user.has_group("loyalty_cinema.group_manager")
        if not allowed or self.company_id not in self.env.companies:
            raise AccessError(self.env._("Managers of the company decide on its settings."))
        return self.company_id.sudo()  # sudo: these fields only, by those checked above
