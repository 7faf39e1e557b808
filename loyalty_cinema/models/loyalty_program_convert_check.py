from odoo import api, models

from ..domain.amounts import to_decimal
from .res_company_setup import OPEN_STATES

#: What the opening entry and the batch book on.
SETTINGS = (
    "loyalty_stored_value_account_id",
    "loyalty_unamortised_bonus_account_id",
    "loyalty_promotional_discount_account_id",
    "loyalty_posting_journal_id",
)


class LoyaltyProgram(models.Model):
    """What is in the way of making a program stored value, in words that say what to do first."""

    _inherit = "loyalty.program"

    @api.private
    def _conversion_problems(self, kind):
        """Every reason why the program cannot be converted now: list of sentences.

        :param kind: the kind of card that is to carry the old codes
        """
        self.ensure_one()
        if not self.is_native_value:
            return [self.env._("%(program)s is stored value already.", program=self.name)]
        if not self.company_id:
            return [
                self.env._(
                    "The program belongs to no company, so nobody's accounts carry the debt. "
                    "Choose its company first."
                )
            ]
        checks = (
            self._conversion_money_problems(),
            self._conversion_rule_problems(),
            self._conversion_till_problems(),
            self._conversion_sale_problems(),
            self._conversion_card_problems(kind),
        )
        return [problem for problems in checks for problem in problems]

    def _conversion_money_problems(self):
        company = self.company_id
        if self.currency_id != company.currency_id:
            yield self.env._(
                "Balances in %(currency)s cannot be stored value: it is kept in the currency of "
                "the company, %(company_currency)s. Pay them out, or let them be spent, as they "
                "are.",
                currency=self.currency_id.name,
                company_currency=company.currency_id.name,
            )
        missing = [name for name in SETTINGS if not company[name]]
        if missing:
            yield self.env._(
                "%(company)s has no %(settings)s. Choose them in the settings of Invoicing, under "
                "Stored value.",
                company=company.name,
                settings=", ".join(
                    company._fields[name]._description_string(self.env) for name in missing
                ),
            )
        held = self.env["loyalty.hold"].search_count(
            [("balance_id.program_id", "=", self.id), ("state", "=", "open")]
        )
        if held:
            yield self.env._(
                "%(count)s payments are being made with it right now. Wait until they are done, "
                "or release them under Loyalty → Ledger → Holds.",
                count=held,
            )

    def _conversion_rule_problems(self):
        """Which products sell it must be certain, and nothing else may be sold by them."""
        vague = self.rule_ids.filtered(
            lambda rule: (
                rule.product_category_id
                or rule.product_tag_id
                or rule.product_domain not in (False, "", "[]")
            )
        )
        if vague:
            yield self.env._(
                "Its rule names a category, tag or filter. Name the products that sell it instead."
            )
        if self._conversion_factor() > 2:
            yield self.env._(
                "Its rule gives more than twice what is paid, which a bonus scheme cannot. Correct "
                "the rule first."
            )
        for other in self._conversion_siblings().filtered(lambda program: program._has_balances()):
            yield self.env._(
                "“%(product)s” also sells %(program)s. Give that program a product of its own "
                "first.",
                product=(self.rule_ids.product_ids & other.rule_ids.product_ids)[:1].display_name,
                program=other.display_name,
            )

    def _conversion_till_problems(self):
        """A till knows programs and products as they were when it was opened."""
        products, company = self.rule_ids.product_ids, self.company_id
        sessions = self.env["pos.session"].search(
            [("state", "in", OPEN_STATES), ("config_id.company_id", "child_of", company.id)]
        )
        if not any(products.mapped("available_in_pos")):
            sessions = sessions.filtered(
                lambda s: self.pos_ok and s.config_id in (self.pos_config_ids or s.config_id)
            )
        if sessions:
            yield self.env._(
                "Tills that offer it are open. Close them first: %(tills)s.",
                tills=", ".join(sessions.config_id.mapped("name")),
            )
        orders = self._conversion_lines("pos.order.line", [("order_id.state", "=", "draft")])
        if orders := orders.order_id:
            yield self.env._(
                "Orders at the till that are not paid yet sell it or pay with it. Finish or cancel "
                "them first: %(orders)s.",
                orders=_first(orders.mapped("display_name")),
            )

    def _conversion_sale_problems(self):
        lines = self._conversion_lines("sale.order.line", [("state", "in", ("draft", "sent"))])
        if lines:
            yield self.env._(
                "Quotations sell it or pay with it. Confirm or cancel them first: %(orders)s.",
                orders=_first(lines.order_id.mapped("name")),
            )
        lines = self.env["sale.order.line"].search(
            [
                ("product_id", "in", self.rule_ids.product_ids.ids),
                ("state", "=", "sale"),
                ("invoice_status", "not in", ("invoiced", "upselling")),
                ("company_id", "child_of", self.company_id.id),
            ]
        )
        if lines:
            yield self.env._(
                "Sales of it are not invoiced yet: their revenue is not in the books that the "
                "opening entry corrects. Invoice them first: %(orders)s.",
                orders=_first(lines.order_id.mapped("name")),
            )

    def _conversion_lines(self, model, domain):
        """Lines of orders that sell the program's value or pay with it."""
        return self.env[model].search(
            [
                *domain,
                ("company_id", "child_of", self.company_id.id),
                "|",
                ("product_id", "in", self.rule_ids.product_ids.ids),
                "|",
                ("coupon_id.program_id", "=", self.id),
                ("reward_id.program_id", "=", self.id),
            ]
        )

    def _conversion_card_problems(self, kind):
        cards = self.env["loyalty.member.card"]
        if not cards._carry_over_balances(self):
            return
        if not kind._opens(self.program_type) or kind.pin_required or kind.named:
            yield self.env._(
                "Cards that are in circulation have neither PIN nor holder. Choose a kind of card "
                "that asks for none and holds this value."
            )
        if clashes := cards._carry_over_clashes(self):
            yield self.env._(
                "Two cards would have the same number, spaces, dashes and capitals aside: those "
                "ending in %(codes)s. Change the code of one of them first.",
                codes=_first(sorted({code[-4:] for code in clashes})),
            )

    @api.private
    def _conversion_booked(self):
        """What stands on the liability without a balance behind it (Decimal).

        That is how it looks when Odoo's own program was booked on that account.
        """
        documents = self.env["loyalty.posting"]._tie_out(self.company_id)["documents"]
        return sum(
            (
                to_decimal(row["found"]) - to_decimal(row["expected"])
                for row in documents
                if row["side"] == "liability" and row["ours"]
            ),
            to_decimal(0),
        )


def _first(names, limit=10):
    """The first of ``names`` in one line."""
    return ", ".join(names[:limit]) + (", …" if len(names) > limit else "")
