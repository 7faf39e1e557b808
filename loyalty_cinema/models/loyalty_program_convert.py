from decimal import Decimal

from odoo import Command, api, models
from odoo.exceptions import UserError

from ..domain import conversion
from ..domain.amounts import to_decimal
from ..domain.lots import Part
from ..domain.movement import Movement
from ..domain.saying import _lt
from .loyalty_terms_mixin import DECIDED
from .res_company_setup import PROGRAM_FIELDS

#: Where programs are offered as a discount (website sales have a field of their own).
SALES_CHANNELS = ("pos_ok", "sale_ok", "ecommerce_ok")


class LoyaltyProgram(models.Model):
    """Makes one of Odoo's own gift card or eWallet programs stored value, in one transaction.

    How to use: :meth:`_conversion_holdings` for what there is, ``_conversion_problems`` for what is
    in the way, :meth:`_convert_to_stored_value` to do it. The wizard asks and shows; who may is
    its to decide.

    How it works: what each balance holds is transferred out of its point lots while the program is
    native, then opened in paid and bonus lots when it is stored value. Entries and members'
    history stay. A constant number of statements, whatever the number of balances.
    """

    _inherit = "loyalty.program"

    @api.private
    def _conversion_holdings(self):
        """What the balances hold, as the currency expresses it: list of ``Holding``, by balance.

        A lot keeps its last day. A balance without a card has nothing else that could carry the
        balance's own one, so its lots get it.
        """
        self.env.flush_all()
        self.env.cr.execute(
            """
            SELECT b.id, LEAST(l.expires_on, CASE WHEN %s THEN b.expiration_date END) AS last_day,
                   SUM(l.remaining)::text
              FROM loyalty_card b
              JOIN loyalty_lot l ON l.balance_id = b.id AND l.remaining > 0
             WHERE b.program_id = %s
             GROUP BY b.id, last_day
             ORDER BY b.id, last_day
            """,
            (self.program_type == "ewallet", self.id),
        )
        rows = [conversion.Holding(*row[:2], Decimal(row[2])) for row in self.env.cr.fetchall()]
        return conversion.rounded_up(rows, to_decimal(self.currency_id.rounding))

    @api.private
    def _conversion_overdrawn(self):
        """The sum of the balances below zero (a Decimal, negative or zero)."""
        [(total,)] = (
            self.env["loyalty.card"]
            .with_context(active_test=False)
            ._read_group([("program_id", "=", self.id), ("points", "<", 0)], [], ["points:sum"])
        )
        return to_decimal(total)

    @api.private
    def _convert_to_stored_value(self, kind, bonus, move_values):
        """Do it; returns the opening journal entry (empty when no balance holds value).

        :param kind: the kind of the member cards that carry the old codes
        :param bonus: the part of the total that was given away (Decimal)
        :param move_values: of the journal entry, as ``account.move.create`` takes them
        :raises UserError: when the ledger's proofs do not hold afterwards; nothing is changed then
        """
        self.ensure_one()
        self.env.cr.execute("SELECT id FROM loyalty_program WHERE id = %s FOR UPDATE", (self.id,))
        holdings = self._conversion_holdings()
        quantum = to_decimal(self.currency_id.rounding)
        lots = conversion.lots_of(holdings, bonus, quantum)
        reason = _lt("Converted to stored value")
        self._empty_native_balances(reason)
        self._become_stored_value()
        entries = self._open_stored_value(lots, reason)
        self.env["loyalty.member.card"]._carry_over(self, kind)
        move = self.env["account.move"]
        if entries:
            move = move.create(move_values)
            move._post(soft=False)
            entries._set_move(move)
        self.env.invalidate_all()
        balances = self.env["loyalty.card"].with_context(active_test=False)
        broken = self.env["loyalty.ledger"].verify(balances.search([("program_id", "=", self.id)]))
        if broken:
            raise UserError(
                self.env._(
                    "The ledger of %(program)s does not add up (%(invariant)s). Nothing was "
                    "changed; ask your administrator to check the balances.",
                    program=self.name,
                    invariant=broken[0]["invariant"],
                )
            )
        return move

    def _empty_native_balances(self, reason):
        """Transfer out what each balance holds; what it lacks is let off."""
        self.env.cr.execute(
            """
            SELECT b.id, b.points::text,
                   ARRAY_REMOVE(ARRAY_AGG(l.id ORDER BY l.id), NULL),
                   ARRAY_AGG(l.remaining::text ORDER BY l.id)
              FROM loyalty_card b
         LEFT JOIN loyalty_lot l ON l.balance_id = b.id AND l.remaining > 0
             WHERE b.program_id = %s AND b.points <> 0
             GROUP BY b.id
             ORDER BY b.id
            """,
            (self.id,),
        )
        self.env["loyalty.ledger"].post(
            [
                Movement(
                    balance_id,
                    -Decimal(points),
                    "transfer",
                    f"convert:{balance_id}:out",
                    reason=reason,
                    origin=(self._name, self.id),
                    parts=tuple(
                        Part(lot, -Decimal(remaining))
                        for lot, remaining in zip(lots, amounts, strict=bool(lots))
                    ),
                    mirror=False,  # nothing changes for the member
                )
                for balance_id, points, lots, amounts in self.env.cr.fetchall()
            ]
        )

    def _open_stored_value(self, lots, reason):
        """Bring the value in again, in its new lots; returns the entries."""
        return self.env["loyalty.ledger"].post(
            [
                Movement(
                    balance_id,
                    sum(lot.amount for lot in new_lots),
                    "opening",
                    f"convert:{balance_id}:in",
                    reason=reason,
                    origin=(self._name, self.id),
                    new_lots=tuple(new_lots),
                    mirror=False,
                )
                for balance_id, new_lots in lots.items()
            ]
        )

    def _become_stored_value(self):
        """The program, its rules, its products, and the scheme that goes on granting its bonus."""
        if scheme := self._conversion_scheme():
            schemes = self.env["loyalty.bonus.scheme"]
            if self._is_used():  # terms that customers have already, under another name
                schemes = schemes.with_context(loyalty_terms=DECIDED)
            schemes.create(scheme)
        products = self.rule_ids.product_ids.product_tmpl_id
        # what else these products sold is unused: its balances would have been in the way
        self._conversion_siblings().active = False
        rules = self.rule_ids.with_context(loyalty_terms=DECIDED)  # stored value does not read them
        rules.write({"reward_point_amount": 1, "reward_point_mode": "money"})
        self._as_loyalty_service().write(
            {"is_stored_value": True, **{c: False for c in SALES_CHANNELS if c in self._fields}}
        )
        self.env.flush_all()
        products._as_loyalty_service().write(
            {
                "loyalty_load_type": self.program_type,
                "type": "service",
                "taxes_id": [Command.clear()],
                "sale_ok": False,
            }
        )
        company_field = PROGRAM_FIELDS[self.program_type]
        if replaced := self._conversion_replaces():
            self.company_id[company_field] = self
            replaced.active = False

    @api.private
    def _conversion_replaces(self):
        """The company's own program of this type, if nobody has a balance in it yet.

        The converted one takes its place: nobody should get a second wallet beside the first.
        """
        program = self.company_id[PROGRAM_FIELDS[self.program_type]]
        return program.browse() if program._has_balances() else program

    @api.private
    def _conversion_siblings(self):
        """Odoo's own programs that are sold by the same products; every database has one."""
        products = self.rule_ids.product_ids.ids
        programs = self.search([("id", "!=", self.id), ("rule_ids.product_ids", "in", products)])
        return programs.filtered("is_native_value")

    def _has_balances(self):
        balances = self.env["loyalty.card"].with_context(active_test=False)
        return bool(balances.search_count([("program_id", "in", self.ids)], limit=1))

    @api.private
    def _conversion_factor(self):
        """What the rules gave for each unit of money paid; 1 where they are not of one mind."""
        rules = self.rule_ids.filtered(lambda rule: rule.reward_point_mode == "money")
        factors = {to_decimal(rule.reward_point_amount) for rule in rules}
        return factors.pop() if len(factors) == 1 and rules == self.rule_ids else Decimal(1)

    @api.private
    def _conversion_scheme(self):
        """Values of the bonus scheme that goes on giving what the rules gave, or None."""
        factor, today = self._conversion_factor(), self._today()
        schemes = self.env["loyalty.bonus.scheme"]
        if factor <= 1 or schemes.search_count(schemes._running_domain(self, today), limit=1):
            return None
        band = {
            "from_amount": min(self.rule_ids.mapped("minimum_amount")),
            "mode": "percent",
            "value": float((factor - 1) * 100),
        }
        return {
            "name": self.name,
            "company_id": self.company_id.id,
            "program_type": self.program_type,
            "date_from": today,
            "band_ids": [Command.create(band)],
        }
