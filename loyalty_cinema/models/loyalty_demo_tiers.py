from odoo import Command, api, fields, models

#: Members of each tier: (customer, joined so many days ago, what they bring from the old system as
#: (tier points, so many days ago, points to spend)).
TIER_MEMBERS = [
    (13, 800, [(520, 300, 90000), (240, 120, 60000)]),  # Diamond
    (14, 500, [(310, 200, 70000)]),  # Platinum
    (15, 600, [(40, 320, 15000)]),  # Gold, away for long
    (16, 250, [(35, 100, 12000)]),  # Silver
    (17, 0, []),  # came today for the first time
    (18, 420, [(85, 90, 30000)]),  # reaches Gold today
    (19, 350, [(280, 150, 50000)]),  # reaches Platinum today
]
#: Who they are: (customer, days until the birthday, age, comes, tastes). All agree to be known.
PROFILES = [
    (13, 0, 34, "family", ["comedy", "popcorn", "tea"]),
    (14, 4, 41, "couple", ["romance", "sweets"]),
    (15, 60, 28, "friends", ["horror"]),
    (16, 200, 23, "alone", ["scifi", "coffee"]),
    (9, -30, 52, "group", ["action"]),
    (1, 120, 37, "couple", ["drama", "coffee"]),
]
#: Who was let down on the last visit.
COMPLAINS = 15
#: Their visits, synchronised today: (customer, so many days ago, lines). A line of a benefit is
#: the member's voucher and what it takes off.
FILM_NIGHT = [("product_room_10", 1), ("product_popcorn_large", 2), ("product_peach_tea", 2)]
VISITS = [
    (13, 61, FILM_NIGHT),
    (13, 33, FILM_NIGHT),
    (13, 19, [("product_room_5", 1), ("product_popcorn_large", 1), ("product_coffee", 1)]),
    (13, 5, FILM_NIGHT),
    (14, 24, [("product_room_5", 1), ("product_cheesecake", 2), ("product_coffee", 2)]),
    (14, 10, [("product_room_5", 1), ("product_cheesecake", 2)]),
    (14, 0, [*FILM_NIGHT, ("benefit_platinum_food", ("member_14", 180000))]),
    (15, 252, [("product_combo_2", 1), ("product_popcorn", 1)]),
    (15, 240, [("product_combo_1", 1), ("product_milk_tea", 2)]),
    (16, 12, [("product_ticket", 1), ("product_coffee", 1)]),
    (16, 0, [("product_ticket", 2), ("benefit_silver_special", ("member_16", 8500))]),
    (18, 0, [("product_combo_1", 1)]),
    (19, 0, [("product_combo_2", 1)]),
]


class LoyaltyDemo(models.AbstractModel):
    """Members of every tier: what they bring, what they like, when they came, what they are given.

    Days are counted from today, so that on every installation somebody has a birthday, somebody
    was away for long and somebody reaches a tier.
    """

    _inherit = "loyalty.demo"

    @api.model
    def _make_tier_members(self):
        """Members of every tier, and who they are."""
        self = self._in_company()
        program = self._ref("program_lm")
        for number, days, brought in TIER_MEMBERS:
            member = self._join(program, number, days, "import" if brought else "till")
            for qualifying, days_ago, points in brought:
                self._open_points(member, qualifying, [(points, 300)], days_ago)
        for profile in PROFILES:
            self._know(*profile)
        self._customer(COMPLAINS).with_env(self.env).activity_schedule(
            "loyalty_cinema.activity_complaint",
            summary="The sound in room 2 failed in the middle of the film",
            user_id=self._ref("user_manager").id,
        )

    def _know(self, number, days_to_birthday, age, comes, tastes):
        """What a customer has told at the till."""
        birthday = fields.Date.add(self.env.company._loyalty_day(), days=days_to_birthday)
        partner = self._customer(number).with_env(self.env)
        partner.write(
            {
                "birthdate_date": fields.Date.subtract(birthday, years=age),
                "loyalty_comes": comes,
                "loyalty_taste_ids": [Command.set([self._ref(f"taste_{t}").id for t in tastes])],
                "loyalty_consent_profile": True,
                "loyalty_consent_email": True,
                "loyalty_preferred_channel": "email",
            }
        )

    def _play_visits(self, session):
        """Visits of the last months that reach the server today."""
        for number, (customer, days_ago, lines) in enumerate(VISITS):
            self._play_order(session, 300 + number, customer, lines, ["bank"], days_ago)
        return super()._play_visits(session)

    @api.model
    def _give_benefits(self):
        """What the night would do: vouchers for birthdays, the anniversary, the year; tastes."""
        self = self._in_company()
        program = self._ref("program_lm")
        for benefit in self.env["loyalty.benefit"].search([("program_id", "=", program.id)]):
            if benefit.gives != "service":
                today = benefit._today()
                benefit._give(today, benefit._due_members(today))
        self.env["loyalty.taste"]._learn()

    def _line(self, session, order_uuid, place, name, number):
        """A voucher that a member was given, or a line as on any day."""
        benefit = self._ref(name)
        if benefit._name != "loyalty.benefit":
            return super()._line(session, order_uuid, place, name, number)
        member, worth = self._ref(number[0]), number[1]
        issues = self.env["loyalty.benefit.issue"]
        issue = issues.search([("member_id", "=", member.id), ("benefit_id", "=", benefit.id)])
        reward = benefit.coupon_program_id.reward_ids
        line = self._line_values(self._ref("product_room_5"), 1, -worth, session)
        return {
            **line,
            "product_id": reward.discount_line_product_id.id,
            "is_reward_line": True,
            "reward_id": reward.id,
            "coupon_id": issue.coupon_id.id,
            "points_cost": worth if benefit.amount else reward.required_points,
            "reward_identifier_code": self._uuid(order_uuid, "reward", place),
            "uuid": self._uuid(order_uuid, place),
        }
