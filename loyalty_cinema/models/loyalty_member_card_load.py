from odoo import api, models
from odoo.tools import clean_context, format_amount

from ..domain import card_code
from ..domain.amounts import to_decimal
from ..exceptions import LoadRefused
from .loyalty_card_kind import OPENS_BY_PROGRAM_TYPE

#: Which field of a company names the stored-value program of a type.
PROGRAM_FIELD_BY_TYPE = {
    "gift_card": "loyalty_gift_program_id",
    "ewallet": "loyalty_wallet_program_id",
}


class LoyaltyMemberCard(models.Model):
    """The balances of a card, what may be loaded on them, and how cards are issued in numbers."""

    _inherit = "loyalty.member.card"

    @api.model
    @api.private
    def _issue(self, kind, quantity=1, *, prefix="", **values):
        """Make ``quantity`` new cards of one kind, in the few statements of the ORM's batches.

        :param prefix: digits that the numbers start with
        :param values: what the cards have in common: batch, company_id, owner_id, expires_on
        """
        # sudo: number and batch are chosen by the server; the callers have checked who asks.
        context = dict(clean_context(self.env.context), tracking_disable=True)
        cards = self.sudo().with_context(context)  # pylint: disable=context-overridden
        return cards.create(
            [dict(values, kind_id=kind.id, code=code) for code in self._new_codes(quantity, prefix)]
        ).with_env(self.env)

    @api.private
    def _value_expires_on(self):
        """Last day of value loaded now: the card's, where its kind says so; None for never."""
        return (self.kind_id.value_expires and self.expires_on) or None

    @api.private
    def _balance(self, program_type):
        """The card's balance of this program type, or an empty recordset."""
        return self.balance_ids.filtered(lambda balance: balance.program_type == program_type)[:1]

    @api.private
    def _open_balance(self, program_type):
        """The card's balance of this program type, made at zero when there is none yet.

        A person's wallet that no card opens yet (topped up by name at the till) becomes this
        card's: nobody should own two wallets without knowing it.

        :raises LoadRefused: when cards of this kind hold no such balance, or the company no program
        """
        self.ensure_one()
        card = self.sudo()  # sudo: balances are made by the card, not by its user
        if balance := card._balance(program_type):
            return balance
        if not card.kind_id._opens(program_type):
            raise LoadRefused(
                self.env._(
                    "Card %(card)s is a %(kind)s and cannot hold this value. Choose another "
                    "product or card.",
                    card=self.masked_code,
                    kind=self.kind_id.name,
                )
            )
        program = card._program_for(program_type)
        if not program:
            raise LoadRefused(
                self.env._(
                    "%(company)s has no program for this value yet. Set up stored value in the "
                    "settings first.",
                    company=self.company_id.name,
                )
            )
        if balance := card._adoptable_balance(program):
            card._adopt(balance)
        return balance or card._create_balance(program)

    def _open_balances(self):
        """Open each balance that the kind promises and the company has set up."""
        for program_type in OPENS_BY_PROGRAM_TYPE:
            if self.kind_id._opens(program_type) and self._program_for(program_type):
                self._open_balance(program_type)

    def _program_for(self, program_type):
        field_name = PROGRAM_FIELD_BY_TYPE.get(program_type)
        # sudo: the company's settings are not the cashier's to read; the program itself is.
        company = self.company_id.sudo()
        return company[field_name] if field_name else self.env["loyalty.program"]

    def _adoptable_balance(self, program):
        """The holder's own wallet without a card, if there is one."""
        if (
            program.program_type != "ewallet"
            or not self.holder_id
            or self.owner_id != self.holder_id
        ):
            return self.env["loyalty.card"]
        return self._card_less_balance(program, self.owner_id)

    def _card_less_balance(self, program, owner):
        return self.env["loyalty.card"].search(
            [
                ("program_id", "=", program.id),
                ("partner_id", "=", owner.id),
                ("member_card_id", "=", False),
            ],
            order="id",
            limit=1,
        )

    def _adopt(self, balance):
        """Open a customer's wallet by this card: whoever holds the card spends it from now on."""
        if balance.points:
            reason = self.env._("This card opens the wallet of %s", self.owner_id.display_name)
            self._check_second_person(to_decimal(balance.points))
            self._log(reason, balance._format_points(balance.points))
        balance.write({"member_card_id": self.id})

    def _create_balance(self, program, owner=None):
        # Defaults that a client put in the context must not reach the balance.
        context = dict(
            clean_context(self.env.context), loyalty_no_mail=True, mail_create_nolog=True
        )
        balances = self.env["loyalty.card"].with_context(context)  # pylint: disable=context-overridden
        # Odoo's own code for a balance has 32 random bits; it opens the balance, so it gets ours.
        return balances.create(
            {
                "program_id": program.id,
                "partner_id": (self.owner_id if owner is None else owner).id,
                "member_card_id": self.id,
                "code": card_code.generate(),
            }
        )

    def action_view_entries(self):
        """Open the movements of this card's balances, those made with an earlier card included."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "loyalty_cinema.action_loyalty_ledger_entry"
        )
        return dict(action, domain=[("balance_id", "in", self._balances().ids)], context={})

    # -- limits ----------------------------------------------------------------------------------

    @api.private
    def _check_load(self, balance, amount, bonus=0):
        """Make sure that ``amount`` may be loaded on ``balance`` of this card now.

        Call it again in the transaction that loads: two loads at once are each within the limits
        and together perhaps not. The second one then fails to write the balance and is run again.

        :param bonus: what the load grants on top; it counts for the highest balance only
        :raises LoadRefused: with the limit and its amount
        :raises BalanceUnusable: when the card cannot be used
        """
        self._check_usable()
        self._check_limits(balance, amount, bonus)

    @api.private
    def _check_limits(self, balance, amount, bonus=0):
        """As :meth:`_check_load`, of a card that is still to be activated too."""
        self._check_loadable(balance)
        kind, amount = self.kind_id.with_company(self.company_id), to_decimal(amount)
        if amount < to_decimal(kind.load_min):
            self._refuse_load(self.env._("The smallest load is %s."), kind.load_min)
        if _exceeds(amount, kind.load_max):
            self._refuse_load(self.env._("The largest load is %s."), kind.load_max)
        after = to_decimal(balance.points) + amount + to_decimal(bonus)
        if _exceeds(after, kind.balance_max):
            self._refuse_load(self.env._("A card of this kind holds at most %s."), kind.balance_max)
        if kind.load_daily_max and _exceeds(
            self._loaded(balance, today=True) + amount, kind.load_daily_max
        ):
            self._refuse_load(
                self.env._("A card of this kind takes at most %s a day."), kind.load_daily_max
            )

    @api.private
    def _check_loadable(self, balance):
        """:raises LoadRefused: for a card that is loaded once, and has been"""
        self.ensure_one()
        if not self.kind_id.reloadable and self._loaded(balance) > 0:
            raise LoadRefused(
                self.env._(
                    "Card %s has been loaded already. It cannot be topped up.", self.masked_code
                )
            )

    def _refuse_load(self, message, limit):
        raise LoadRefused(message % format_amount(self.env, limit, self.currency_id))

    def _loaded(self, balance, today=False):
        """What was loaded on ``balance`` (ever, or today), less the loads that were refunded.

        And on those of its card before it, which another owner had: limits are the card's.
        """
        same = [("balance_id", "=", balance.id)]
        if balance.member_card_id:
            same = [
                ("balance_id.member_card_id", "=", balance.member_card_id.id),
                ("program_id", "=", balance.program_id.id),
            ]
        domain = [
            *same,
            "|",
            ("kind", "=", "load"),
            ("reverses_id.kind", "=", "load"),
        ]
        if today:
            domain.append(("date", ">=", self.company_id._loyalty_day_start()))
        # sudo: cashiers have no access to the ledger; only the sum leaves this method.
        entries = self.env["loyalty.ledger.entry"].sudo()
        [(total,)] = entries._read_group(domain, [], ["amount:sum"])
        return to_decimal(total or 0)


def _exceeds(amount, limit):
    """Whether ``amount`` is over ``limit``; a limit of zero is none."""
    return bool(limit) and amount > to_decimal(limit)
