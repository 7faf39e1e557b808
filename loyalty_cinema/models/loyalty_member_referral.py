from collections import Counter
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ..domain.amounts import by_smaller_units, to_decimal
from ..domain.lots import NewLot
from ..domain.movement import Movement, Reversal
from ..domain.saying import _lt

#: Who is rewarded, by which field of the program.
REWARDS = {"referrer": "referral_points_referrer", "newcomer": "referral_points_newcomer"}
#: The cap of recommendations counts so many days.
CAP_DAYS = 30
#: The least first purchase of a new program, by whether its currency has smaller units.
LEAST, LEAST_WITHOUT_DECIMALS = 10, 50_000


class LoyaltyProgram(models.Model):
    """What keeps invented newcomers from paying: a least purchase, and a cap."""

    _inherit = "loyalty.program"

    referral_least_purchase = fields.Monetary(
        "Least first purchase",
        compute="_compute_referral_least_purchase",
        store=True,
        readonly=False,
        precompute=True,
        help="A recommendation is rewarded when the newcomer's first purchase comes to this, and "
        "taken back when refunds leave less of it. 0: any purchase.",
    )
    referral_cap = fields.Integer(
        "Recommendations in 30 days",
        default=5,
        help="So many recommendations of one member are rewarded within 30 days. What is more "
        "becomes an incident, and a manager may grant it by hand. 0: no limit.",
    )

    _referral_not_negative = models.Constraint(
        "CHECK (referral_least_purchase >= 0 AND referral_cap >= 0)",
        "The least purchase and the number of recommendations are zero or more.",
    )

    @api.depends("currency_id")
    def _compute_referral_least_purchase(self):
        for program in self:
            program.referral_least_purchase = by_smaller_units(
                program.currency_id.decimal_places, LEAST, LEAST_WITHOUT_DECIMALS
            )


class LoyaltyMember(models.Model):
    """A recommendation rewards both when the newcomer's first purchase is paid.

    Once for each newcomer, whatever happens later: the key names the newcomer. A first purchase
    that is given back as a whole takes both rewards with it.
    """

    _inherit = "loyalty.member"

    @api.model
    @api.private
    def _reward_first_purchase(self, origins):
        """Reward the newcomers and who recommended them; a constant number of statements.

        Nothing happens for members whom nobody recommended, who have been rewarded before, or who
        have bought before.

        :param origins: ``{member: the record of the purchase}``; call it after that has earned
        """
        # sudo: called for whoever sells; it writes on two balances that are not the seller's
        newcomers = {
            member: origin
            for member, origin in ((m.sudo(), origin) for m, origin in origins.items())
            if member.referrer_id
            and origin._referral_money() >= to_decimal(member.program_id.referral_least_purchase)
        }
        movements = {}
        for newcomer, origin in newcomers.items():
            for role, field_name in REWARDS.items():
                member = newcomer if role == "newcomer" else newcomer.referrer_id
                points = to_decimal(newcomer.program_id[field_name])
                if points > 0 and member.active:
                    key = f"referral:{newcomer.id}:{role}"
                    movements[key] = (newcomer, member._referral(newcomer, key, points, origin))
        if not movements:
            return
        known = self._entries_by_key(movements).mapped("key")
        later = self._have_bought_before(newcomers)
        movements = {
            key: (newcomer, movement)
            for key, (newcomer, movement) in movements.items()
            if key not in known and newcomer.id not in later
        }
        unusual = self._over_referral_cap(movements, newcomers)
        self.env["loyalty.ledger"].sudo().post(
            [movement for newcomer, movement in movements.values() if newcomer not in unusual]
        )

    def _over_referral_cap(self, movements, origins):
        """The newcomers whose recommender has been rewarded as often as the program allows.

        Each is an incident, because invented newcomers look like this. Counted by person, so that
        it follows merged customers; one query.
        """
        newcomers = {newcomer: None for newcomer, _movement in movements.values()}
        capped = [newcomer for newcomer in newcomers if newcomer.program_id.referral_cap]
        if not capped:
            return set()
        referrers = self.browse().union(*(newcomer.referrer_id for newcomer in capped)).sudo()
        rows = self.env["loyalty.ledger.entry"].sudo()  # sudo: as above
        rows = rows._read_group(
            [
                ("partner_id", "in", referrers.partner_id.ids),
                ("program_id", "in", referrers.program_id.ids),
                ("kind", "=", "earn"),
                ("key", "=like", "referral:%:referrer"),
                ("date", ">", fields.Datetime.now() - timedelta(days=CAP_DAYS)),
            ],
            ["partner_id", "program_id"],
            ["__count"],
        )
        counts = Counter({(partner, program): count for partner, program, count in rows})
        unusual = set()
        for newcomer in capped:
            referrer, program = newcomer.referrer_id, newcomer.program_id
            key = referrer.partner_id, program
            counts[key] += 1
            if counts[key] > program.referral_cap:
                unusual.add(newcomer)
                message = self.env._(
                    "Not rewarded: %(member)s has recommended more than %(cap)s newcomers within "
                    "%(days)s days, the last one %(newcomer)s.",
                    member=referrer.partner_id.display_name,
                    cap=program.referral_cap,
                    days=CAP_DAYS,
                    newcomer=newcomer.partner_id.display_name,
                )
                self.env["loyalty.incident"]._report(
                    "points",
                    message,
                    origin=origins[newcomer],
                    asked=program.referral_points_referrer,
                    partner=referrer.partner_id,
                )
        return unusual

    @api.model
    @api.private
    def _take_back_first_purchase(self, origins, document=None):
        """Take back what recommendations gave for these purchases, which were given back.

        :param origins: ``{member: the record of the purchase}``; others than first ones do no harm
        :param document: the refund or credit note that gave them back
        """
        keys = [f"referral:{member.id}:{role}" for member in origins for role in REWARDS]
        bought = {(origin._name, origin.id) for origin in origins.values()}
        entries = self._entries_by_key(keys).filtered(
            lambda entry: (entry.origin_model, entry.origin_id) in bought
        )
        if not entries:
            return
        ledger = self.env["loyalty.ledger"].sudo()  # sudo: as above
        left, before = ledger._left_of(entries), len(self._reversals(entries))
        reason = _lt("The first purchase was given back")
        ledger.claw_back(
            [
                Reversal(
                    entry, f"referral-back:{entry.id}:{before}", reason=reason, origin=document
                )
                for entry in entries
                if left[entry][0] > 0
            ]
        )

    def _reversals(self, entries):
        """What took these entries back so far, and what undid that."""
        return entries.search([("reverses_id", "in", entries.ids)])

    def _referral(self, newcomer, key, points, origin):
        """The movement that rewards this member; the points come as points that are earned do."""
        program = self.program_id
        day = program._today()
        lot = NewLot(
            "points", program._points_expire_on(day), points, program._points_available_on(day)
        )
        if self == newcomer:
            reason = _lt("Welcome: recommended by a member")
        else:
            reason = _lt("A member whom you recommended has bought for the first time")
        return Movement(
            self.balance_id.id,
            points,
            "earn",
            key,
            reason=reason,
            origin=(origin._name, origin.id),
            new_lots=(lot,),
        )

    def _entries_by_key(self, keys):
        entries = self.env["loyalty.ledger.entry"].sudo()  # sudo: as above
        return entries.search_fetch([("key", "in", list(keys))], ["key"])

    def _have_bought_before(self, origins):
        """Ids of those who earned by another purchase than this one. One query."""
        values = [(m.id, m.balance_id.id, o._name, o.id) for m, o in origins.items()]
        rows = SQL(", ").join(SQL("(%s, %s, %s, %s)", *row) for row in values)
        query = SQL(
            """
            SELECT m.id FROM (VALUES %s) AS m(id, balance_id, origin_model, origin_id)
             WHERE EXISTS (
                SELECT 1 FROM loyalty_ledger_entry e
                 WHERE e.balance_id = m.balance_id AND e.kind = 'earn'
                   AND e.key NOT LIKE 'referral:%%%%'
                   AND (e.origin_model, e.origin_id) IS DISTINCT FROM (m.origin_model, m.origin_id)
             )
            """,
            rows,
        )
        return {member_id for (member_id,) in self.env.execute_query(query)}
