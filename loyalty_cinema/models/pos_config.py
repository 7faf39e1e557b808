from odoo import models

from ..domain.movement import STORED_VALUE_TYPES


class PosConfig(models.Model):
    """A new till gets its cash and bank methods as if our tenders did not exist, then the tenders.

    Odoo takes any method it finds as proof that the company has its methods already, and any bank
    method as "the" card method.
    """

    _inherit = "pos.config"

    def _default_payment_methods(self):
        native = super(PosConfig, self.with_context(loyalty_hide_tenders=True))
        methods = native._default_payment_methods().with_context(loyalty_hide_tenders=False)
        return methods | self._loyalty_tenders()

    def _create_journal_and_payment_methods(self, cash_ref=None, cash_journal_vals=None):
        native = super(PosConfig, self.with_context(loyalty_hide_tenders=True))
        journal, method_ids = native._create_journal_and_payment_methods(
            cash_ref, cash_journal_vals
        )
        tenders = self._loyalty_tenders().ids
        method_ids = method_ids + [id_ for id_ in tenders if id_ not in method_ids]
        return journal.with_context(loyalty_hide_tenders=False), method_ids

    def _loyalty_tenders(self):
        """Payment methods of stored value that the company's tills can offer."""
        company = self.env.company
        return self.env["pos.payment.method"].search(
            [("company_id", "=", company.id), ("stored_value_type", "!=", False)]
        )

    def _loyalty_value_products(self, valid=None):
        """The products by which Odoo's own gift cards and eWallets are sold at these tills.

        :param valid: the programs of this one till, where they are known already
        """
        products = self.env["product.product"]
        for config in self:
            houses = config.company_id.parent_ids  # sudo sees other companies' programs, too
            programs = config._get_program_ids() if valid is None else valid
            programs = programs.filtered(
                lambda program, houses=houses: (
                    program.program_type in STORED_VALUE_TYPES
                    and (not program.company_id or program.company_id in houses)
                )
            )
            products |= programs.rule_ids.product_ids
        return products
