"""One till with tables, employees and guests (modules that are no dependencies)."""

from odoo import Command
from odoo.tests import tagged

from .tour_common import LoyaltyTourCase


@tagged("post_install", "-at_install")
class TestTogetherTours(LoyaltyTourCase):
    """Runs where ``pos_restaurant`` and ``pos_hr`` are installed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.is_together = {"floor_ids", "basic_employee_ids"} <= set(cls.main_pos_config._fields)
        if cls.is_together:
            cls._make_restaurant()
            cls._make_employees()

    @classmethod
    def _make_restaurant(cls):
        table = {"table_number": 5, "seats": 4, "position_h": 100, "position_v": 100}
        floor = cls.env["restaurant.floor"].create(
            {"name": "Foyer", "table_ids": [Command.create(table)]}
        )
        cls.main_pos_config.write(
            {"module_pos_restaurant": True, "floor_ids": [Command.set(floor.ids)]}
        )

    @classmethod
    def _make_employees(cls):
        cls.pos_admin.group_ids += cls.env.ref("loyalty_cinema.group_manager")
        company = {"company_id": cls.company.id}
        employees = cls.env["hr.employee"].sudo()  # an accountant sets these tests up
        cls.employees = employees.create(
            [
                {"name": "Manager Linh", "user_id": cls.pos_admin.id, **company},
                {"name": "Employee Tam", **company},
            ]
        )
        cls.main_pos_config.sudo().write(
            {"module_pos_hr": True, "basic_employee_ids": [Command.set(cls.employees.ids)]}
        )

    def test_sell_pay_refund(self):
        """T19: no employee hands out money for the manager who has opened the till."""
        if not self.is_together:
            return
        self.main_pos_config.with_user(self.pos_admin).open_ui()
        self.start_pos_tour("LoyaltyTogetherTour", login="pos_admin", timeout=300)
        self.assertFalse(self.env["loyalty.ledger"].verify())
        self.assertEqual(self._available("named"), 0)
        self.assertFalse(self.open_holds())
        approval = self.env["loyalty.approval"].search([("action", "=", "cash_refund")])
        self.assertRecordValues(
            approval,
            [{"manager_id": self.pos_admin.id, "employee_name": "Employee Tam", "used": True}],
        )
        sale = self.env["pos.order"].search([("partner_id", "=", self.mai.id)], order="id")[0]
        self.assertEqual(sale.employee_id.name, "Employee Tam")
