from odoo import api, fields, models

from ..domain.amounts import AMOUNT_DIGITS, to_decimal
from ..domain.earning import ROUNDING_MODES, Rounding
from ..domain.points_expiry import EXPIRY_MODES, PENDING_MODES, available_on, expire_on

MONTHS = [
    ("1", "January"),
    ("2", "February"),
    ("3", "March"),
    ("4", "April"),
    ("5", "May"),
    ("6", "June"),
    ("7", "July"),
    ("8", "August"),
    ("9", "September"),
    ("10", "October"),
    ("11", "November"),
    ("12", "December"),
]


class LoyaltyProgramPoints(models.Model):
    """A membership program: customers join it, and the server works their points out (L5)."""

    _inherit = "loyalty.program"

    is_membership = fields.Boolean(
        "Membership program",
        help="Customers join this program as members. Their points are worked out by the server "
        "from the earn rules when an order is paid; Odoo's own conditional rules are not used.",
    )
    earn_rule_ids = fields.One2many("loyalty.earn.rule", "program_id", "Earn rules", copy=True)
    points_step = fields.Float(
        "Smallest amount of points",
        digits=AMOUNT_DIGITS,
        min_display_digits=0,
        default=1,
        help="What an order earns is a multiple of this. 1: whole points.",
    )
    points_rounding = fields.Selection(
        ROUNDING_MODES,
        "Rounded",
        default="down",
        required=True,
        help="Rounded once, for the whole order.",
    )
    earn_on_stored_value = fields.Boolean(
        "Payments from wallets and gift cards earn",
        default=True,
        help="What is paid by the paid part of a wallet or gift card earns points. The bonus part "
        "never does.",
    )
    pending_mode = fields.Selection(
        PENDING_MODES,
        "Points can be spent",
        default="none",
        required=True,
        help="Until then they are shown as pending. A refund before takes them back.",
    )
    pending_days = fields.Integer("Days of waiting", default=1)
    points_expiry = fields.Selection(EXPIRY_MODES, "Points expire", default="never", required=True)
    expiry_months = fields.Integer("Months", default=12)
    expiry_day = fields.Integer("Day of the month", default=31)
    expiry_month = fields.Selection(MONTHS, "Month", default="12")
    expiry_notice_days = fields.Integer(
        "Notice (days before)",
        default=30,
        help="Members are told so many days before points expire. 0: they are not told.",
    )
    pay_with_points = fields.Boolean(
        "Pay with points", help="Points are accepted as a payment method, for any part of an order."
    )
    point_value = fields.Monetary(
        "Value of a point",
        default=1,
        help="What one point is worth when it pays.",
    )
    pay_min_points = fields.Float(
        "At least",
        digits=AMOUNT_DIGITS,
        min_display_digits=0,
        help="The fewest points that can pay. 0: any number.",
    )
    pay_step_points = fields.Float(
        "In steps of",
        digits=AMOUNT_DIGITS,
        min_display_digits=0,
        help="Points pay in multiples of this. 0: any number.",
    )
    pay_max_share = fields.Float(
        "At most (% of the order)",
        digits=(16, 2),
        min_display_digits=0,
        default=100,
        help="The largest part of an order's goods that points may pay, in percent.",
    )
    sale_earn_on = fields.Selection(
        [("paid", "When they are paid in full"), ("confirmed", "When they are confirmed")],
        "Sales orders earn",
        default="paid",
        required=True,
    )
    auto_enrol = fields.Boolean(
        "Every customer becomes a member",
        help="The first purchase of a customer whose name is known makes them a member.",
    )
    referral_points_referrer = fields.Float(
        "Points for the referrer",
        digits=AMOUNT_DIGITS,
        min_display_digits=0,
        help="For the member who brought a new one, when the new one's first purchase is paid.",
    )
    referral_points_newcomer = fields.Float(
        "Points for the newcomer",
        digits=AMOUNT_DIGITS,
        min_display_digits=0,
        help="For the new member who was referred, when the first purchase is paid.",
    )
    grant_limit = fields.Float(
        "Points a manager may grant alone",
        digits=AMOUNT_DIGITS,
        min_display_digits=0,
        help="A second manager approves larger grants and corrections, whatever they are worth. "
        "0: only the company's limit in money counts.",
    )

    @api.private
    def _rounding(self):
        """How this program rounds what an order earns."""
        self.ensure_one()
        return Rounding(to_decimal(self.points_step), self.points_rounding)

    @api.private
    def _points_available_on(self, day):
        """First day on which points earned on ``day`` can be spent; None: at once."""
        self.ensure_one()
        return available_on(self.pending_mode, self.pending_days, day)

    @api.private
    def _points_expire_on(self, day):
        """Last day of points earned on ``day``; None when they have none.

        Counted from the day on which they can first be spent: points never expire unspendable.
        """
        self.ensure_one()
        start = self._points_available_on(day) or day
        month = int(self.expiry_month or 12)
        return expire_on(self.points_expiry, self.expiry_months, self.expiry_day, month, start)

    @api.private
    def _earn_rules(self, products=None):
        """The program's rules as the domain knows them: a tuple of :class:`EarnRule`.

        :param products: the variants that are asked for; rules are then resolved for these only,
            which is what a batch of orders wants. By default for all products.
        """
        self.ensure_one()
        # sudo: cashiers and salespersons have no access to rules; only what they give leaves.
        return self.sudo().earn_rule_ids._resolve(products)

    @api.private
    def _usage(self, rules, balance_ids, day, counts_on=None, without=None):
        """What members got before by rules with a cap per day or member: one query, or none.

        :param rules: what :meth:`_earn_rules` returned
        :param counts_on: the day on which a visit counts for a ladder, where that is another
        :param without: entries that are left aside
        :return: ``{balance id: Usage}``; balances without any are not in it
        """
        return self.env["loyalty.earning"]._usage(rules, balance_ids, day, without)
