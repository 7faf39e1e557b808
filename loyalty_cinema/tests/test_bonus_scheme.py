from datetime import date
from decimal import Decimal

from psycopg2 import IntegrityError

from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import LoyaltyCase


@tagged("post_install", "-at_install")
class TestBonusScheme(LoyaltyCase):
    """Which bonus a load grants, and until when."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["loyalty.bonus.scheme"].search([]).active = False
        cls.scheme = cls.new_scheme([(200, "percent", 10), (1000, "percent", 15)])

    @classmethod
    def new_scheme(cls, bands, **values):
        names = ("from_amount", "mode", "value")
        lines = [(0, 0, dict(zip(names, band, strict=True))) for band in bands]
        return cls.env["loyalty.bonus.scheme"].create(
            {"name": "Summer", "program_type": "ewallet", "band_ids": lines, **values}
        )

    def bonus(self, amount, day=date(2026, 7, 1), program=None):
        schemes = self.env["loyalty.bonus.scheme"].with_user(self.env.ref("base.public_user"))
        return schemes._bonus_for(program or self.wallet_program, amount, day)

    def test_the_highest_band_reached_counts_for_the_whole_load(self):
        granted = [self.bonus(load)[0] for load in (199.99, 200, 999, 1000)]
        self.assertEqual(granted, [0, 20, Decimal("99.9"), 150])

    def test_bonus_is_rounded_to_the_currency(self):
        self.assertEqual(self.bonus(200.05)[0], Decimal("20.01"))

    def test_days_of_the_scheme_are_its_first_and_last(self):
        self.scheme.write({"date_from": "2026-07-01", "date_to": "2026-07-31"})
        for day, granted in ((30, 0), (1, 20), (31, 20)):
            month = 6 if day == 30 else 7
            self.assertEqual(self.bonus(200, date(2026, month, day))[0], granted)
        self.assertEqual(self.bonus(200, date(2026, 8, 1))[0], 0)

    def test_bonus_expires_days_after_the_load(self):
        self.assertEqual(self.bonus(200)[1], None)
        self.scheme.bonus_validity_days = 30
        self.assertEqual(self.bonus(200)[1], date(2026, 7, 31))

    def test_first_scheme_that_grants_anything_decides(self):
        first = self.new_scheme([(500, "fixed", 77)], sequence=1)
        self.assertEqual([self.bonus(load)[0] for load in (200, 500)], [20, 77])
        first.active = False
        self.assertEqual(self.bonus(500)[0], 50)

    def test_other_programs_and_companies_grant_nothing(self):
        self.assertEqual(self.bonus(200, program=self.gift_program)[0], 0)
        self.scheme.company_id = self.env["res.company"].create({"name": "Elsewhere"})
        self.assertEqual(self.bonus(200)[0], 0)

    def test_bands_that_make_no_sense_are_refused(self):
        with self.assertRaises(ValidationError):
            self.new_scheme([(0, "percent", 101)])
        for bands in ([(0, "fixed", 0)], [(-1, "fixed", 5)], [(0, "fixed", 5), (0, "percent", 5)]):
            with (
                mute_logger("odoo.sql_db"),
                self.assertRaises(IntegrityError),
                self.env.cr.savepoint(),
            ):
                self.new_scheme(bands)
