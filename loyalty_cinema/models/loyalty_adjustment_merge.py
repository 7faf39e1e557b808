from collections import Counter, defaultdict

from odoo import SUPERUSER_ID, api, models
from odoo.exceptions import AccessError

from ..domain.amounts import AMOUNT_MAX
from ..exceptions import LoyaltyError, SecondPersonNeeded
from .loyalty_adjustment_steps import WINDOW_DAYS
from .loyalty_adjustment_words import told
from .loyalty_member_card_owner import APPROVED


class LoyaltyAdjustment(models.Model):
    """Merging contacts hands over what they hold, like another owner of a card (I12, M6).

    Each company in which value changes hands has its row: done at once below its limit. Above it,
    or where somebody's own contact is among them, other managers approve, one in each company, and
    the last approval merges the contacts in the name of who asked. Where nothing moves there is no
    row.
    """

    _inherit = "loyalty.adjustment"

    @api.model
    @api.private
    def _hand_over_by_merge(self, sources, target):
        """Write down what becomes of ``target`` by a merge.

        :raises SecondPersonNeeded: where another manager must approve; see :meth:`_ask_merge`
        """
        if self.env.uid == SUPERUSER_ID:
            return  # the server itself: jobs and data files are nobody's gift
        rows, over = self._deeds_of_merge(sources, target)
        if over:
            raise SecondPersonNeeded(
                self.env._(
                    "Merging these contacts hands %(amount)s over to %(customer)s, which one "
                    "person may not do alone. Merge them with “Merge” in the list of contacts: "
                    "it asks another loyalty manager.",
                    amount=over[0].currency_id.format(over[0].worth),
                    customer=target.display_name,
                ),
                (sources.ids, target.ids),
            )
        for row in rows:
            row.payload = False  # done by the caller; nothing is left to do
            row._decide("done")

    @api.model
    @api.private
    def _ask_merge(self, sources, target):
        """Ask other managers for a merge that :meth:`_hand_over_by_merge` has refused."""
        # Odoo asks for the right on users at the end of a merge, which is when they have approved
        (sources | target).write({})
        rows, over = self._deeds_of_merge(sources, target)
        waiting = over._with_other_companies() - over
        asked_before = over.filtered(lambda row: row.company_id in waiting.company_id)
        (rows - over | asked_before).unlink()
        for row in over - asked_before:
            row.state = "to_approve"
            row._ask_approvers()

    def _deeds_of_merge(self, sources, target):
        """A row, in sudo, for each company in which value moves; and those that must wait."""
        partners = sources | target
        money = sources._loyalty_money_handed_over(target)
        too_much = self._given_together(partners)
        named = partners.with_context(partner_show_db_id=True)  # duplicates have the same name
        gone = ", ".join((named - target).sorted("id").mapped("display_name"))
        kept = (named & target).display_name
        reason = self.env._("%(gone)s merged into %(kept)s", gone=gone, kept=kept)
        deed = told([(self.env._("Goes away"), gone), (self.env._("Stays"), kept)])
        rows = self.sudo().create(  # sudo: written by the server, for whoever may merge contacts
            [
                {
                    "kind": "merge",
                    "company_id": company.id,
                    "partner_id": target.id,
                    "worth": min(money.get(company, 0), AMOUNT_MAX),
                    "reason": reason,
                    "deed": deed,
                    "payload": {"sources": sorted(sources.ids), "target": target.id},
                }
                for company in money.keys() | too_much.keys()
            ]
        )
        is_own = self.env.user.partner_id in partners
        over = rows.filtered(lambda row: is_own or row.company_id in too_much)
        if rows - over:
            over |= (rows - over)._over_limit()
        return rows, over

    @api.model
    def _given_together(self, partners):
        """Where one person gave to several of these customers more than alone to one of them.

        Another loyalty manager than that person may merge them.

        :return: ``{company: user}``
        """
        is_manager = self.env.user.has_group("loyalty_cinema.group_manager")
        # sudo: who gives is a matter of the limit, for whoever may merge contacts
        adjustments = self.sudo()
        users = adjustments.search([("partner_id", "in", partners.ids)]).user_id
        if is_manager:
            users &= self.env.user
        gifts, whom = Counter(), defaultdict(set)
        for (user, partner, _p, _b, company), totals in self._given_alone(partners, users).items():
            if partner and totals[2] > 0:
                gifts[user, company] += totals[2]
                whom[user, company].add(partner)
        companies, users = adjustments.env["res.company"], adjustments.env["res.users"]
        return {
            companies.browse(company): users.browse(user)
            for (user, company), money in gifts.items()
            if len(whom[user, company]) > 1 and companies.browse(company)._loyalty_is_over(money)
        }

    def _with_other_companies(self):
        """These, and what waits in other companies for the same merge."""
        adjustments = self.sudo()  # sudo: rows of companies that this user may not see
        merges = adjustments.filtered(lambda row: row.kind == "merge")
        if not merges:
            return self
        waiting = adjustments.search(
            [
                ("kind", "=", "merge"),
                ("state", "=", "to_approve"),
                ("partner_id", "in", merges.partner_id.ids),  # who stays
            ]
        )
        asked = merges.mapped("payload")
        return self | waiting.filtered(lambda row: row.payload in asked).with_env(self.env)

    def _do_merge(self):
        """Merge the contacts, unless another company's approval is still to come.

        It is done by the rights that who asked for it has now.
        """
        partners = self.env["res.partner"].browse(
            [*self.payload["sources"], self.payload["target"]]
        )
        sources, target = partners[:-1], partners[-1:]
        self._check_merge_approver(partners)
        if self._with_other_companies() - self:
            return
        if len(partners.sudo().exists()) < len(partners):  # sudo: that they are there
            raise LoyaltyError(
                self.env._("One of these contacts is not there any more. Refuse this request.")
            )
        self._check_merge_worth(sources, target)
        asker = self.user_id
        self.env["base.partner.merge.automatic.wizard"].with_user(asker).with_context(
            allowed_company_ids=asker.company_ids.ids, loyalty_second_person=APPROVED
        )._merge(partners.ids, target.with_user(asker))

    def _check_merge_approver(self, partners):
        """Who approves is neither one of the customers nor has given to them too much alone."""
        approver = self.env.user
        if approver.partner_id in partners or approver in self._given_together(partners).values():
            raise AccessError(
                self.env._(
                    "You are one of these contacts, or gave them more within %s days than one "
                    "person may give one customer alone. Another manager approves this.",
                    WINDOW_DAYS,
                )
            )

    def _check_merge_worth(self, sources, target):
        """What was approved is not less than what is handed over now."""
        rows = self.search([("kind", "=", "merge"), ("partner_id", "=", target.id)])
        asked = Counter()
        for row in rows.filtered(lambda row: row.payload == self.payload):
            asked[row.company_id] = max(asked[row.company_id], row.worth)
        for company, money in sources._loyalty_money_handed_over(target).items():
            is_over = company._loyalty_is_over(money)
            if is_over and company.currency_id.compare_amounts(float(money), asked[company]) > 0:
                raise LoyaltyError(
                    self.env._(
                        "These contacts hold more now than when this was asked for. Refuse it, "
                        "and let them be merged anew."
                    )
                )


class ResUsers(models.Model):
    """Another contact for a login is a handover as well: it opens what that contact holds."""

    _inherit = "res.users"

    def write(self, vals):
        """A login gets a customer with value by merging the contacts, which asks a second person.

        :raises LoyaltyError: where an administrator just writes it
        """
        if vals.get("partner_id") and self.env.uid != SUPERUSER_ID:
            contact = self.env["res.partner"].browse(vals["partner_id"])
            others = self.filtered(lambda user: user.partner_id != contact)
            if others and any(contact._loyalty_money_held().values()):
                raise LoyaltyError(
                    self.env._(
                        "%(user)s would get what %(customer)s holds. Merge the two contacts "
                        "instead.",
                        user=others[0].name,
                        customer=contact.display_name,
                    )
                )
        return super().write(vals)
