import logging
from uuid import NAMESPACE_URL, uuid5

from odoo import Command, api, models

from ..domain.card_code import luhn_digit

_logger = logging.getLogger(__name__)

#: Cards of the demo: (xml id, kind, customer, code without its last digit). Their numbers can be
#: read here; real numbers are random.
CARDS = [
    *[(f"card_prepaid_{n:02d}", "kind_prepaid", n, f"90000000000{n:04d}") for n in range(1, 9)],
    *[(f"card_combined_{n:02d}", "kind_combined", n, f"90100000000{n:04d}") for n in range(9, 12)],
    *[(f"card_gift_{n:02d}", "kind_gift", None, f"90200000000{n:04d}") for n in range(1, 9)],
]


class LoyaltyDemo(models.AbstractModel):
    """Makes the demo cinema: what XML records cannot say. Called by ``demo/*.xml`` and nobody else.

    Everything is the same on every installation. Value reaches the cards the way it does in real
    life, see ``loyalty_demo_day.py``.
    """

    _name = "loyalty.demo"
    _description = "Demo Cinema"

    def _ref(self, name):
        return self.env.ref(f"loyalty_cinema.{name}")

    def _in_company(self):
        """This service as the demo's cashier, in the demo's company."""
        company = self._ref("company_lm")
        cashier = self.with_user(self._ref("user_cashier")).sudo()
        return cashier.with_context(allowed_company_ids=company.ids, tracking_disable=True)

    @api.model
    def _load_chart(self):
        """Vietnam's chart of accounts; Odoo's generic one where ``l10n_vn`` is not installed."""
        company = self._ref("company_lm")
        charts = self.env["account.chart.template"]
        template = "vn" if self.env["ir.module.module"]._get("l10n_vn").state == "installed" else ""
        if not template:
            template = "generic_coa"
            _logger.info(
                "Demo: without l10n_vn, L&M Mini Cinema gets the generic chart of accounts."
            )
        charts._load(template, company, install_demo=False)
        company.currency_id = self.env.ref("base.VND")

    @api.model
    def _make_till(self):
        """The till "L&M Cinema": its own products; cash, bank card and stored value."""
        config = self.env["pos.config"].with_context(
            allowed_company_ids=self._ref("company_lm").ids
        )
        categories = [
            self._ref(f"category_{name}").id
            for name in ("rooms", "combos", "snacks", "drinks", "cards")
        ]
        values = {
            "name": "L&M Cinema",
            "company_id": self._ref("company_lm").id,
            "limit_categories": True,
            "iface_available_categ_ids": [Command.set(categories)],
        }
        config = config._load_records(
            [{"xml_id": "loyalty_cinema.pos_config_lm", "values": values, "noupdate": True}]
        )
        pay_later = config.payment_method_ids.filtered(lambda method: method.type == "pay_later")
        config.payment_method_ids -= pay_later
        self._name_methods(config)

    def _name_methods(self, config):
        """Names in every language: with an external id, they are among the addon's terms.

        What Odoo calls "Card" would here be one of ours.
        """
        methods = config.payment_method_ids.filtered(lambda method: not method.stored_value_type)
        for type_, label in (("cash", "Cash"), ("bank", "Bank card")):
            method = methods.filtered(lambda m, t=type_: m.type == t)[:1]
            method.name = label
            xml_id = f"loyalty_cinema.payment_method_{type_}"
            data = {"xml_id": xml_id, "record": method, "noupdate": True}
            self.env["ir.model.data"]._update_xmlids([data])

    @api.model
    def _make_cards(self):
        """Cards of different kinds; those of the day's sales are activated by being sold."""
        self = self._in_company()
        for name, kind, customer, code in CARDS:
            self._make_card(name, kind, code, holder_id=self._customer(customer).id)
        for number in (1, 2):
            code = f"90300000000000{number}"
            holder = self._customer(25 + number)
            self._make_card(
                f"card_company_{number}",
                "kind_prepaid",
                code,
                holder_id=holder.id,
                owner_id=self._ref("customer_company").id,
            )

    def _make_card(self, name, kind, code, **values):
        values = {"kind_id": self._ref(kind).id, "code": code + luhn_digit(code), **values}
        data = {"xml_id": f"loyalty_cinema.{name}", "values": values, "noupdate": True}
        return self.env["loyalty.member.card"]._load_records([data])

    def _balance(self, card):
        card = card.with_env(self.env)
        return card._open_balance("gift_card" if card.kind_id.opens_gift else "ewallet")

    def _customer(self, number):
        return self._ref(f"customer_{number:02d}") if number else self.env["res.partner"]

    def _uuid(self, *parts):
        """The same identifiers on every installation."""
        return str(uuid5(NAMESPACE_URL, "/".join(["loyalty_cinema/demo", *map(str, parts)])))
