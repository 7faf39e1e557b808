"""A cinema with L&M's ladder, its benefits, a combo and a drink to suggest, for tours."""

from datetime import timedelta

from odoo import Command, fields

from .panel_common import PanelMixin
from .test_tours_points import PointsTourCase

#: Days since An, who is Gold, was here for the last time.
ABSENT_DAYS = 82


class PanelTourCase(PanelMixin, PointsTourCase):
    """Mai is Diamond and has her birthday; An is Gold and was not here for long; Binh is nobody."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._make_combo()
        cls.silver, cls.gold, cls.platinum, cls.diamond = cls.ladder(
            Silver=(0, "#a8a9ad"),
            Gold=(100, "#d4af37"),
            Platinum=(300, "#5b7083"),
            Diamond=(750, "#2a6f97"),
        )
        cls._make_benefits()
        cls._make_mai()
        cls._make_an()

    @classmethod
    def _make_products(cls):
        result = super()._make_products()
        cls.popcorn = cls.env["product.product"].search([("name", "=", "Popcorn")], limit=1)
        cls.cola, cls.tea = cls.env["product.product"].create(
            [
                {
                    "name": name,
                    "type": "service",
                    "list_price": price,
                    "available_in_pos": True,
                    "taxes_id": [Command.clear()],
                }
                for name, price in {"Cola": 30000, "Iced tea": 25000}.items()
            ]
        )
        return result

    @classmethod
    def _make_combo(cls):
        choices = {"Snack": cls.popcorn, "Drink": cls.cola | cls.tea}
        combos = cls.env["product.combo"].create(
            [
                {
                    "name": name,
                    "combo_item_ids": [Command.create({"product_id": p.id}) for p in products],
                }
                for name, products in choices.items()
            ]
        )
        cls.env["product.product"].create(
            {
                "name": "Movie combo",
                "type": "combo",
                "list_price": 65000,
                "available_in_pos": True,
                "taxes_id": [Command.clear()],
                "combo_ids": [Command.set(combos.ids)],
            }
        )
        cls.env["loyalty.suggestion"].search([]).active = False
        cls.env["loyalty.suggestion"].create(
            {
                "name": "Something cold with it?",
                "product_ids": [Command.set(cls.popcorn.ids)],
                "product_id": cls.cola.id,
            }
        )

    @classmethod
    def _make_benefits(cls):
        today = cls.company._loyalty_day()
        # every customer would be greeted with the day, and with nothing else
        cls.env["loyalty.greeting"].search([("condition", "=", "special_day")]).active = False
        cls.env["loyalty.special.day"].search([]).active = False
        cls.env["loyalty.special.day"].create(
            {"name": "Day of the cinema", "day": today.day, "month": today.month}
        )
        evening = cls.env["product.product"].search([("name", "=", "Combo 1")], limit=1)
        gift = {"reward_type": "product", "reward_product_id": cls.popcorn.id}
        food = {
            "discount": 1,
            "discount_mode": "per_point",
            "discount_applicability": "specific",
            "discount_product_ids": [Command.set(evening.ids)],
        }
        programs = {
            "birthday": cls.coupons("Birthday popcorn", **gift),
            "special_day": cls.coupons("30 % today", discount=30),
            "period": cls.coupons("Food voucher", **food),
        }
        for occasion, program in programs.items():
            by_point = occasion == "period"
            cls._benefit(
                program.name,
                occasion,
                "voucher",
                coupon_program_id=program.id,
                amount=750000 if by_point else 0,
                period="year" if by_point else False,
                days_after=14,
            )
        cls._benefit("Photo on the wall", "reaching", "task")
        cls._benefit("Personal service", "always", "service")

    @classmethod
    def _benefit(cls, name, occasion, gives, **values):
        return cls.env["loyalty.benefit"].create(
            {
                "name": name,
                "tier_id": cls.diamond.id,
                "occasion": occasion,
                "gives": gives,
                **values,
            }
        )

    @classmethod
    def _make_mai(cls):
        today = cls.company._loyalty_day()
        tastes = cls.env["loyalty.taste"].search([("category", "=", "film")], limit=2)
        cls.mai.write(
            {
                "birthdate_date": today.replace(year=1992),  # a leap year, as today's may be
                "loyalty_consent_profile": True,
                "loyalty_comes": "couple",
                "loyalty_taste_ids": [Command.set(tastes.ids)],
            }
        )
        member = cls.env["loyalty.member"].search([("partner_id", "=", cls.mai.id)])
        member._tier_assign(cls.diamond, "A guest of the first hour")
        for benefit in cls.env["loyalty.benefit"].search([("tier_id", "=", cls.diamond.id)]):
            benefit._give(benefit._today(), member.ids)

    @classmethod
    def _make_an(cls):
        cls.an.loyalty_consent_profile = True
        member = cls.env["loyalty.member"]._enrol(cls.program, cls.an, "back_office")
        member._tier_assign(cls.gold, "Moved from the old system")
        cls.env["mail.activity"].create(
            {
                "res_model_id": cls.env["ir.model"]._get_id("res.partner"),
                "res_id": cls.an.id,
                "activity_type_id": cls.env.ref("loyalty_cinema.activity_complaint").id,
                "summary": "Popcorn was cold",
            }
        )

    def setUp(self):
        super().setUp()
        self.main_pos_config.with_user(self.pos_user).open_ui()
        for days in (3, 10, 17):
            self._visit(self.mai, days, self.popcorn, self.cola)
        self._visit(self.an, ABSENT_DAYS, self.popcorn)

    def _visit(self, partner, days_ago, *products):
        """An order paid so many days ago."""
        total = sum(product.list_price for product in products)
        lines = [
            Command.create(
                {
                    "product_id": product.id,
                    "qty": 1,
                    "price_unit": product.list_price,
                    "price_subtotal": product.list_price,
                    "price_subtotal_incl": product.list_price,
                }
            )
            for product in products
        ]
        order = self.env["pos.order"].create(
            {
                "session_id": self.main_pos_config.current_session_id.id,
                "company_id": self.company.id,
                "partner_id": partner.id,
                "date_order": fields.Datetime.now() - timedelta(days=days_ago),
                "amount_total": total,
                "amount_tax": 0,
                "amount_paid": total,
                "amount_return": 0,
                "lines": lines,
            }
        )
        # of a closed session, as far as its till is concerned; paying it now would move value
        self.cr.execute("UPDATE pos_order SET state = 'done' WHERE id = %s", (order.id,))
        order.invalidate_recordset(["state"])

    def coupon(self, name):
        """What is left of the voucher of that name that Mai was given."""
        self.env.invalidate_all()
        issues = self.env["loyalty.benefit.issue"].search([("partner_id", "=", self.mai.id)])
        return issues.filtered(lambda issue: issue.benefit_id.name == name)
