import random
from datetime import date, timedelta
from decimal import Decimal

from freezegun import freeze_time

from odoo.tests import tagged

from ..domain.tier_periods import period, reviewed_days
from ..domain.tier_story import Story
from ..domain.tiers import review
from ..models.loyalty_member_tier_store import STANDING_COLUMNS
from .ladder_common import LadderCase

#: Ladders that the database and the domain are compared on.
LADDERS = [
    {"tier_window": "rolling", "tier_window_months": 12, "tier_valid_months": 6},
    {"tier_window": "rolling", "tier_window_months": 7, "tier_grace_days": 31},
    {"tier_window": "calendar", "tier_grace_days": 31, "tier_downgrade": "one_step"},
    {"tier_window": "calendar", "tier_carry_over": True, "tier_carry_day": 29,
     "tier_carry_month": "2"},
    {"tier_window": "membership", "tier_grace_days": 10},
    {"tier_window": "lifetime", "tier_downgrade": "one_step"},
    {"tier_window": "rolling", "by_hand": "platinum"},
    {"tier_window": "calendar", "tier_downgrade": "one_step", "by_hand": "gold"},
]  # fmt: skip
DAY = date(2026, 6, 15)
MEMBERS = 40


@tagged("post_install", "-at_install")
class TestTierReview(LadderCase):
    """The nightly review is one statement per batch, and does what the domain says."""

    def set_up_ladder(self, by_hand=None, **settings):
        """The program's settings; ``by_hand``: the tier that no points reach."""
        self.program.write({"tier_grace_days": 0, "tier_downgrade": "earned", **settings})
        self.program.tier_ids.by_hand = False
        if by_hand:
            getattr(self, by_hand).by_hand = True

    def random_day(self, years=3):
        """A day of the last years, the last ones of February and of years oftener than others."""
        day = DAY - timedelta(days=self.random.randrange(365 * years))
        odd = [date(2024, 2, 29), date(2025, 2, 28), date(2025, 12, 31), date(2026, 1, 1)]
        return self.random.choice([day] * 8 + odd)

    def random_members(self):
        """Members of whatever standing, all of them due, with what they earned on which day."""
        partners = self.env["res.partner"].create([{"name": f"No. {n}"} for n in range(MEMBERS)])
        joined = {partner.id: self.random_day() for partner in partners}
        members = self.env["loyalty.member"]._enrol(
            self.program, partners, "import", joined_on=joined
        )
        points = {
            member.id: [
                (self.random_day(), self.random.choice((20, 99, 100, 300, 800)))
                for _n in range(self.random.randrange(6))
            ]
            for member in members
        }
        self.ledger.post(
            [
                self.earning(member, amount, day.isoformat())
                for member in members
                for day, amount in points[member.id]
            ]
        )
        for member in members:
            self.put(member, *self.random_standing())
        return members, points

    def random_standing(self):
        """The columns of a standing that is due."""
        tier = self.random.choice(self.program.tier_ids).id
        due = min(self.random_day(1), DAY)
        floor = self.random.choice([None, None, *self.program.tier_ids.ids])
        until = self.random.choice([None, self.random_day(1), DAY + timedelta(days=50)])
        secured = self.random.choice(self.program.tier_ids).id
        return tier, self.random_day(), due, secured, due, floor, floor and until

    def put(self, member, *values):
        """Write a standing as no verb would."""
        columns = ", ".join(f"{name} = %s" for name in STANDING_COLUMNS)
        self.env.flush_all()
        self.cr.execute(f"UPDATE loyalty_member SET {columns} WHERE id = %s", (*values, member.id))
        self.env.invalidate_all()

    def judged(self, row, points):
        """The standing after the review, by the domain."""

        def total(first, last):
            return sum((Decimal(p) for day, p in points if first <= day <= last), Decimal(0))

        window = row.ladder.window
        measured = total(*reviewed_days(window, row.joined_on, row.standing.review_on))
        running = total(period(window, row.joined_on, DAY)[0], DAY)
        return review(row.ladder, row.joined_on, row.standing, measured, running, DAY)

    def standings(self, members):
        """``{member id: MemberRow}`` as the verbs read them."""
        self.env.invalidate_all()
        ladder = self.program._ladder()
        rungs = {rung.id: rung for rung in ladder.rungs}
        return {member.id: member._tier_row(ladder, rungs) for member in members}

    def test_sql_and_domain_judge_alike(self):
        for seed, settings in enumerate(LADDERS):
            with self.subTest(settings):
                self.random = random.Random(seed)
                self.set_up_ladder(**settings)
                members, points = self.random_members()
                rows = self.standings(members)
                expected = {id_: self.judged(row, points[id_]) for id_, row in rows.items()}
                changes = self.reviews._review(self.program, DAY, members=members)
                self.assertEqual(changes.member_id, members)
                found = {id_: row.standing for id_, row in self.standings(members).items()}
                self.assertEqual(found, expected)
                kinds = {change.member_id.id: change.kind for change in changes}
                for id_, row in rows.items():
                    kept = row.standing.tier == expected[id_].tier
                    self.assertEqual(kinds[id_], "review" if kept else "downgrade")

    def test_random_lives_are_the_ones_that_the_domain_tells(self):
        for seed, settings in enumerate(LADDERS):
            with self.subTest(settings):
                self.random = random.Random(seed)
                self.set_up_ladder(**settings)
                self.live(date(2025, 3, 1))

    def live(self, day):
        """A life of random events, in the database and in the domain."""
        with freeze_time(f"{day} 12:00:00"):
            member = self.member("Life")
        story, entries = Story(self.program._ladder(), day), []
        for _n in range(25):
            day += timedelta(days=self.random.randrange(60))
            with freeze_time(f"{day} 12:00:00"):
                getattr(self, self.random.choice(("buy", "buy", "refund", "give", "night")))(
                    member, story, entries, day
                )
            row = self.standings(member)[member.id]
            self.assertEqual(row.standing, story.standing, f"after {day}")

    def buy(self, member, story, entries, day):
        points, late = self.random.choice((30, 110, 310)), timedelta(self.random.choice((0, 0, 9)))
        story.move(day, points, day - late)
        entries.append(self.earn(member, points, (day - late).isoformat()))

    def refund(self, member, story, entries, day):
        if entries:
            entry = entries.pop(self.random.randrange(len(entries)))
            story.move(day, -int(entry.qualifying_points), entry.qualifying_on)
            self.bring_back(entry)

    def give(self, member, story, _entries, day):
        until = self.random.choice((None, day + timedelta(days=40)))
        tier, rung = self.gold, story.ladder.rungs[1]
        story.assign(day, rung, until)
        member._tier_assign(tier, "Test", until)

    def night(self, member, story, _entries, day):
        story.review(day)
        while self.reviews._review(self.program, day, members=member):
            pass

    # -- the job ---------------------------------------------------------------------------------

    def due_members(self, count):
        """Members in gold who fall on 15 June 2027."""
        members = self.env["loyalty.member"].union(*(self.member(str(n)) for n in range(count)))
        self.ledger.post([self.earning(member, 110) for member in members])
        return members

    def test_who_falls_is_told_why(self):
        [mai] = self.due_members(1)
        self.review("2027-06-14")
        self.assertEqual(mai.tier_id, self.gold)
        self.review("2027-06-15")
        self.assertEqual((mai.tier_id, mai.tier_since), (self.silver, date(2027, 6, 15)))
        self.assertFalse(mai.tier_review_on)
        change = mai.tier_change_ids[0]
        self.assertEqual((change.kind, change.from_tier_id), ("downgrade", self.gold))

    def test_who_keeps_it_is_told_too(self):
        [mai] = self.due_members(1)
        self.earn(mai, 100, on="2027-01-01")
        self.review("2027-06-15")
        self.assertEqual((mai.tier_id, mai.tier_review_on), (self.gold, date(2028, 6, 15)))
        self.assertEqual(self.history(mai)[-1], ("review", "Gold"))

    def test_a_job_that_stopped_goes_on_where_it_was(self):
        members, day = self.due_members(3), date(2027, 6, 15)
        self.job_has_time = 1
        with freeze_time("2027-06-15 12:00:00"):
            self.assertFalse(self.reviews._review_due(self.program, 1))
            self.assertEqual(len(members.filtered(lambda m: m.tier_id == self.gold)), 2)
            self.job_has_time = 10
            self.assertTrue(self.reviews._review_due(self.program, 1))
        self.assertEqual(members.tier_id, self.silver)
        self.assertEqual([done for done, _left in self.commits], [1, 1, 1])
        self.assertFalse(self.reviews._review(self.program, day), "a second run finds nobody")

    def test_a_batch_is_the_same_number_of_statements_whatever_its_size(self):
        def statements(count):
            members = self.due_members(count)
            self.env.flush_all()
            before = self.cr.sql_log_count
            self.reviews._review(self.program, date(2027, 6, 15), members=members)
            return self.cr.sql_log_count - before

        statements(1)
        self.assertEqual(statements(1), statements(20))
