"""L&M's table, cell by cell: what each tier gives, at the till and on sales orders.

=======================================  ========  ========  ======  ======
benefit                                  Diamond   Platinum  Gold    Silver
=======================================  ========  ========  ======  ======
threshold (qualifying points)            750       300       100     0
voucher on special days                  30 %      20 %      10 %    5 %
gift on reaching the tier                yes       yes       yes     -
birthday gift                            yes       yes       -       -
food and drink voucher                   750,000   400,000   -       -
souvenir photo, personal service         yes       yes       -       -
=======================================  ========  ========  ======  ======
"""

from typing import NamedTuple

from odoo import fields
from odoo.tests import tagged

from ..exceptions import InsufficientValue, RewardRefused
from .lm_common import LMCase


class Column(NamedTuple):
    """What the table says of one tier; money in đồng, 0 and False: nothing."""

    threshold: int
    special_percent: int
    gift_on_reaching: bool
    birthday_gift: bool
    food_voucher: int
    photo_and_service: bool


TABLE = {
    "silver": Column(0, 5, False, False, 0, False),
    "gold": Column(100, 10, True, False, 0, False),
    "platinum": Column(300, 20, True, True, 400_000, True),
    "diamond": Column(750, 30, True, True, 750_000, True),
}
CHANNELS = ("till", "sales")


@tagged("post_install", "-at_install")
class TestLMTable(LMCase):
    """The demo carries the table; every cell is played by a member who bought the way up.

    There is one member for each tier and channel, born on this day of the year, which is a special
    day, too; the night's job has run.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.today = cls.company._loyalty_day()
        # the demo's anniversary is on the day of its installation; here is a day of its own
        cls.env["loyalty.special.day"].search([]).active = False
        cls.env["loyalty.special.day"].create(
            {
                "name": "Opening night",
                "company_id": cls.company.id,
                "month": cls.today.month,
                "day": cls.today.day,
            }
        )
        cls.members = {
            (channel, name): cls.climb(channel, column)
            for channel in CHANNELS
            for name, column in TABLE.items()
        }
        cls.night()

    @classmethod
    def climb(cls, channel, column):
        """A new member who buys all that a tier needs."""
        member = cls.member(birthdate_date=fields.Date.subtract(cls.today, years=30))
        if column.threshold:
            cls.reach(channel, member, column.threshold)
        return member

    def each_cell(self, play):
        """Play one row: ``play(channel, column, member)`` in every tier, by every channel."""
        for (channel, name), member in self.members.items():
            with self.subTest(tier=name, channel=channel):
                play(channel, TABLE[name], member)

    def one_or_none(self, issues, expected):
        """The one thing that was given, if the table has it; nothing otherwise."""
        self.assertEqual(len(issues), int(bool(expected)))
        return issues

    # -- the rows ------------------------------------------------------------------------------

    def test_thresholds(self):
        for channel in CHANNELS:
            with self.subTest(channel=channel):
                member, reached, before = self.member(), 0, None
                for name, column in TABLE.items():
                    if column.threshold:
                        self.reach(channel, member, column.threshold - reached - 1)
                        self.assertEqual(member.tier_id, before, "one point is missing")
                        self.reach(channel, member, 1)
                    self.assertEqual(member.tier_id, self.ref(f"tier_{name}"))
                    reached, before = column.threshold, member.tier_id

    def test_voucher_on_special_days(self):
        goods = (self.room, 2), (self.ref("product_combo_1"), 1, 160_000)

        def play(channel, column, member):
            voucher = self.one_or_none(self.given(member, "special_day"), True)
            off = 400_000 * column.special_percent // 100
            if channel == "till":
                with self.assertRaises(RewardRefused):
                    self.buy(channel, member, *goods, vouchers=[(voucher, off + 4_000)])
            paid = self.buy(channel, member, *goods, vouchers=[(voucher, off)])
            self.assertEqual((paid, voucher.state), (400_000 - off, "used"))

        self.each_cell(play)

    def test_gift_on_reaching_the_tier(self):
        def play(channel, column, member):
            gift = self.one_or_none(self.given(member, "reaching"), column.gift_on_reaching)
            self.take_free(channel, member, gift, self.ref("product_poster"))

        self.each_cell(play)

    def test_birthday_gift(self):
        def play(channel, column, member):
            gift = self.one_or_none(self.given(member, "birthday"), column.birthday_gift)
            self.take_free(channel, member, gift, self.ref("product_cheesecake"))

        self.each_cell(play)

    def test_food_and_drink_voucher(self):
        def play(channel, column, member):
            voucher = self.one_or_none(self.given(member, "period"), column.food_voucher)
            self.assertEqual(voucher.coupon_id.points, column.food_voucher)
            if voucher:
                self.spend_in_parts(channel, member, voucher, column.food_voucher)

        self.each_cell(play)

    def test_souvenir_photo(self):
        till = self.env["loyalty.till"].with_user(self.cashier)

        def play(_channel, column, member):
            task = self.given(member, "reaching", "task")
            self.one_or_none(task, column.photo_and_service)
            shown = [shown["issue_id"] for shown in self.at_till(member)["tasks"]]
            self.assertEqual(shown, task.ids)
            if task:
                self.assertTrue(till.benefit_done(self.session.id, task.id)["ok"])
                self.assertEqual((task.state, task.user_id), ("done", self.cashier))

        self.each_cell(play)

    def test_personal_service(self):
        def play(_channel, column, member):
            shown = [service["name"] for service in self.at_till(member)["services"]]
            self.assertEqual(shown, ["Personal service"] * column.photo_and_service)

        self.each_cell(play)

    def test_everything_is_given_once(self):
        given = self.env["loyalty.benefit.issue"].search([("program_id", "=", self.program.id)])
        of_diamond = given.filtered(lambda i: i.member_id == self.members["till", "diamond"])
        self.assertEqual(len(of_diamond), 5, "two gifts, two vouchers, one photo")
        self.night()
        self.assertEqual(given.search([("program_id", "=", self.program.id)]), given)

    # -- what is done with it ------------------------------------------------------------------

    def take_free(self, channel, member, gift, product):
        """The gift, where there is one, is free, once."""
        if not gift:
            return
        free = [(gift, product.list_price)]
        goods = [(self.room, 1), *([(product, 1)] if channel == "till" else [])]
        if channel == "sales":  # Odoo adds the gift itself, at no price
            free = [(gift, 0)]
        paid = self.buy(channel, member, *goods, vouchers=free)
        self.assertEqual(paid, self.room.list_price)
        self.assertEqual(gift.state, "used")
        if channel == "till":
            with self.assertRaises(InsufficientValue):
                self.buy(channel, member, *goods, vouchers=free)

    def spend_in_parts(self, channel, member, voucher, amount):
        """Food and drink only, in two parts; the second takes the rest."""
        popcorn, tea = self.ref("product_popcorn"), self.ref("product_peach_tea")
        goods = (self.room, 1), (popcorn, 2), (tea, 1)
        if channel == "till":
            with self.assertRaises(RewardRefused):
                self.buy(channel, member, *goods, vouchers=[(voucher, 121_000)])
        paid = self.buy(channel, member, *goods, vouchers=[(voucher, 120_000)])
        self.assertEqual(paid, self.room.list_price, "the room is no food")
        self.assertEqual(voucher.coupon_id.points, amount - 120_000)
        self.assertEqual(voucher.state, "issued")
        rest = amount - 120_000
        paid = self.buy(channel, member, (popcorn, 20), vouchers=[(voucher, rest)])
        self.assertEqual(paid, 20 * popcorn.list_price - rest)
        self.assertEqual((voucher.coupon_id.points, voucher.state), (0, "used"))
