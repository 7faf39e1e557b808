"""A ladder, a voucher and a task, for tests of the panel at the till."""

from datetime import timedelta

from odoo import Command

from ..domain.amounts import to_decimal
from ..domain.movement import Movement


class PanelMixin:
    """Factories beside those of a till with a membership program (``cls.program``)."""

    @classmethod
    def ladder(cls, **tiers):
        """Tiers of the program: ``{name: (threshold, colour)}``."""
        return cls.env["loyalty.tier"].create(
            [
                {
                    "name": name,
                    "program_id": cls.program.id,
                    "threshold": threshold,
                    "color": color,
                }
                for name, (threshold, color) in tiers.items()
            ]
        )

    @classmethod
    def coupons(cls, name, **reward):
        """A coupon program of the company: by default 10 % off the order."""
        return cls.env["loyalty.program"].create(
            {
                "name": name,
                "program_type": "coupons",
                "applies_on": "current",
                "trigger": "with_code",
                "company_id": cls.company.id,
                "rule_ids": [Command.create({})],
                "reward_ids": [
                    Command.create({"reward_type": "discount", "discount": 10, **reward})
                ],
            }
        )

    @classmethod
    def voucher(cls, program, partner, days=30, points=1):
        """A coupon of ``partner``, for so many days."""
        last = cls.company._loyalty_day() + timedelta(days=days)
        return cls.env["loyalty.card"].create(
            {
                "program_id": program.id,
                "partner_id": partner.id,
                "points": points,
                "expiration_date": last,
            }
        )

    @classmethod
    def qualify(cls, member, points, key):
        """Qualifying points from nowhere; the tier follows."""
        cls.env["loyalty.ledger"].post(
            [
                Movement(
                    member.balance_id.id,
                    to_decimal(0),
                    "earn",
                    f"panel:{key}",
                    qualifying=to_decimal(points),
                )
            ]
        )
