import logging
import os
from pathlib import Path

from odoo import SUPERUSER_ID, Command
from odoo.addons.point_of_sale.tests.test_frontend import TestPointOfSaleHttpCommon

from .browser_hands import give_hands

_logger = logging.getLogger(__name__)

#: The card numbers that the tours type: the same as in tours/utils/loyalty_till_util.js.
CARD_CODES = {
    "gift": "9007199254710001",
    "newGift": "9007199254710373",
    "named": "9007199254710746",
    "spare": "9007199254711116",
    "blocked": "9007199254711488",
    "expired": "9007199254711850",
    "pin": "9007199254712221",
    "empty": "9007199254712593",
    "pinless": "9007199254714458",
}
MANAGER_PIN = "135790"


def say(line):
    """Log a figure, and leave it where the runner of the tests prints it at the end."""
    _logger.info(line)
    if folder := os.environ.get("CINEMA_RUN_DIR"):
        with Path(folder, "figures.txt").open("a") as figures:
            figures.write(f"{line}\n")


class LoyaltyTourCase(TestPointOfSaleHttpCommon):
    """A till with the two tenders, a bonus of 10 % on top-ups, and a few cards."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        give_hands(cls)
        cls.company = cls.main_pos_config.company_id
        cls.company._loyalty_setup()
        # amounts are as in đồng: what lies on a card is replaced at the till by one manager
        cls.company.sudo().loyalty_second_person_limit = 1_000_000
        kinds = cls.env["loyalty.card.kind"].search([]).with_company(cls.company)
        limits = {"load_max": 0, "balance_max": 0, "load_daily_max": 0}
        amounts = {"denominations": "100000, 200000"}
        kinds.with_user(SUPERUSER_ID).write({**limits, **amounts})
        tenders = cls.env["pos.payment.method"].search(
            [("company_id", "=", cls.company.id), ("stored_value_type", "!=", False)]
        )
        cls.main_pos_config.payment_method_ids |= tenders
        cls._make_products()
        cls._make_bonus()
        cls._make_people()
        cls._make_cards()

    @classmethod
    def _make_products(cls):
        prices = {"Combo 1": 250000, "Combo 2": 450000, "Film evening": 450000, "Popcorn": 50000}
        loads = [
            cls.env.ref(f"loyalty_cinema.{name}") for name in ("product_gift_card", "product_topup")
        ]
        for product in loads:
            product.product_tmpl_id.active = True  # the common set-up archives what it did not make
        cls.env["product.product"].create(
            [
                {
                    "name": name,
                    "type": "service",
                    "list_price": price,
                    "available_in_pos": True,
                    "taxes_id": [Command.clear()],
                }
                for name, price in prices.items()
            ]
        )

    @classmethod
    def _make_bonus(cls):
        cls.env["loyalty.bonus.scheme"].search([]).active = False
        # the installation's own terms: nobody has to agree to them
        cls.env["loyalty.bonus.scheme"].with_user(SUPERUSER_ID).create(
            {
                "name": "10 % from 200,000",
                "company_id": cls.company.id,
                "program_type": "ewallet",
                "bonus_validity_days": 90,
                "band_ids": [
                    Command.create({"from_amount": 200000, "mode": "percent", "value": 10})
                ],
            }
        )

    @classmethod
    def _make_people(cls):
        cls.mai, cls.an = cls.env["res.partner"].create([{"name": "Mai Tran"}, {"name": "An Pham"}])
        cls.pos_admin.write({"name": "Manager Linh", "loyalty_pin": MANAGER_PIN})

    @classmethod
    def _make_cards(cls):
        cls.cards = {
            name: cls.env["loyalty.member.card"].sudo().create(cls._card_values(name, code))
            for name, code in CARD_CODES.items()
        }
        for name in ("gift", "named", "blocked", "expired", "pin", "empty", "pinless"):
            cls.cards[name]._activate()
        cls._load("gift", "gift_card", 200000)
        for name, amount in {
            "named": 150000,
            "blocked": 10000,
            "expired": 10000,
            "pin": 80000,
        }.items():
            cls._load(name, "ewallet", amount)
        cls.cards["pin"]._set_pin("2468")
        cls.cards["pinless"].kind_id.pin_required = True  # since today
        cls.cards["blocked"]._block("Reported by the guest")
        cls.cards["expired"].expires_on = "2020-01-01"

    @classmethod
    def _card_values(cls, name, code):
        is_gift = name in ("gift", "newGift", "empty")
        kind = cls.env.ref("loyalty_cinema.kind_gift" if is_gift else "loyalty_cinema.kind_prepaid")
        if name == "pinless":
            kind = kind.copy({"name": "Prepaid card with PIN"})
        return {
            "code": code,
            "kind_id": kind.id,
            "company_id": cls.company.id,
            "holder_id": cls.mai.id if name == "named" else False,
        }

    @classmethod
    def _load(cls, name, program_type, amount):
        balance = cls.cards[name]._open_balance(program_type)
        cls.env["loyalty.ledger"].credit(balance, amount, "opening", f"tour:{name}")

    def _available(self, name):
        self.env.invalidate_all()
        return sum(self.cards[name].balance_ids.mapped("available"))

    def play(self, tour):
        """Run a tour with an open session (the first tour of a test opens the register)."""
        if not self.main_pos_config.current_session_id:
            self.main_pos_config.with_user(self.pos_user).open_ui()
        self.start_pos_tour(tour, timeout=300)  # the day is long, and machines may be slow
        self.assertFalse(
            self.env["loyalty.ledger"].verify(), "L1: balances, entries and lots agree"
        )

    def open_holds(self):
        """Holds that nobody captured or released."""
        return self.env["loyalty.hold"].search([("state", "=", "open")])
