from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ..domain.birthday import is_birth_date
from ..exceptions import LoyaltyError
from .loyalty_consent import CONTACT_CHANNELS
from .res_partner_consent import PROFILE_GROUPS

COMES = [
    ("alone", "Alone"),
    ("couple", "As a couple"),
    ("family", "With the family"),
    ("friends", "With friends"),
    ("group", "In a group"),
]
#: Worked out at night; nobody types them.
LEARNED_FIELDS = frozenset({"loyalty_learned_taste_ids", "loyalty_learned_on"})


class ResPartner(models.Model):
    """Who a customer is beyond the address: birthday, company, tastes, how to reach them."""

    _inherit = "res.partner"

    # the name that the OCA's partner_contact_birthdate has given it
    birthdate_date = fields.Date("Birth date", groups=PROFILE_GROUPS)
    loyalty_birthday_this_month = fields.Boolean(
        "Birthday this month",
        compute="_compute_loyalty_birthday_this_month",
        search="_search_loyalty_birthday_this_month",
        groups=PROFILE_GROUPS,
    )
    loyalty_comes = fields.Selection(COMES, "Comes", groups=PROFILE_GROUPS)
    loyalty_taste_ids = fields.Many2many(
        "loyalty.taste",
        "res_partner_loyalty_taste_rel",
        "partner_id",
        "taste_id",
        "Tastes",
        groups=PROFILE_GROUPS,
        help="What the customer says to like.",
    )
    loyalty_learned_taste_ids = fields.Many2many(
        "loyalty.taste",
        "res_partner_loyalty_learned_taste_rel",
        "partner_id",
        "taste_id",
        "Learned tastes",
        readonly=True,
        copy=False,
        groups=PROFILE_GROUPS,
        help="What the purchases of the last 12 months tell. Learned every night from customers "
        "who consent to be known at the till.",
    )
    loyalty_learned_on = fields.Date(
        "Tastes learned on", readonly=True, copy=False, groups=PROFILE_GROUPS
    )
    loyalty_preferred_channel = fields.Selection(
        CONTACT_CHANNELS, "Preferred channel", groups=PROFILE_GROUPS
    )
    loyalty_complaint = fields.Char(
        "Open complaint", compute="_compute_loyalty_complaint", groups=PROFILE_GROUPS
    )

    _loyalty_birthday_idx = models.Index(
        "(date_part('month', birthdate_date), date_part('day', birthdate_date)) "
        "WHERE birthdate_date IS NOT NULL"
    )

    @api.constrains("birthdate_date")
    def _check_birthdate_date(self):
        today = self.env.company._loyalty_day()
        for partner in self.sudo():  # sudo: whoever may write it has been asked already
            if partner.birthdate_date and not is_birth_date(partner.birthdate_date, today):
                raise ValidationError(
                    self.env._("A birth date lies between 1 January 1900 and today. Correct it.")
                )

    @api.depends("birthdate_date")
    def _compute_loyalty_birthday_this_month(self):
        month = self.env.company._loyalty_day().month
        for partner in self:
            birth = partner.birthdate_date
            partner.loyalty_birthday_this_month = birth and birth.month == month

    def _search_loyalty_birthday_this_month(self, operator, value):
        if operator != "in":
            return NotImplemented
        month = self.env.company._loyalty_day().month
        domain = Domain("birthdate_date.month_number", "=", month)
        return domain if True in value else ~domain

    def _compute_loyalty_complaint(self):
        complaints = self._open_complaints()
        for partner in self:
            partner.loyalty_complaint = complaints.get(partner.id, False)

    @api.model_create_multi
    def create(self, vals_list):
        """What is learned is not typed."""
        for vals in vals_list:
            self._check_not_learned(vals)
        return super().create(vals_list)

    def write(self, vals):
        """What is learned is not typed."""
        self._check_not_learned(vals)
        return super().write(vals)

    def _check_not_learned(self, vals):
        if not self.env.su and not LEARNED_FIELDS.isdisjoint(vals):
            raise LoyaltyError(
                self.env._("Learned tastes come from purchases. Add a stated taste instead.")
            )

    def _forget_learned_tastes(self):
        """Forget what purchases have told of these contacts; two statements, none for nobody."""
        if not self:
            return
        # sudo: whoever withdraws the consent need not be able to edit what was learned
        self.sudo().write({"loyalty_learned_taste_ids": [(5,)], "loyalty_learned_on": False})

    # -- complaints ----------------------------------------------------------------------------

    @api.private
    def _open_complaint(self):
        """What the oldest open complaint of this contact is about, or False."""
        return self._open_complaints().get(self.id, False)

    @api.private
    def _open_complaints(self):
        """``{partner id: what the oldest one is about}`` of those who have any; one query.

        A complaint is an activity of the type "Complaint" on the contact. Cashiers are told of it,
        not of its notes.
        """
        complaint = self.env.ref("loyalty_cinema.activity_complaint", raise_if_not_found=False)
        if not complaint:
            return {}
        activities = self.env["mail.activity"].sudo()  # sudo: cashiers read no activities
        found = activities.search(
            [
                ("res_model", "=", "res.partner"),
                ("res_id", "in", self.ids),
                ("activity_type_id", "=", complaint.id),
            ],
            order="id desc",
        )
        return {activity.res_id: activity.summary or complaint.name for activity in found}
