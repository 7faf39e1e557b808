from odoo import api, models

from ..domain.saying import _lt


class LoyaltyCard(models.Model):
    """What comes back to a balance that was merged into another goes on to that one.

    Refunds and clawbacks reverse the entries of the very balance that moved then. Where it has
    been merged since, value given back would lie on a closed balance, and points taken back would
    be owed by nobody. What was paid with a card that has another owner since comes back to the
    card.
    """

    _inherit = "loyalty.card"

    @api.model
    @api.private
    def _rejoin_merged(self, document):
        """Move on what ``document`` brought on closed balances, or took from them.

        :param document: the refund or credit note, origin of the entries; one query where nothing
            was merged
        """
        # sudo: called for whoever refunds; it moves value between balances of one owner
        entries = self.env["loyalty.ledger.entry"].sudo()
        closed = entries.search(
            [
                ("origin_model", "=", document._name),
                ("origin_id", "=", document.id),
                ("balance_id.active", "=", False),
            ]
        ).balance_id
        for balance in closed:
            card = balance.member_card_id
            survivor = balance.search(
                [
                    ("program_id", "=", balance.program_id.id),
                    ("member_card_id", "=", balance.member_card_id.id),
                    *([] if card else [("partner_id", "=", balance.partner_id.id)]),
                ],
                limit=1,
            )
            if survivor and (card or balance.partner_id):
                balance._move_into(survivor, _lt("Merged before"))
