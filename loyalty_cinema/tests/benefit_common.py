"""Tiers that give something: coupon programs, benefits and nights, each made in one line."""

from datetime import date
from unittest.mock import patch

from freezegun import freeze_time

from odoo import Command

TODAY = date(2026, 11, 22)


class BenefitMixin:
    """Beside a membership program (``cls.program``) and a manager (``cls.boss``)."""

    @classmethod
    def make_ladder(cls):
        """Silver from 0, Gold from 100, Diamond from 750."""
        cls.silver, cls.gold, cls.diamond = cls.env["loyalty.tier"].create(
            [
                {"name": name, "threshold": threshold, "program_id": cls.program.id}
                for name, threshold in (("Silver", 0), ("Gold", 100), ("Diamond", 750))
            ]
        )

    @classmethod
    def coupons(cls, name="Coupons", **reward):
        """A coupon program of the company: by default 30 % off the order."""
        return cls.env["loyalty.program"].create(
            {
                "name": name,
                "program_type": "coupons",
                "applies_on": "current",
                "trigger": "with_code",
                "company_id": cls.company.id,
                "rule_ids": [Command.clear()],
                "reward_ids": [
                    Command.clear(),
                    Command.create({"reward_type": "discount", "discount": 30, **reward}),
                ],
            }
        )

    @classmethod
    def food_coupons(cls, category):
        """Money off a category of products, which can be spent in parts."""
        return cls.coupons(
            "Food and drink",
            discount=1,
            discount_mode="per_point",
            discount_applicability="specific",
            discount_product_category_id=category.id,
        )

    def benefit(self, tier, occasion="reaching", gives="voucher", **values):
        """A benefit made by a manager, with nothing but a manager's rights."""
        if gives == "voucher" and "coupon_program_id" not in values:
            values["coupon_program_id"] = self.coupons().id
        benefits = self.env["loyalty.benefit"].with_user(self.boss)
        benefit = benefits.create(
            {"name": "Gift", "tier_id": tier.id, "occasion": occasion, "gives": gives, **values}
        )
        return benefit.with_env(self.env)

    def night(self, today=TODAY, batch_size=1000):
        """The nightly job, on that day; it commits nothing here."""
        benefits, crons = type(self.env["loyalty.benefit"]), type(self.env["ir.cron"])
        with (
            patch.object(benefits, "_today", lambda _benefit: today),
            patch.object(crons, "_commit_progress", return_value=1) as commit,
        ):
            self.env["loyalty.benefit"]._cron_issue(batch_size)
        return commit

    def announce(self):
        """The job that writes mails; it commits nothing here."""
        with patch.object(type(self.env["ir.cron"]), "_commit_progress", return_value=1):
            self.env["loyalty.benefit.issue"]._cron_announce()

    def given(self, members=None, **values):
        """What members were given; all that is not filtered away, oldest first."""
        domain = [(name, "=", value) for name, value in values.items()]
        domain += [("member_id", "in", members.ids)] if members else []
        domain += [("program_id", "=", self.program.id)]
        return self.env["loyalty.benefit.issue"].search(domain, order="id")

    @classmethod
    def put_in(cls, tier, *members):
        """Put members into a tier, however they came there."""
        ids = [member.id for member in members]
        cls.env.flush_all()
        cls.env.cr.execute(
            "UPDATE loyalty_member SET tier_id = %s WHERE id = ANY(%s)", (tier.id, ids)
        )
        cls.env["loyalty.member"].invalidate_model(["tier_id"])


class BenefitDayMixin(BenefitMixin):
    """It is noon of TODAY, for jobs that look at whatever else is in the database, too."""

    def setUp(self):
        super().setUp()
        self.enterContext(freeze_time(f"{TODAY} 12:00:00"))
