"""A membership program and its members, each made in one line."""

from .common import LoyaltyCase


class MemberCase(LoyaltyCase):
    """The company has a membership program; a manager and a second one look after it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.loyalty_points_program_id = False  # the installation may have one
        cls.program = cls.membership("Club")
        cls.boss = cls.manager("boss")
        cls.other_boss = cls.manager("other-boss")

    @classmethod
    def membership(cls, name, **values):
        """A membership program of the company, the one its customers join when it is the first."""
        return cls.env["loyalty.program"].create(
            {
                "name": name,
                "program_type": "loyalty",
                "is_membership": True,
                "company_id": cls.company.id,
                **values,
            }
        )

    @classmethod
    def member(cls, name="Mai", points=0, qualifying=0, **values):
        """A member, with points from nowhere."""
        partner = cls.person(name)
        member = cls.env["loyalty.member"]._enrol(cls.program, partner, "back_office", **values)
        if points or qualifying:
            cls.give(member, points, qualifying)
        return member

    @classmethod
    def give(cls, member, points, qualifying=0, **terms):
        """Points from nowhere; ``terms``: expires_on, available_on."""
        from ..domain.amounts import to_decimal
        from ..domain.lots import NewLot
        from ..domain.movement import Movement

        cls.sequence += 1
        amount = to_decimal(points)
        lot = NewLot("points", terms.get("expires_on"), amount, terms.get("available_on"))
        movement = Movement(
            member.balance_id.id,
            amount,
            "earn",
            f"give:{cls.__name__}:{cls.sequence}",
            new_lots=(lot,) if amount > 0 else (),
            qualifying=to_decimal(qualifying),
        )
        return cls.ledger.post([movement])

    def members_of(self, *partners):
        """All members of the program among these customers, those that left too."""
        members = self.env["loyalty.member"].with_context(active_test=False)
        ids = [partner.id for partner in partners]
        return members.search([("program_id", "=", self.program.id), ("partner_id", "in", ids)])
