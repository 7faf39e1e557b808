"""Employees who share a till that a manager has opened (module ``pos_hr``): no dependency."""

from uuid import uuid4

from odoo import Command
from odoo.tests import tagged

from .rpc_common import RpcCase


@tagged("post_install", "-at_install")
class TestTogetherEmployees(RpcCase):
    """Runs where ``pos_hr`` is installed; elsewhere it shows that no till knows employees."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        groups = cls.env.ref("base.group_user")
        groups |= cls.env.ref("point_of_sale.group_pos_manager")
        groups |= cls.env.ref("loyalty_cinema.group_manager")
        cls.manager = cls.cashier.copy(
            {
                "name": "Manager Linh",
                "login": "manager-of-the-test",
                "password": "manager-of-the-test",
                "group_ids": [Command.set(groups.ids)],
                "company_ids": [Command.set(cls.company.ids)],
                "company_id": cls.company.id,
            }
        )
        cls.manager.loyalty_pin = "135790"
        cls.has_hr = "employee_id" in cls.env["pos.order"]._fields
        if cls.has_hr:
            employees = cls.env["hr.employee"].create(
                [{"name": "Linh", "user_id": cls.manager.id}, {"name": "An"}, {"name": "Stranger"}]
            )
            cls.own, cls.other, cls.stranger = employees
            cls.config.write(
                {
                    "module_pos_hr": True,
                    "basic_employee_ids": [Command.set((cls.own | cls.other).ids)],
                }
            )

    def setUp(self):
        super().setUp()
        self.login(self.manager)

    def approve(self, employee=None, manager=False, pin=False):
        """What the till answers when money is to be handed out, by ``employee``."""
        acting = {"employee_id": employee.id} if employee else {}
        arguments = [self.session.id, str(uuid4()), manager, pin, "The guest insists"]
        return self.rpc("loyalty.till", "approve_cash_refund", *arguments, **acting)

    def approvals(self):
        return self.env["loyalty.approval"].search([("config_id", "=", self.config.id)])

    def test_without_employees_the_manager_needs_no_pin(self):
        """As ever: a reason is enough at the manager's own till."""
        if self.has_hr:
            self.config.module_pos_hr = False
        answer = self.rpc(
            "loyalty.till",
            "approve_cash_refund",
            self.session.id,
            "order",
            False,
            False,
            "Why",
            employee_id=4711,  # a till that says more than it is asked is no danger
        )
        self.assertTrue(answer["ok"], answer)
        self.assertFalse(self.approvals().employee_name)

    def test_the_office_asks_for_no_employee(self):
        """A manager approves there with the own login, whoever stands at the till."""
        sold = self.sell([(self.snack, 1, 100)], [(self.cash, 100)])
        values = {"order_id": sold.refund()["res_id"], "reason": "The guest insists"}
        wizard = self.rpc("loyalty.refund.approval", "create", [values])
        self.rpc("loyalty.refund.approval", "action_approve", wizard)
        self.assertEqual(self.approvals().manager_id, self.manager)

    def test_an_employee_is_not_the_manager_who_opened_the_till(self):
        """T19: without the manager's PIN nobody else hands out money, and it names who did."""
        if not self.has_hr:
            return
        for acting in (self.other, None):
            for manager, pin in ((False, False), (self.manager.id, False), (self.manager.id, "1")):
                with self.subTest(acting=acting, manager=manager, pin=pin):
                    self.assertFalse(self.approve(acting, manager, pin)["ok"])
        self.assertFalse(self.approvals())
        wrong = self.env["loyalty.code.attempt"].search([("config_id", "=", self.config.id)])
        self.assertIn("An", wrong.mapped("employee_name"))

        self.assertTrue(self.approve(self.other, self.manager.id, "135790")["ok"])
        self.assertRecordValues(
            self.approvals(), [{"manager_id": self.manager.id, "employee_name": "An"}]
        )

    def test_the_managers_own_employee_needs_no_pin(self):
        """At the own till, logged in as oneself, a reason is enough."""
        if not self.has_hr:
            return
        self.assertTrue(self.approve(self.own)["ok"])
        self.assertEqual(self.approvals().employee_name, "Linh")

    def test_only_employees_of_this_till_act(self):
        """Whom the till names works at it, or nothing is done."""
        if not self.has_hr:
            return
        self.assertFalse(self.approve(self.stranger)["ok"])
        answer = self.rpc(
            "loyalty.till",
            "lookup",
            self.session.id,
            {"code": self.card.code},
            employee_id=self.stranger.id,
        )
        self.assertIn("does not work at this till", answer["message"])

    def test_other_deeds_of_a_manager(self):
        """Cards, locks and tasks: the same rule everywhere."""
        if not self.has_hr:
            return
        code, employee = {"code": self.card.code}, {"employee_id": self.other.id}
        self.card._block("Lost")
        for method, *arguments in (
            ("card_action", "unblock", code, {"reason": "Found"}),
            ("lift_lock", False, False, "Why"),
        ):
            with self.subTest(method):
                answer = self.rpc("loyalty.till", method, self.session.id, *arguments, **employee)
                self.assertFalse(answer["ok"])
        self.manager.sudo().loyalty_pin_hash = False
        arguments = ("loyalty.till", "managers", self.session.id)
        self.assertNotIn(self.manager.id, [m["id"] for m in self.rpc(*arguments, **employee)])
        mine = self.rpc(*arguments, employee_id=self.own.id)
        self.assertIn(self.manager.id, [m["id"] for m in mine])

    def test_a_refused_sale_names_who_sold(self):
        """T20: the employee of the sale, if one of this till."""
        if not self.has_hr:
            return
        for employee in (self.other, self.stranger):
            order = self.order([self.ticket()], [(self.cash, 40, False)], employee_id=employee.id)
            late = {"context": {"loyalty_sold_before": True}}
            self.assertIsInstance(
                self.rpc_or_refusal("pos.order", "sync_from_ui", [order], **late), str
            )
            incident = self.env["loyalty.incident"].search([("order_uuid", "=", order["uuid"])])
            self.assertEqual(incident.employee_name or "", "An" if employee == self.other else "")
