from odoo import api, models

from ..domain.amounts import to_decimal
from ..exceptions import LoyaltyError

#: Put into the context by what two people have agreed on; a client cannot make this object.
APPROVED = object()


class LoyaltyMemberCard(models.Model):
    """Another owner or holder of a card with value: a transfer, with its reason (I12).

    The money moves to a balance of the new owner, lot by lot, so that the movements say whose it
    was and whose it became. Whether one person may do it alone is asked by the wizard, which is the
    only way here. An unused card of a customer with a wallet opens it at once.
    """

    _inherit = "loyalty.member.card"

    def action_change_owner(self):
        """Ask for the new owner and holder, and why."""
        self.ensure_one()
        self.check_access("write")
        return self._wizard_action("loyalty.card.owner", self.env._("Change the owner"))

    @api.private
    def _change_owner(self, owner, holder, reason):
        """Give the card, and what is on it, to ``owner``; ``holder`` presents it from now on.

        Payments that were being made with the card are released, as when it is replaced.

        :raises ReasonMissing: without a reason
        :raises LoyaltyError: when the card is closed, or nothing would change
        """
        self.ensure_one()
        self._check_reason(reason)
        owner = owner or holder
        if self.state not in ("issued", "active", "blocked"):
            raise LoyaltyError(
                self.env._("Card %(card)s is closed. Replace it first.", card=self.masked_code)
            )
        if (owner, holder) == (self.owner_id, self.holder_id):
            raise LoyaltyError(self.env._("Choose another owner or holder."))
        card = self.sudo()  # sudo: balances and holds are the card's; the caller has checked who
        for hold in card.balance_ids.hold_ids.filtered(lambda hold: hold.state == "open"):
            self.env["loyalty.ledger"].sudo().void(hold.key)
        label = self.env._(
            "From %(old)s to %(new)s",
            old=card._whose(card.owner_id, card.holder_id),
            new=card._whose(owner, holder),
        )
        if owner != card.owner_id:
            for balance in card.balance_ids.filtered("entry_ids"):
                card._hand_over(balance, owner, f"{label}: {reason.strip()}")
        card.write({"owner_id": owner.id, "holder_id": holder.id})
        self._log(label, reason)
        if card._wallet_without_card(holder):
            card.with_context(loyalty_second_person=APPROVED)._activate()

    def _hand_over(self, balance, owner, reason):
        """Move what is on ``balance`` to a new one of ``owner``, on the same card."""
        target = self._create_balance(balance.program_id, owner)
        balance._move_into(target, reason)

    def _whose(self, owner, holder):
        names = [partner.display_name for partner in (owner, holder - owner) if partner]
        return " / ".join(names) or self.env._("the bearer")

    @api.private
    def _value_handed_over(self, holder):
        """Money that whoever gets this card, or its replacement, can spend (Decimal).

        Of an unused card: what is in the wallet of ``holder`` that it would open.
        """
        card = self.sudo()  # sudo: whoever may write the card is told what is on it
        wallets = card.balance_ids or card._wallet_without_card(holder)
        return sum((to_decimal(balance.points) for balance in wallets), to_decimal(0))

    @api.private
    def _lines_handed_over(self, value, changes, reason):
        """What a second manager reads about this card, as ``[(label, text)]``.

        :param changes: ``[(field, new text)]``
        """
        lines = [
            (self.env._("Card"), self.display_name),
            (self.env._("Value that is handed over"), self.currency_id.format(float(value))),
        ]
        for name, new in changes:
            old = self[name].display_name or "–"
            label = self._fields[name]._description_string(self.env)
            lines.append((label, old if new is None else f"{old} → {new or '–'}"))
        return [*lines, (self.env._("Reason"), reason)]

    def _wallet_without_card(self, holder):
        program = self._program_for("ewallet")
        if self.state != "issued" or not program or not holder:
            return self.env["loyalty.card"]
        return self._card_less_balance(program, holder)

    def _check_second_person(self, value):
        """Opening a customer's wallet with a new card hands its value to whoever holds the card.

        :raises LoyaltyError: above what one person hands over alone, unless another has approved
        """
        approved = self.env.context.get("loyalty_second_person") is APPROVED
        if not approved and self.company_id._loyalty_is_over(value):
            raise LoyaltyError(
                self.env._(
                    "The wallet of %(customer)s holds more than one person may hand over alone. "
                    "Use “Change the owner” on card %(card)s: another manager approves it, and "
                    "the card opens the wallet.",
                    customer=self.owner_id.display_name,
                    card=self.masked_code,
                )
            )

    @api.private
    def _check_replaced_at_till(self):
        """A till replaces what one person may hand over alone; the office asks for the second one.

        :raises LoyaltyError: above that
        """
        value = self._value_handed_over(self.holder_id)
        if value and self.company_id._loyalty_is_over(value):
            raise LoyaltyError(
                self.env._(
                    "Card %(card)s holds more than one person may hand over alone. Use “Replace” "
                    "on the card in the back office: another manager approves it.",
                    card=self.masked_code,
                )
            )

    @api.private
    def _check_new_pin(self, manager_id):
        """Whoever knows the new PIN spends what is on the card: of much, two people set it.

        :param manager_id: the user who approves it; 0: who is at the till
        :raises LoyaltyError: above what one person hands over alone, when both are the same person
        """
        value = self._value_handed_over(self.holder_id)
        user = self.env.user
        manager = user.sudo().browse(manager_id).exists() or user  # sudo: who it is
        is_alone = manager.partner_id == user.partner_id
        if value and is_alone and self.company_id._loyalty_is_over(value):
            raise LoyaltyError(
                self.env._(
                    "Card %(card)s holds more than one person may hand over alone. Let another "
                    "manager approve the new PIN, with a PIN of their own.",
                    card=self.masked_code,
                )
            )
