"""A gift shelf: rewards for points, on orders as the till sends them."""

from uuid import uuid4

from .points_common import PointsCase


class ClaimCase(PointsCase):
    """A gift shelf; reward lines as the till sends them, honest or not."""

    def reward(self, **values):
        """A reward of the program."""
        return self.env["loyalty.reward"].create({"program_id": self.program.id, **values})

    def reward_line(self, reward, worth, qty=1, cost=None, balance=None, code=None):
        """A reward line that takes ``worth`` off; costs what the reward says unless told."""
        cost = reward.required_points if cost is None else cost
        return {
            **self.line(reward.discount_line_product_id, qty, -worth / qty, False),
            "is_reward_line": True,
            "reward_id": reward.id,
            "coupon_id": (balance or self.points).id,
            "points_cost": cost,
            "reward_identifier_code": code or str(uuid4()),
        }

    def poster_line(self, price=20, qty=1):
        return self.line(self.poster, qty, price, False)

    def claim(self, *rewards, goods=(), uuid=None, **values):
        """An order of a ticket of 100, ``goods`` and these reward lines, paid in cash."""
        values = {"uuid": uuid, **values} if uuid else values
        return self.buy(100, lines=[*goods, *rewards], **values)

    def hold(self, uuid, points, balance=None):
        """What the till answers when an order claims ``points``."""
        claims = [{"balance_id": (balance or self.points).id, "points": points}] if points else []
        return self.till.hold_claims(self.session.id, uuid, claims)
