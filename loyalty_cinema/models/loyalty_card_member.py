from odoo import api, fields, models
from odoo.tools.misc import formatLang

from ..domain.amounts import to_decimal
from ..domain.movement import Movement
from ..exceptions import LoyaltyError
from .loyalty_member import WITH_MEMBER

#: Claims of the owner's orders that are not confirmed: their balance may still change.
OPEN_CLAIMS = (
    """
    UPDATE sale_order_line l SET coupon_id = %(target)s FROM sale_order o
     WHERE l.coupon_id = %(source)s AND o.id = l.order_id AND o.state IN ('draft', 'sent')
       AND o.partner_id = %(partner)s
    """,
    """
    UPDATE sale_order_coupon_points c SET coupon_id = %(target)s FROM sale_order o
     WHERE c.coupon_id = %(source)s AND o.id = c.order_id AND o.state IN ('draft', 'sent')
       AND o.partner_id = %(partner)s
       AND NOT EXISTS (SELECT 1 FROM sale_order_coupon_points d
                        WHERE d.order_id = c.order_id AND d.coupon_id = %(target)s)
    """,
    """
    UPDATE pos_order_line l SET coupon_id = %(target)s FROM pos_order o
     WHERE l.coupon_id = %(source)s AND o.id = l.order_id AND o.state = 'draft'
       AND o.partner_id = %(partner)s
    """,
)


class LoyaltyCard(models.Model):
    """A balance in a membership program is a member's, whoever made it.

    Odoo's own wizards, sales orders and other addons make balances without knowing of members.
    """

    _inherit = "loyalty.card"

    member_ids = fields.One2many("loyalty.member", "balance_id")

    @api.model_create_multi
    def create(self, vals_list):
        """Make the owners of new balances members."""
        balances = super().create(vals_list)
        balances._make_members()
        return balances

    def write(self, vals):
        """A balance that gets an owner gets a member; one that has a member keeps its owner."""
        if "partner_id" not in vals:
            return super().write(vals)
        if not self.env.su and self.sudo().member_ids:  # sudo: whether there is one, not which
            raise LoyaltyError(
                self.env._("The balance of a member stays with the member. Merge the customers.")
            )
        result = super().write(vals)
        self._make_members()
        return result

    @api.depends("program_id", "masked_code", "partner_id")
    def _compute_display_name(self):
        """A member's balance is known by the member: its number is printed on no card."""
        members = self.filtered(lambda b: b.program_id.is_membership and b.partner_id)
        for balance in members:
            balance.display_name = f"{balance.program_id.name}: {balance.partner_id.name}"
        return super(LoyaltyCard, self - members)._compute_display_name()

    def _printed_code(self):
        if self.program_id.is_membership and self.partner_id:
            return self.partner_id.name
        return super()._printed_code()

    def _card_digits(self):
        """None: a member's points are known by the member, and have no number."""
        return "" if self.program_id.is_membership and self.partner_id else super()._card_digits()

    @api.private
    def _member_card_code(self):
        """The masked number of the card that a member presents; False without one."""
        cards = self.env["loyalty.member.card"].sudo()  # sudo: for the member's own page
        card = cards.search(
            [
                ("holder_id", "=", self.partner_id.id),
                ("kind_id.opens_points", "=", True),
                ("company_id", "child_of", self.company_id.id),
                ("state", "=", "active"),
            ],
            limit=1,
        )
        return card.masked_code

    def _format_points(self, points):
        """Points of members run into hundreds of thousands: grouped, as money is."""
        program = self.program_id
        if not program.is_membership or self.point_name == program.currency_id.symbol:
            return super()._format_points(points)
        text = formatLang(self.env, points, digits=0 if points == int(points) else 2)
        return f"{text} {self.point_name or ''}".strip()

    def _make_members(self):
        """Make the owners of these balances members, save where that is being done already.

        :raises LoyaltyError: when one of them has another balance in the program
        """
        if self.env.context.get("loyalty_member") is WITH_MEMBER:
            return
        # sudo: whoever may make a balance makes its member, who has no other.
        balances = self.sudo().filtered(lambda b: b.program_id.is_membership and b.partner_id)
        balances -= balances.member_ids.balance_id
        if not balances:
            return
        members = self.env["loyalty.member"].sudo().with_context(active_test=False)
        members._take_partners(balances.partner_id.ids)
        found = members.search(
            [
                ("program_id", "in", balances.program_id.ids),
                ("partner_id", "in", balances.partner_id.ids),
            ]
        )
        taken = {(member.program_id, member.partner_id) for member in found}
        for balance in balances:
            if (balance.program_id, balance.partner_id) in taken:
                raise LoyaltyError(
                    self.env._(
                        "%(customer)s is a member of %(program)s already and has a balance there.",
                        customer=balance.partner_id.name,
                        program=balance.program_id.name,
                    )
                )
            taken.add((balance.program_id, balance.partner_id))
        channel = "automatic" if self.env.su else "back_office"
        members.create(
            [
                {
                    "program_id": balance.program_id.id,
                    "partner_id": balance.partner_id.id,
                    "balance_id": balance.id,
                    "channel": channel,
                }
                for balance in balances
            ]
        )

    @api.private
    def _move_into(self, target, reason):
        """Join this balance with ``target`` of the same program: nothing appears or disappears.

        Lots keep price, expiry and day. A debt moves too, and so do qualifying points; as both
        halves of it bear the same day and belong to the same customer, sums over any period stay
        what they were. What is on hold stays until it is settled.
        """
        ledger = self.env["loyalty.ledger"].sudo()  # sudo: joined by whoever may join the owners
        count = self.env["loyalty.ledger.entry"].sudo().search_count([("balance_id", "=", self.id)])
        key = f"merge:{self.id}:{target.id}:{count}"
        ledger.transfer(self, target, None, key, reason)
        movements, debt = [], max(-to_decimal(self.points), to_decimal(0))
        if debt:
            movements += [
                Movement(target.id, -debt, "clawback", f"{key}:debt:in", reason=reason),
                Movement(self.id, debt, "transfer", f"{key}:debt:out", reason=reason),
            ]
        if qualifying := to_decimal(self.qualifying_points):
            zero = to_decimal(0)
            movements += [
                Movement(balance.id, zero, "transfer", f"{key}:q:{way}", reason, qualifying=share)
                for balance, way, share in ((self, "out", -qualifying), (target, "in", qualifying))
            ]
        ledger.post(movements)
        self._claims_follow(target)
        # sudo: closed by whoever may join the owners; what is on hold must still be payable
        self.sudo().active = bool(self.points)

    def _claims_follow(self, target):
        """What orders that are not confirmed yet would take from this balance, ``target`` pays.

        Confirmed ones stay as they are; what comes back of them goes on by :meth:`_rejoin_merged`.
        """
        if not self.partner_id:
            return
        self.env.flush_all()
        for query in OPEN_CLAIMS:
            values = {"source": self.id, "target": target.id, "partner": self.partner_id.id}
            self.env.cr.execute(query, values)
        for name in ("sale.order.line", "sale.order.coupon.points", "pos.order.line"):
            self.env[name].invalidate_model(["coupon_id"])
