from odoo import api, fields, models

from ..exceptions import BalanceUnusable, LoyaltyError
from .loyalty_till_access import refusals_returned


class LoyaltyTill(models.AbstractModel):
    """Benefits at the till: a task is done, and a voucher that is over is not held."""

    _inherit = "loyalty.till"

    @api.model
    @refusals_returned
    def benefit_done(self, session_id, issue_id, done=True):
        """Staff did what a benefit asks for, such as the photo on the wall; or did not after all.

        :param issue_id: of :meth:`loyalty.benefit.issue._tasks_and_services`
        :return: ``{"issue_id", "state"}``
        """
        session = self._till_session(session_id)
        issue = self.env["loyalty.benefit.issue"].sudo()  # sudo: see the class
        issue = issue.search([("id", "=", self._id(issue_id))])
        if not issue or (
            issue.company_id and issue.company_id not in session.company_id.parent_ids
        ):
            raise LoyaltyError(self.env._("This task does not exist here any more."))
        is_manager = (
            self.env.user.has_group("loyalty_cinema.group_manager")
            and session.config_id._loyalty_acts_alone()
        )
        if not done and issue.user_id != self.env.user and not is_manager:
            raise LoyaltyError(self.env._("Somebody else has done this: ask a manager."))
        issue._finish(bool(done))
        return {"issue_id": issue.id, "state": issue.state}

    def _claimed_prices(self, session, claims):
        """Nothing is held of vouchers that are over."""
        prices = super()._claimed_prices(session, claims)
        for balance in prices:
            today = balance.program_id._today()
            if balance._is_voucher() and balance._is_over(today):
                raise BalanceUnusable(balance._over_message())
        return prices


class LoyaltyBenefitIssue(models.Model):
    """What the member panel shows of benefits besides vouchers."""

    _inherit = "loyalty.benefit.issue"

    @api.model
    @api.private
    def _tasks_and_services(self, member):
        """What staff does for ``member``: open tasks and personal services; two queries.

        :return: ``[{"issue_id", "benefit_id", "name", "gives", "expires_on"}]``; ``gives`` is
            "task", to be marked as done by ``loyalty.till.benefit_done``, or "service", which has
            no ``issue_id``
        """
        # sudo: the till is told of this customer, and of nobody else
        tasks = self.sudo().search(
            [("member_id", "=", member.id), ("state", "=", "issued"), ("gives", "=", "task")],
            order="issued_on, id",
        )
        rows = [(t.id, t.benefit_id, t._name_at_till(), t.valid_until) for t in tasks]
        services = member._services()[member]
        rows += [(False, benefit, benefit.name, False) for benefit in services]
        return [
            {
                "issue_id": issue_id,
                "benefit_id": benefit.id,
                "name": name,
                "gives": benefit.gives,
                "expires_on": fields.Date.to_string(last_day) or False,
            }
            for issue_id, benefit, name, last_day in rows
        ]
