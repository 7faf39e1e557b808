from odoo import models

from ..domain.amounts import AMOUNT_MAX, AMOUNT_QUANTUM, to_decimal
from ..exceptions import BalanceUnusable, InsufficientValue, InvalidAmount, PointsRefused

ZERO = to_decimal(0)


class LoyaltyTill(models.AbstractModel):
    """Paying with points: the till speaks of money, the server says how many points that is.

    Answers have ``amount`` (money), ``points`` (what they cost), ``available`` (points that are
    left), ``available_money`` (their worth) and ``point_name`` beside those of other tenders.
    """

    _inherit = "loyalty.till"

    def _hold_points(self, session, payer, amount, exact, key, order_uuid, goods):
        """Hold the points that pay ``amount``, or as much of it as balance and terms allow."""
        balance = payer["balance"]
        self._check_points_pay(session, balance)
        ledger = self.env["loyalty.ledger"].sudo()  # sudo: see the class
        ledger._expire_due(balance)
        terms, available = balance.program_id._point_terms(), to_decimal(balance.available)
        money, room = self._room_for_points(balance, amount, goods, order_uuid)
        if exact:
            points = self._exact_points(balance, terms, money, room)
        else:
            points = terms.payable(available, min(money, room))
        if not points or points > available:
            held = room > 0 and self._held_elsewhere(balance, order_uuid)
            return held or self._no_points(balance, terms, room)
        # a card that was presented says so: it may pay for another customer's order
        origin = payer["card"] or session
        hold = ledger.authorize(
            balance, points, key, origin=origin, order_uuid=order_uuid, up_to_date=True
        )
        return self._hold_answer(hold)

    def _check_points_pay(self, session, balance):
        """:raises BalanceUnusable: when the points of this program do not pay here"""
        balance._check_available_in(session)
        if not balance._is_tender():
            raise BalanceUnusable(
                self.env._(
                    "The points of %(program)s do not pay. Choose a reward for them instead.",
                    program=balance.program_id.name,
                )
            )

    def _room_for_points(self, balance, amount, goods, order_uuid):
        """What is asked for, and what the order still allows points to pay (money, Decimals)."""
        terms, money = balance.program_id._point_terms(), self._money_of(amount)
        room = terms.most(money if goods is None else self._money_of(goods, least=ZERO))
        holds = (
            self.env["loyalty.hold"]
            .sudo()  # sudo: see the class
            .search(
                [
                    ("order_uuid", "=", str(order_uuid or "")),
                    ("state", "=", "open"),
                    ("balance_id.program_id", "=", balance.program_id.id),
                ]
            )
        )
        held = sum((to_decimal(h.amount) for h in holds if not h._is_claim()), ZERO)
        return money, max(room - terms.money(held), ZERO)

    def _money_of(self, amount, least=AMOUNT_QUANTUM):
        """``amount`` as a decimal.

        :raises InvalidAmount: for what is no number, below ``least``, or absurd
        """
        try:
            money = to_decimal(amount)
        except ValueError:
            money = least - 1
        if not least <= money <= AMOUNT_MAX:
            raise InvalidAmount(self.env._("Enter an amount above zero."))
        return money

    def _exact_points(self, balance, terms, money, room):
        """The points for exactly ``money``.

        :raises PointsRefused: when the terms do not allow it
        """
        points = terms.points(money)
        if points is None or points < terms.minimum or money > room:
            raise PointsRefused(self._terms_message(balance, terms, room))
        return points

    def _no_points(self, balance, terms, room):
        """The refusal of a payment for which there are too few points, or too little room."""
        least = max(terms.minimum, terms.unit)
        too_few = to_decimal(balance.available) < least
        refusal = InsufficientValue if too_few else PointsRefused
        return {
            "code": "insufficient" if refusal is InsufficientValue else "limit",
            "message": self._no_points_message(balance, terms, room),
            "available": balance.available,
            "available_money": self._money_worth(balance),
        }

    def _no_points_message(self, balance, terms, room):
        least = max(terms.minimum, terms.unit)
        if to_decimal(balance.available) < least:
            return self.env._(
                "%(member)s has %(available)s; at least %(least)s are needed to pay.",
                member=balance._holder().name or balance.program_id.name,
                available=self._format_points(balance, balance.available),
                least=self._format_points(balance, least),
            )
        return self._terms_message(balance, terms, room)

    def _terms_message(self, balance, terms, room):
        currency = balance.program_id.currency_id
        most = min(room, to_decimal(self._money_worth(balance)))  # nobody pays more than they have
        return self.env._(
            "Points can pay at most %(most)s here, at least %(least)s at a time, in steps of "
            "%(step)s.",
            most=currency.format(float(most)),
            least=self._format_points(balance, max(terms.minimum, terms.unit)),
            step=self._format_points(balance, terms.unit),
        )

    # -- answers -------------------------------------------------------------------------------

    def _hold_answer(self, hold):
        answer = super()._hold_answer(hold)
        if hold.balance_id.program_type == "loyalty":
            answer.update(self._points_answer(hold.balance_id, to_decimal(hold.amount)))
        return answer

    def _points_answer(self, balance, points):
        terms = balance.program_id._point_terms()
        return {
            "amount": float(terms.money(points)),
            "points": float(points),
            "available": balance.available,
            "available_money": self._money_worth(balance),
            "point_name": balance.point_name,
            "program_type": balance.program_type,
            "balance_id": balance.id,
        }

    def _points_back(self, order, entry, money):
        """For the plan of a refund: the points that go back for ``money`` of a payment."""
        if entry.is_stored_value:
            return {}
        points = order._tender_back(entry, money)
        return {"points": float(points), "point_name": entry.balance_id.point_name}

    def _money_worth(self, balance):
        """What the available points of ``balance`` are worth as a payment; 0 where they do not pay.

        Stored value is worth what it says.
        """
        if balance.program_type != "loyalty":
            return balance.available
        if not balance._is_tender():
            return 0
        worth = balance.program_id._point_terms().money(to_decimal(balance.available))
        return balance.program_id.currency_id.round(max(float(worth), 0))

    def _format_points(self, balance, points):
        return f"{to_decimal(points).normalize():,f} {balance.point_name or ''}".strip()
