from decimal import Decimal

from odoo import api, fields, models

from ..domain.lots import NewLot
from ..domain.movement import Movement

#: The members: (customer, joined so many days ago, qualifying points, lots as (points, days until
#: they expire)). Two expire soon; number 8 will be below zero, 4 and 12 join today.
MEMBERS = [
    (1, 400, 120, [(150000, 300)]),
    (2, 210, 40, [(33000, 200), (12000, 14)]),
    (3, 390, 90, [(80000, 250), (5000, 20)]),
    (4, 0, 0, []),
    (5, 30, 8, [(20000, 340)]),
    (6, 220, 51, [(64000, 150)]),
    (7, 356, 7, [(9000, 9)]),
    (8, 60, 0, []),
    (9, 700, 600, [(410000, 330)]),
    (10, 50, 22, [(28000, 320)]),
    (11, 280, 41, [(52000, 100)]),
]
#: Brought by member 1; the first purchase rewards both.
NEWCOMER, REFERRER = 12, 1
#: Who buys, gets points at once, spends them, and then gives the first purchase back.
BELOW_ZERO = [
    (8, [("product_combo_2", 1)], ["cash"]),
    (8, [("product_popcorn", 1)], ["cash", ("member_08", 20000)]),
]
#: The rest of the day, as in the played day of stored value; these points come tomorrow. A line
#: (reward, member) claims a gift, a payment (member, amount) pays with points.
POINTS_DAY = [
    (1, [("product_combo_1", 1)], ["cash"]),
    (2, [("product_room_5", 1), ("product_peach_tea", 2)], ["bank"]),
    (3, [("product_poster", 1), ("reward_poster", "member_03"), ("product_coffee", 2)], ["cash"]),
    (4, [("product_milk_tea", 2)], ["cash"]),
    (9, [("product_combo_2", 1)], ["bank", ("member_09", 100000)]),
    (11, [("product_cheesecake", 1), ("product_coffee", 1)], ["cash"]),
    (12, [("product_combo_1", 1)], ["bank"]),
]


class LoyaltyDemo(models.AbstractModel):
    """L&M's members, who come from an older system, and a day on which they collect and spend."""

    _inherit = "loyalty.demo"

    @api.model
    def _make_members(self):
        """Members with opening balances, and one whom another has brought."""
        self = self._in_company()
        program = self._ref("program_lm")
        for number, days, qualifying, lots in MEMBERS:
            member = self._join(program, number, days, "import" if lots else "till")
            if lots:
                self._open_points(member, qualifying, lots, days // 2)
        referrer = self._ref(f"member_{REFERRER:02d}")
        newcomer = self.env["loyalty.member"]._enrol(
            program, self._customer(NEWCOMER), "till", referrer
        )
        self._remember(newcomer, NEWCOMER)

    def _join(self, program, number, days_ago, channel):
        """Make a customer a member who joined so many days ago; remembered by the number."""
        partner = self._customer(number)
        joined_on = fields.Date.subtract(self.env.company._loyalty_day(), days=days_ago)
        member = self.env["loyalty.member"]._enrol(
            program, partner, channel, joined_on={partner.id: joined_on}
        )
        self._remember(member, number)
        return member

    def _remember(self, member, number):
        """Give a member the name by which the played day finds it."""
        self.env["ir.model.data"]._update_xmlids(
            [
                {
                    "xml_id": f"loyalty_cinema.member_{number:02d}",
                    "record": member,
                    "noupdate": True,
                }
            ]
        )

    def _open_points(self, member, qualifying, lots, days_ago):
        """Bring points from the old system; what counts for the tier was earned ``days_ago``."""
        today = self.env.company._loyalty_day()
        new_lots = [
            NewLot("points", fields.Date.add(today, days=days), Decimal(points))
            for points, days in lots
        ]
        movement = Movement(
            member.balance_id.id,
            sum(lot.amount for lot in new_lots),
            "opening",
            f"demo:opening:{member.id}:{days_ago}",
            reason="From the old system",
            new_lots=tuple(new_lots),
            qualifying=Decimal(qualifying),
            qualifying_on=fields.Date.subtract(today, days=days_ago),
        )
        self.env["loyalty.ledger"].post([movement])

    @api.model
    def _play_points_day(self):
        """A second day at the till, and what a manager grants."""
        self = self._in_company()
        config = self._ref("pos_config_lm").with_env(self.env)
        config.open_ui()
        session = config.current_session_id
        session.set_opening_control(session.cash_register_balance_start, "")
        orders = [self._play_order(session, 100 + n, *row) for n, row in enumerate(BELOW_ZERO)]
        self._play_refund(session, orders[0])
        self._ref("program_lm").pending_mode = "next_day"
        for number, row in enumerate(POINTS_DAY):
            self._play_order(session, 200 + number, *row)
        self._play_visits(session)
        session.invalidate_recordset()
        session.post_closing_cash_details(session.cash_register_balance_end)
        session.invalidate_recordset()
        session.action_pos_session_closing_control()
        self._grant_points()

    def _play_visits(self, session):
        """Synchronise what else was sold: see ``loyalty_demo_tiers.py``."""

    def _grant_points(self):
        """One grant that a manager makes alone, and one that waits for another."""
        manager = self.with_user(self._ref("user_manager"))
        for name, points, reason in [
            ("member_05", 15000, "The film started late"),
            ("member_06", 250000, "Winner of the photo contest"),
        ]:
            member = self._ref(name)
            manager.env["loyalty.adjustment"].create(
                {"member_id": member.id, "points": points, "reason": reason}
            ).action_submit()

    def _balance(self, card):
        """A member's points, or what a card opens."""
        if card._name == "loyalty.member":
            return card.balance_id
        return super()._balance(card)

    def _line(self, session, order_uuid, place, name, number):
        """A gift that a member claims, or a line as on any day."""
        record = self._ref(name)
        if record._name != "loyalty.reward":
            return super()._line(session, order_uuid, place, name, number)
        gift = record.reward_product_id
        return {
            **self._line_values(gift, 1, -gift.list_price, session),
            "product_id": record.discount_line_product_id.id,
            "is_reward_line": True,
            "reward_id": record.id,
            "coupon_id": self._balance(self._ref(number)).id,
            "points_cost": record.required_points,
            "reward_identifier_code": self._uuid(order_uuid, "reward", place),
            "uuid": self._uuid(order_uuid, place),
        }
