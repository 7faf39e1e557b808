"""A ladder on the till's program: Silver from 0, Gold from 100, Diamond from 750 tier points."""

from .points_common import PointsCase


class TierCase(PointsCase):
    """Linh is a member in Silver; the program gives 10 % to spend and 1 tier point per unit."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tier_rule = cls.earn_rule(target="qualifying", kind="per_amount", rate=1)
        cls.silver, cls.gold, cls.diamond = cls.ladder(Silver=0, Gold=100, Diamond=750)
        cls.member._tier_start()

    @classmethod
    def ladder(cls, program=None, **thresholds):
        """Tiers of a program, lowest first."""
        program = program or cls.program
        return cls.env["loyalty.tier"].create(
            [
                {"name": name, "threshold": threshold, "program_id": program.id}
                for name, threshold in thresholds.items()
            ]
        )

    def assign(self, tier, member=None, until=None):
        """Give a member a tier by hand."""
        (member or self.member)._tier_assign(tier, "Test", until)

    @classmethod
    def price(cls, partner):
        """What a customer pays for the snack, which has a sales price of 100."""
        cls.snack.list_price = 100
        pricelist = partner.property_product_pricelist
        return pricelist._get_product_price(cls.snack, 1) if pricelist else 100
