from odoo import api, models

#: Holders of discount cards, who are no members: (customer, spent, so many days ago). The first
#: has reached 10 %, the second nearly, the third 15 %.
DISCOUNT_HOLDERS = [
    (23, 2400000, 45),
    (24, 1850000, 20),
    (25, 5600000, 150),
]


class LoyaltyDemo(models.AbstractModel):
    """The discount card: 10 % from 2,000,000 ₫ within a year, 15 % from 5,000,000 ₫."""

    _inherit = "loyalty.demo"

    @api.model
    def _make_discount_cards(self):
        """The program with its two bands, and holders who bring what they bought before."""
        self = self._in_company()
        company = self._ref("company_lm").with_env(self.env)
        company._loyalty_setup_discount()
        for number, spent, days_ago in DISCOUNT_HOLDERS:
            program = company.loyalty_discount_program_id
            member = self._join(program, number, days_ago, "import")
            self._open_points(member, spent, [], days_ago)
            name, code = f"card_discount_{number}", f"90500000000{number:04d}"
            self._make_card(name, "kind_discount", code, holder_id=member.partner_id.id)._activate()
