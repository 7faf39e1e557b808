from odoo import api, models

from ..domain.amounts import to_decimal
from ..exceptions import LoyaltyError


class LoyaltyMemberCard(models.Model):
    """Another owner or holder of a card with value: a transfer, with its reason (I12).

    The money moves to a balance of the new owner, lot by lot, so that the movements say whose it
    was and whose it became. Above the company's limit two people are needed.
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
        value = sum((to_decimal(balance.points) for balance in card.balance_ids), to_decimal(0))
        self._check_second_person(value, reason)
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

    def _hand_over(self, balance, owner, reason):
        """Move what is on ``balance`` to a new one of ``owner``, on the same card."""
        target = self._create_balance(balance.program_id, owner)
        balance._move_into(target, reason)

    def _whose(self, owner, holder):
        names = [partner.display_name for partner in (owner, holder - owner) if partner]
        return " / ".join(names) or self.env._("the bearer")

    def _check_second_person(self, value, reason):
        """The seam of the company's limit on what one person does alone.

        Called before money changes hands without a sale: a new owner, or a new card that opens a
        customer's wallet.

        :param value: money that would change hands (Decimal)
        :param reason: what was given as the reason
        :raises LoyaltyError: when a second person has to approve
        """
