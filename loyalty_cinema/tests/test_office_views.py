from ast import literal_eval

from lxml import etree

from odoo.tests import TransactionCase, tagged


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
