from dateutil.relativedelta import relativedelta

from odoo import api, models
from odoo.fields import Domain

from ..exceptions import BalanceUnusable, ReasonMissing
from ..tools import scheduled_job

#: From which states each state can be reached. What is not listed is refused.
TRANSITIONS = {
    "active": frozenset({"issued", "blocked"}),
    "blocked": frozenset({"active"}),
    "lost": frozenset({"issued", "active", "blocked"}),
    "replaced": frozenset({"active", "blocked", "lost", "expired"}),
    "expired": frozenset({"issued", "active", "blocked"}),
}
#: Cards that the nightly job closes per transaction.
EXPIRE_BATCH_SIZE = 1000


class LoyaltyMemberCard(models.Model):
    """The life of a card: activated, blocked, lost, replaced, expired."""

    _inherit = "loyalty.member.card"

    # -- buttons: managers, by the right to write cards ------------------------------------------

    def action_activate(self):
        """Put issued cards into use."""
        self.check_access("write")
        self._activate()

    def action_ask_reason(self):
        """Ask for the reason of a block, an unblock or a loss (``card_action`` in the context)."""
        self.check_access("write")
        return self._wizard_action("loyalty.card.action", self.env._("Give the reason"))

    def action_replace(self):
        """Ask for the card that takes the place of this one."""
        self.ensure_one()
        self.check_access("write")
        return self._wizard_action("loyalty.card.replace", self.env._("Replace the card"))

    def _wizard_action(self, model, name):
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": model,
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_card_ids": self.ids,
                "default_card_id": self[:1].id,
                "default_action": self.env.context.get("card_action") or "block",
            },
        }

    # -- life ------------------------------------------------------------------------------------

    @api.private
    def _check_can_activate(self):
        """Make sure that the card can be activated: ask before taking money for it.

        :raises BalanceUnusable: with what is missing
        """
        self.ensure_one()
        self._check_transition("active", ("issued",))
        if self._is_past_expiry():
            raise BalanceUnusable(
                self.env._("Card %(card)s has expired. Take another one.", card=self.masked_code)
            )
        if not self.holder_id and (self.kind_id.named or self.owner_id.is_company):
            raise BalanceUnusable(
                self.env._(
                    "Card %(card)s needs a holder: choose the person who will present it.",
                    card=self.masked_code,
                )
            )
        if self.kind_id.pin_required and not self.sudo().pin_hash:  # sudo: nobody reads the hash
            raise BalanceUnusable(
                self.env._(
                    "Card %(card)s needs a PIN: let the customer choose one.", card=self.masked_code
                )
            )

    @api.private
    def _activate(self):
        """Put the cards into use, give them their expiry and open their stored-value balances."""
        for card in self:
            card._check_can_activate()
            today = card.company_id._loyalty_day()
            months = card.kind_id.validity_months
            expires_on = card.expires_on or (months and today + relativedelta(months=months))
            card._set_state("active", activated_on=today, expires_on=expires_on)
            card._open_balances()
        self._log(self.env._("Activated"))

    @api.private
    def _block(self, reason):
        """Stop the cards from being used until a manager unblocks them."""
        self._move("blocked", self.env._("Blocked"), reason)

    @api.private
    def _unblock(self, reason):
        """Let blocked cards be used again."""
        for card in self:
            card._check_transition("active", ("blocked",))
        self._move("active", self.env._("Unblocked"), reason)

    @api.private
    def _report_lost(self, reason):
        """Close the cards for good; their value waits for a replacement."""
        self._move("lost", self.env._("Reported lost"), reason)

    @api.private
    def _replace(self, new_card, reason):
        """Move everything on this card to ``new_card``, which must be unused; this one is dead.

        Balances keep their entries and lots: only the card that opens them changes. Payments that
        were being made with the old card are released.

        :raises BalanceUnusable: when the new card is in use, of another kind or company
        """
        self.ensure_one()
        self._check_reason(reason)
        self._check_transition("replaced")
        self._check_replacement(new_card)
        # sudo: balances, holds and the new card's PIN are written by the card, not by its user.
        old, new = self.sudo(), new_card.sudo()
        for hold in old.balance_ids.hold_ids.filtered(lambda hold: hold.state == "open"):
            self.env["loyalty.ledger"].sudo().void(hold.key)
        new.write(
            {
                "owner_id": old.owner_id.id,
                "holder_id": old.holder_id.id,
                "pin_hash": new.pin_hash or old.pin_hash,
            }
        )
        # closed ones too: what is refunded to a former owner's balance goes on to this card
        old.with_context(active_test=False).balance_ids.write({"member_card_id": new.id})
        old._set_state("replaced", replaced_by_id=new.id)
        new._activate()
        self._log(self.env._("Replaced by %(card)s", card=new.masked_code), reason)
        new_card._log(self.env._("Replaces %(card)s", card=old.masked_code), reason)

    @api.private
    def _expire(self):
        """Close the cards whose last day has passed. Their value is kept for a replacement."""
        self._set_state("expired")
        self._log(self.env._("Expired"))

    @api.model
    @scheduled_job
    def _cron_expire(self, batch_size=EXPIRE_BATCH_SIZE):
        """Nightly: close expired cards, one batch per transaction."""
        days = self.env["res.company"]._loyalty_days()
        domain = Domain("state", "in", sorted(TRANSITIONS["expired"])) & Domain.OR(
            Domain("company_id", "=", company_id) & Domain("expires_on", "<", day)
            for company_id, day in days.items()
        )
        while cards := self.search(domain, limit=batch_size, order="id"):
            cards._expire()
            left = self.search_count(domain)
            if not self.env["ir.cron"]._commit_progress(len(cards), remaining=left):
                break

    def _check_replacement(self, new_card):
        new_card.ensure_one()
        card, problem = new_card.masked_code, None
        if new_card.state != "issued" or new_card._is_past_expiry():
            problem = self.env._("Card %s is or was in use. Take an unused one.", card)
        elif new_card.company_id != self.company_id:
            problem = self.env._(
                "Card %s belongs to another company. Take one of this company.", card
            )
        elif new_card.kind_id != self.kind_id:
            problem = self.env._("Card %s is of another kind. Take one of the same kind.", card)
        if problem:
            raise BalanceUnusable(problem)

    # -- helpers ---------------------------------------------------------------------------------

    def _move(self, state, label, reason):
        self._check_reason(reason)
        self._set_state(state)
        self._log(label, reason)

    def _set_state(self, state, **values):
        for card in self:
            card._check_transition(state)
        # sudo: the state is written here and nowhere else; the callers have checked who asks.
        self.sudo().write(dict(values, state=state))

    def _check_transition(self, state, allowed=None):
        if self.state not in (allowed or TRANSITIONS[state]):
            states = dict(self._fields["state"]._description_selection(self.env))
            raise BalanceUnusable(
                self.env._(
                    "Card %(card)s is %(state)s: this is not possible now.",
                    card=self.masked_code,
                    state=states[self.state].lower(),
                )
            )

    def _check_reason(self, reason):
        if not (reason or "").strip():
            raise ReasonMissing(self.env._("Give the reason: it is kept with the card."))

    def _log(self, label, reason=None):
        """Note in the chatter what happened and why; one batch whatever the number of cards."""
        body = f"{label}: {reason.strip()}" if reason else label
        self._message_log_batch({card.id: body for card in self})
