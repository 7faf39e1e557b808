from datetime import date, datetime

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .earn_common import EarnCase


@tagged("post_install", "-at_install")
class TestEarnRule(EarnCase):
    """Earn rules as managers make them, and what the model layer makes of them."""

    def test_an_order_by_five_rules(self):
        self.rule()  # 5 % of 219,000 = 10,950
        self.rule(kind="per_visit", rate=100)
        self.rule(kind="per_unit", rate=20, category_ids=self.snacks.ids)  # one popcorn
        weekend = {"mon": False, "tue": False, "wed": False, "thu": False}
        double = self.rule(kind="multiplier", rate=2, hour_from=18, cap_order=500, **weekend)
        self.rule(kind="per_amount", rate=1, per_amount=10000, target="qualifying")
        earning = self.earn()
        self.assertEqual(earning.spendable, 10950 + 100 + 20 + 500)
        self.assertEqual(earning.by_rule[double.id], 500)
        self.assertEqual(earning.qualifying, 21)

    def test_products_are_found_by_category_tag_and_name(self):
        tag = self.env["product.tag"].create({"name": "Show", "sequence": 1})
        self.ticket.product_tag_ids = tag
        by_category = self.rule(category_ids=self.snacks.ids)
        by_tag = self.rule(tag_ids=tag.ids)
        by_name = self.rule(product_ids=self.ticket.ids, category_ids=self.sweets.ids)
        of_all = self.rule()
        covered = {rule.id: rule.product_ids for rule in self.program._earn_rules()}
        self.assertEqual(covered[by_category.id], {self.popcorn.id})
        self.assertEqual(covered[by_tag.id], {self.ticket.id})
        self.assertEqual(covered[by_name.id], {self.ticket.id, self.popcorn.id})
        self.assertIsNone(covered[of_all.id])

    def test_rules_are_resolved_for_the_products_asked_for(self):
        rule = self.rule(product_ids=(self.ticket + self.popcorn).ids)
        self.assertEqual(self.program._earn_rules(self.ticket)[0].product_ids, {self.ticket.id})
        self.assertEqual(self.program._earn_rules(self.ticket.browse())[0].product_ids, set())
        self.assertEqual(self.program._earn_rules()[0].id, rule.id)

    def test_the_number_of_rules_costs_no_queries(self):
        counts = []
        for _round in range(2):
            self.rule(category_ids=self.snacks.ids)
            self.rule(product_ids=self.ticket.ids)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.program._earn_rules(self.ticket)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(*counts)

    def test_archived_rules_give_nothing_whatever_the_context(self):
        self.rule().active = False
        program = self.program.with_context(active_test=False)
        self.assertEqual(program._earn_rules(), ())

    def test_a_product_of_a_rule_cannot_disappear(self):
        """Without it the rule would count every product."""
        tag = self.env["product.tag"].create({"name": "Show"})
        self.rule(tag_ids=tag.ids)
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            tag.unlink()
            self.env.flush_all()

    def test_a_rule_is_said_in_one_sentence(self):
        weekend = {"mon": False, "tue": False, "wed": False, "thu": False}
        rule = self.rule(hour_from=18, hour_to=22, cap_order=500, **weekend)
        self.assertEqual(
            rule.summary, "5 % of what is paid, Fri–Sun 18:00–22:00, at most 500 per order"
        )
        self.assertEqual(self.rule(rate=0.5).summary, "0.5 % of what is paid")
        piece = self.rule(kind="per_unit", rate=1, product_ids=self.ticket.ids, in_sales=False)
        self.assertEqual(
            piece.summary, "1 point per piece, on Ticket, at the till / on the website"
        )

    def test_what_makes_no_sense_is_refused(self):
        for values in (
            {"kind": "percent", "rate": 101},
            {"kind": "multiplier", "rate": 1},
            {"at_till": False, "in_sales": False, "on_web": False},
            dict.fromkeys(("mon", "tue", "wed", "thu", "fri", "sat", "sun"), False),
            {"program_id": self.points_program.id},
        ):
            with self.assertRaises(ValidationError), self.env.cr.savepoint():
                self.rule(**values)

    def test_what_the_database_refuses(self):
        for values in (
            {"rate": 0},
            {"rate": -5},
            {"kind": "per_amount", "per_amount": 0},
            {"cap_day": -1},
            {"date_from": "2026-12-01", "date_to": "2026-11-01"},
            {"hour_to": 25},
            {"hour_from": 10, "hour_to": 10},
        ):
            with (
                self.subTest(values),
                mute_logger("odoo.sql_db"),
                self.assertRaises(IntegrityError),
                self.env.cr.savepoint(),
            ):
                self.rule(**values)

    def test_a_duplicate_says_so_and_a_copied_program_keeps_the_names(self):
        rule = self.rule(name="Weekend")
        self.assertEqual(rule.copy().name, "Weekend (copy)")
        copied = self.program.copy()
        self.assertEqual(copied.earn_rule_ids.mapped("name"), ["Weekend", "Weekend (copy)"])

    def test_managers_make_rules_and_others_do_not(self):
        rule = self.rule()
        rule.name = "Renamed"
        for user in (self.clerk, self.user("seller", "sales_team.group_sale_salesman")):
            with self.assertRaises(AccessError):
                rule.with_user(user).read(["rate"])
            with self.assertRaises(AccessError):
                rule.with_user(user).write({"rate": 50})

    def test_the_clock_is_the_companys(self):
        self.company.partner_id.tz = "Asia/Ho_Chi_Minh"
        moment = self.program._moment(datetime(2026, 11, 27, 17, 30))
        self.assertEqual(moment, (date(2026, 11, 28), 5, 0.5))
