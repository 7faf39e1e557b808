from odoo import api, models
from odoo.exceptions import UserError

ADDON = "loyalty_cinema"


class IrModuleModule(models.Model):
    """The addon is not removed while customers hold value in it.

    Whoever removes it, or a module below it, is told what is in the way before anything happens.
    The last step and the hook ask again: between the two clicks of a scheduled removal a customer
    may have been at the till.
    """

    _inherit = "ir.module.module"

    def button_uninstall(self):
        """Every button that removes modules comes by here, the wizard's included."""
        (self + self.downstream_dependencies())._loyalty_check_removable()
        return super().button_uninstall()

    def module_uninstall(self):
        """The step that deletes tables; also reached by itself."""
        self._loyalty_check_removable()
        return super().module_uninstall()

    def _loyalty_check_removable(self):
        """:raises UserError: when this addon is one of these modules and customers have value"""
        if ADDON in self.mapped("name") and (obstacles := self._loyalty_obstacles()):
            raise UserError(
                self.env._(
                    "The loyalty addon cannot be removed yet, with what customers own in it:\n\n%s",
                    "\n".join(f"- {obstacle}" for obstacle in obstacles),
                )
            )

    @api.model
    def _loyalty_obstacles(self):
        """What has to be done before the addon can be removed, in all companies: sentences."""
        # sudo: who removes modules is told of every company
        return [
            *self.sudo()._loyalty_value_left(),
            *self.sudo()._loyalty_under_way(),
            *self.sudo()._loyalty_not_posted(),
        ]

    def _loyalty_value_left(self):
        """Programs in which customers have value that they paid for, or were given."""
        groups = (
            self.env["loyalty.card"]
            .with_context(active_test=False)
            ._read_group(
                [("program_id.is_stored_value", "=", True), ("points", ">", 0)],
                ["program_id"],
                ["__count", "points:sum"],
            )
        )
        for program, count, value in groups:
            yield self.env._(
                "%(program)s of %(company)s: %(value)s on %(count)s balances. Let it be spent, pay "
                "it back, or correct the balances to zero.",
                program=program.name,
                company=program.company_id.name,
                value=program.currency_id.format(value),
                count=count,
            )

    def _loyalty_under_way(self):
        """Tills and payments in the middle of something."""
        sessions = self.env["pos.session"].search(
            [
                ("state", "!=", "closed"),
                ("config_id.payment_method_ids.stored_value_type", "!=", False),
            ]
        )
        for session in sessions:
            yield self.env._(
                "Till %(till)s is open (%(session)s). Close it.",
                till=session.config_id.name,
                session=session.name,
            )
        if count := self.env["loyalty.hold"].search_count([("state", "=", "open")]):
            yield self.env._(
                "Held for payments under way: %(count)s. Wait for them, or release them under "
                "Loyalty → Ledger → Holds.",
                count=count,
            )

    def _loyalty_not_posted(self):
        """Companies whose books do not know of all movements yet."""
        posting = self.env["loyalty.posting"]
        for company in self.env["res.company"].search([("chart_template", "!=", False)]):
            if any(e["lines"] for e in posting.with_company(company)._due_events(company)):
                yield self.env._(
                    "%(company)s: some movements are not in the accounts yet. Press “Post what is "
                    "due” on the reconciliation.",
                    company=company.name,
                )
