from ast import literal_eval

from lxml import etree

from odoo.tests import TransactionCase, tagged
from odoo.tools.safe_eval import safe_eval

from ..domain.amounts import AMOUNT_DIGITS


def own_fields(env):
    """Every field node in the views of this addon: ``(view, node, field of the model)``."""
    data = env["ir.model.data"].search(
        [("module", "=", "loyalty_cinema"), ("model", "=", "ir.ui.view")]
    )
    for view in env["ir.ui.view"].browse(data.mapped("res_id")):
        if view.model not in env:
            continue
        for node in etree.fromstring(view.arch_db).iter("field"):
            model = env[view.model]
            for outer in reversed([*node.iterancestors("field")]):
                field = model._fields.get(outer.get("name"))
                model = env[field.comodel_name] if field and field.comodel_name else model
            if field := model._fields.get(node.get("name")):
                yield view, node, field


@tagged("post_install", "-at_install")
class TestOfficeViews(TransactionCase):
    """What holds for all back-office views of the addon."""

    maxDiff = None
    #: A contact or a tag needs no more than a name.
    NAME_IS_ENOUGH = {"res.partner", "product.tag"}

    def test_amounts_end_without_zeros(self):
        """Sums and pivots know no digits of a field: points and amounts have a widget (O6)."""
        found = []
        for view, node, field in own_fields(self.env):
            amount = field.type == "float" and field.get_digits(self.env) == AMOUNT_DIGITS
            around = next(node.iterancestors("list", "pivot", "form"), None)
            if not amount or around is None or around.tag == "form":
                continue
            if node.get("widget") not in ("loyalty_amount", "loyalty_money", "monetary"):
                found.append(f"{view.name}: {node.get('name')}")
        self.assertEqual("\n".join(found), "")

    def test_pivots_know_all_amounts(self):
        """Also those that a reader chooses: a pivot names every amount that it can add up (O6)."""
        found = []
        for view in {view for view, _node, _field in own_fields(self.env) if view.type == "pivot"}:
            named = {node.get("name") for node in etree.fromstring(view.arch_db).iter("field")}
            for name, field in self.env[view.model]._fields.items():
                if field.type == "float" and field.store and field.aggregator and name not in named:
                    found.append(f"{view.name}: {name}")
        self.assertEqual("\n".join(found), "")

    def test_nothing_adds_up_money_and_points(self):
        """Lists of both have no sum of both."""
        mixed = {"loyalty.ledger.entry", "loyalty.lot", "loyalty.hold", "loyalty.adjustment"}
        for view, node, _field in own_fields(self.env):
            both = node.get("name") in ("amount", "remaining", "points")
            if view.model in mixed and view.type == "list" and both:
                self.assertFalse(node.get("sum"), f"{view.name}: {node.get('name')}")

    def test_reports_of_tiers_are_of_members(self):
        """Holders of discount cards are one filter away (O10)."""
        for xmlid in ("action_loyalty_tier_report", "action_loyalty_tier_movement"):
            action = self.env.ref(f"loyalty_cinema.{xmlid}")
            self.assertTrue(safe_eval(action.context).get("search_default_members"), xmlid)
            search = self.env[action.res_model].get_view(action.search_view_id.id, "search")
            filters = {node.get("name") for node in etree.fromstring(search["arch"]).iter("filter")}
            self.assertLessEqual({"members", "discounts"}, filters)

    def test_stored_value_is_not_generated(self):
        """The main button of a stored-value program is one that does something (O9)."""
        programs = self.env["loyalty.program"]
        view = self.env.ref("loyalty.loyalty_program_gift_ewallet_view_form")
        form = etree.fromstring(programs.get_view(view.id, "form")["arch"])
        shown = {"is_stored_value": True, "can_convert": False, "program_type": "gift_card"}
        buttons = [
            button.get("string")
            for button in form.iterfind(".//header/button")
            if not safe_eval(button.get("invisible") or "False", shown)
        ]
        self.assertEqual(buttons, ["Issue cards"])

    def editable(self, view, node):
        """Whether a field can be typed into in this view."""
        off = ("1", "True")
        if node.get("readonly") in off or node.get("invisible") in off:
            return False
        around = next(node.iterancestors("list", "form"), None)
        if around is None:
            return view.type == "form"
        if around.tag == "list":
            return bool(around.get("editable"))
        return around.get("edit") not in ("0", "false")

    def test_nothing_is_made_by_its_name_alone(self):
        """Typing an unknown name and Enter makes no program, tier, product or pricelist (O2)."""
        found = []
        for view, node, field in own_fields(self.env):
            chosen = field.type == "many2one" or node.get("widget") == "many2many_tags"
            if not chosen or field.comodel_name in self.NAME_IS_ENOUGH or field.readonly:
                continue
            options = literal_eval(node.get("options") or "{}")
            closed = options.get("no_create") or options.get("no_quick_create")
            if not closed and self.editable(view, node):
                found.append(f"{view.name}: {node.get('name')} ({field.comodel_name})")
        self.assertEqual("\n".join(found), "")
