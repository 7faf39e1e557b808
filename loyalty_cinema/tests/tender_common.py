"""A till that takes points: a point is worth ten cents."""

from uuid import uuid4

from odoo import fields

from .points_common import PointsCase


class PointsTenderCase(PointsCase):
    """The members' program pays; its points are offered at the till as any tender is."""

    point_value = 0.1

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.program.write({"pay_with_points": True, "point_value": cls.point_value})
        cls.by_points = cls.config.payment_method_ids.filtered(
            lambda method: method.stored_value_type == "loyalty"
        )

    def terms(self, **values):
        """Change on which terms points pay."""
        self.program.write(values)

    def ask(self, amount, uuid=None, *, credential=None, exact=False, goods=None, key=None):
        """What the till answers when ``amount`` is to be paid with points."""
        return self.till.authorize(
            self.session.id,
            uuid or str(uuid4()),
            key or str(uuid4()),
            self.by_points.id,
            amount,
            credential or {"partner_id": self.partner.id},
            exact,
            goods,
        )

    def held(self, uuid, amount, **values):
        """The key of a hold of points for an order."""
        answer = self.ask(amount, uuid, exact=True, **values)
        self.assertTrue(answer["ok"], answer)
        return answer["key"]

    def pay_by_points(self, amount, price=100, lines=None, **values):
        """An order of which ``amount`` is paid with points, the rest in cash."""
        uuid = str(uuid4())
        lines = lines or [self.ticket(price)]
        total = sum(line["price_subtotal_incl"] for line in lines)
        payments = [(self.by_points, amount, self.held(uuid, amount, goods=total))]
        if total - amount:
            payments.append((self.cash, total - amount, False))
        return self.sync(self.order(lines, payments, uuid=uuid, **values))

    def pending(self, points):
        """Give the member points that cannot be spent before tomorrow."""
        from ..domain.amounts import to_decimal
        from ..domain.lots import NewLot

        tomorrow = fields.Date.add(self.company._loyalty_day(), days=2)
        lots = [NewLot("points", None, to_decimal(points), tomorrow)]
        self.ledger.credit(self.points, points, "earn", self.key(), lots=lots)
