from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import clean_context

from ..domain.amounts import AMOUNT_DIGITS
from ..exceptions import LoyaltyError

#: How somebody became a member.
ENROL_CHANNELS = [
    ("till", "At the till"),
    ("back_office", "In the office"),
    ("import", "By import"),
    ("automatic", "By a purchase"),
    ("sales", "By a sales order"),
    ("portal", "Online"),
]
#: Given once, by the server. Whose points they are does not change by typing.
FIXED_FIELDS = frozenset({"partner_id", "program_id", "company_id"})
PROTECTED_FIELDS = frozenset({"balance_id", "channel", "last_visit_on"})
#: In the context of whoever makes a balance together with its member: an RPC client chooses its
#: context freely, but cannot make this very object.
WITH_MEMBER = object()


class LoyaltyMember(models.Model):
    """One customer in one membership program: since when, how, and on whose recommendation.

    The points lie on the member's one balance. Who leaves is archived; the balance is kept, and
    rejoining finds it again. How customers become members is in ``loyalty_member_enrol.py``, what a
    member's points will do next in ``loyalty_member_points.py``.
    """

    _name = "loyalty.member"
    _inherit = ["mail.thread"]
    _description = "Member"
    _order = "id desc"
    _check_company_auto = True
    _rec_name = "partner_id"
    _rec_names_search = ["partner_id.name", "partner_id.phone", "partner_id.email"]

    partner_id = fields.Many2one(
        "res.partner",
        "Customer",
        required=True,
        index=True,
        check_company=True,
        ondelete="restrict",
    )
    program_id = fields.Many2one(
        "loyalty.program",
        required=True,
        index=True,
        ondelete="restrict",
        domain=[("is_membership", "=", True)],
        default=lambda self: self.env.company._loyalty_membership_program(),
    )
    company_id = fields.Many2one(related="program_id.company_id", store=True, index=True)
    balance_id = fields.Many2one(
        "loyalty.card", required=True, readonly=True, copy=False, ondelete="restrict"
    )
    joined_on = fields.Date(
        "Member since",
        required=True,
        default=lambda self: self.env.company._loyalty_day(),
        tracking=True,
    )
    channel = fields.Selection(ENROL_CHANNELS, "Enrolled", required=True, readonly=True, copy=False)
    referrer_id = fields.Many2one(
        "loyalty.member",
        index="btree_not_null",
        ondelete="set null",
        copy=False,
        tracking=True,
        help="The member who recommended the program. Both are rewarded when this member's first "
        "purchase is paid, as the program says.",
    )
    referred_ids = fields.One2many("loyalty.member", "referrer_id", "Recommended")
    active = fields.Boolean(default=True, tracking=True, help="Unticked: left the program.")
    email = fields.Char(related="partner_id.email")
    phone = fields.Char(related="partner_id.phone")
    points = fields.Float(
        related="balance_id.points", digits=AMOUNT_DIGITS, min_display_digits=0, aggregator="sum"
    )
    available = fields.Float(
        related="balance_id.available", digits=AMOUNT_DIGITS, min_display_digits=0
    )

    _partner_program_unique = models.Constraint(
        "UNIQUE(partner_id, program_id)",
        "This customer is a member of the program already, or was one before.",
    )
    _balance_unique = models.Constraint("UNIQUE(balance_id)", "Every member has a balance.")
    _no_self_referral = models.Constraint(
        "CHECK (referrer_id <> id)", "Members cannot recommend themselves."
    )

    @api.depends("partner_id")
    def _compute_display_name(self):
        for member in self:
            member.display_name = member.partner_id.display_name

    @api.constrains("program_id")
    def _check_program(self):
        self.program_id._check_is_membership()

    @api.constrains("referrer_id", "partner_id")
    def _check_referrer(self):
        for member in self.filtered("referrer_id"):
            if member.referrer_id.program_id != member.program_id:
                raise ValidationError(
                    self.env._("Who recommends a member is a member of the same program.")
                )
        recommends_itself = any(member.referrer_id == member for member in self)
        if recommends_itself or self._has_cycle("referrer_id"):
            raise ValidationError(self.env._("Members cannot have recommended each other."))

    @api.model_create_multi
    def create(self, vals_list):
        """Make members, each with a balance; ``_enrol`` is the way that is safe to repeat."""
        for vals in vals_list:
            self._check_fixed(vals, PROTECTED_FIELDS)
        self.check_access("create")
        vals_list = [{"channel": "back_office", **vals} for vals in vals_list]
        # Defaults that a client put in the context must reach neither balance nor channel.
        context = clean_context(self.env.context)
        default = self.default_get(["program_id"]).get("program_id")
        vals_list = [{"program_id": default, **vals} for vals in vals_list]
        members = self.with_context(context)  # pylint: disable=context-overridden
        members._give_balances([vals for vals in vals_list if not vals.get("balance_id")])
        members._check_new(vals_list)
        return super(LoyaltyMember, members).create(vals_list).with_env(self.env)

    def _check_new(self, vals_list):
        """Say in words what the constraint would refuse: nobody is a member twice."""
        members = self.sudo().with_context(active_test=False)  # sudo: that there is one, not who
        found = members.search(
            [
                ("program_id", "in", [vals.get("program_id") for vals in vals_list]),
                ("partner_id", "in", [vals.get("partner_id") for vals in vals_list]),
            ]
        )
        wanted = {(vals.get("program_id"), vals.get("partner_id")) for vals in vals_list}
        for member in found:
            if (member.program_id.id, member.partner_id.id) in wanted:
                raise LoyaltyError(
                    self.env._(
                        "%(customer)s is a member of %(program)s already, or has left it: enrol "
                        "the contact again, or unarchive the member.",
                        customer=member.partner_id.name,
                        program=member.program_id.name,
                    )
                )

    def write(self, vals):
        """Joining date, referrer and whether somebody has left may be changed; nothing else."""
        self._check_fixed(vals, PROTECTED_FIELDS | FIXED_FIELDS)
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_if_never_moved(self):
        # sudo: that there are movements, not which; merged members are removed by the server
        if not self.env.su and self.sudo().balance_id.entry_ids:
            raise LoyaltyError(
                self.env._(
                    "A member with movements is kept for the records. Archive the member instead."
                )
            )

    def _check_fixed(self, vals, names):
        if not self.env.su and not names.isdisjoint(vals):
            raise LoyaltyError(
                self.env._("Customer, program and balance of a member are not edited.")
            )
