"""A walk through the menus of the app, as the web client walks: views, rows, *New*, buttons."""

import ast

from lxml import etree

from odoo import models
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form
from odoo.tools.safe_eval import safe_eval

from .member_common import MemberCase

#: Buttons that do something; the others open a screen, and are pressed on the walk.
OPENS = ("action_view_", "action_open_", "open_", "action_ask_", "action_change_", "action_replace")


class OfficeCase(MemberCase):
    """Roles, and what each of them meets behind the menus of the app."""

    ROLES = {
        "internal": "base.group_user",
        "cashier": "base.group_user,point_of_sale.group_pos_user",
        "loyalty_manager": "base.group_user,loyalty_cinema.group_manager",
        "loyalty_accountant": "base.group_user,loyalty_cinema.group_accountant",
        "pos_manager": "base.group_user,point_of_sale.group_pos_manager",
        "accountant": "base.group_user,account.group_account_manager",
    }

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_rows()

    @classmethod
    def make_rows(cls):
        """Rows for the lists to show: a card that was loaded and paid with, a bonus, a member."""
        cls.member("Linh", points=100)
        card = cls.env["loyalty.member.card"].create({"kind_id": cls.kind_prepaid.id})
        card._activate()
        cls.ledger.credit(card.balance_ids[:1], 100, "load", "office:load", origin=card)

    @classmethod
    def role(cls, name):
        """A user of this role, as an administrator would make one: the groups and nothing else."""
        user = cls.user(f"office-{name}", cls.ROLES[name])
        user.sudo().company_ids = cls.env["res.company"].search([])
        return user

    def menus(self, user):
        """The menus of the app that this user sees and that open something."""
        root = self.env.ref("loyalty_cinema.menu_root")
        menus = self.env["ir.ui.menu"].with_user(user)
        tree, seen = menus.load_menus(False), []
        waiting = [root.id] if root.id in tree["root"]["children"] else []
        while waiting:
            seen.append(tree[waiting.pop()])
            waiting += seen[-1]["children"]
        return menus.browse([menu["id"] for menu in seen if menu["action_id"]])

    def walk(self, user):
        """What this user meets behind each menu: ``(screen, refusal)`` of what is refused.

        :return: a list, empty when everything that the menus offer can be done
        """
        self.met, self.refused = set(), []
        for menu in self.menus(user):
            name = menu.sudo().complete_name
            action = self.tried(name, lambda menu=menu: menu.action._get_action_dict())
            if action:
                self.open(user, action, name)
        return self.refused

    def tried(self, screen, do):
        """What ``do`` answers; a refused access is noted, business refusals are none of ours."""
        try:
            with self.env.cr.savepoint():
                return do()
        except AccessError as refusal:
            self.refused.append((screen, str(refusal).split("\n")[0]))
        except UserError:
            return None

    def open(self, user, action, screen, depth=0, source=None):
        """Open an action as the web client does: all its views, and what lies behind them."""
        if action["type"] == "ir.actions.server":
            server = self.env["ir.actions.server"].browse(action["id"]).with_user(user)
            action = self.tried(screen, server.run) or {}
        if action.get("type") != "ir.actions.act_window":
            return
        if not action["res_model"]:
            self.refused.append((screen, "opens nothing"))
            return
        kinds = (action.get("view_mode") or "form").split(",")
        views = [[*view] for view in action.get("views") or [(False, kind) for kind in kinds]]
        known = {
            "uid": user.id,
            "active_id": source and source.id,
            "active_ids": source and source.ids,
        }
        context = action.get("context") or {}
        if isinstance(context, str):
            context = safe_eval(context, known)
        if source:
            context = {"active_model": source._name, **known, **context}
        model = self.env[action["res_model"]].with_user(user).with_context(**context)
        search = [[(action.get("search_view_id") or [False])[0], "search"]]
        found = self.tried(screen, lambda: model.get_views(views + search))
        domain = action.get("domain") or []
        if isinstance(domain, str):
            domain = safe_eval(domain, known)
        for view_id, kind in views if found else ():
            place = f"{screen} / {kind}"
            arch = found["views"][kind]["arch"]
            key = (action["res_model"], kind, arch, str(context))
            if key not in self.met:
                self.met.add(key)
                self.look(user, model, kind, view_id, arch, domain, action, place, depth)

    def look(self, user, model, kind, view_id, arch, domain, action, place, depth):
        """Read what one view shows, press its *New* and what opens something."""
        tree = etree.fromstring(arch)
        records = self.tried(place, lambda: model.search(domain, limit=3))
        if records is None:
            return
        if kind == "form":
            records = model.browse(action.get("res_id") or records[:1].id or ())
            self.look_at_form(tree, records, view_id or None, place)
        elif kind in ("list", "kanban"):
            self.tried(place, lambda: model.web_search_read(domain, self.fields_of(tree, model)))
        elif kind in ("pivot", "graph"):
            self.tried(place, lambda: self.figures(tree, model, domain))
        if depth < 2:
            for button in tree.iter("button", "a"):
                rows = records
                for field in reversed([node.get("name") for node in button.iterancestors("field")]):
                    rows = rows[field]  # a button on the lines of a list in the form
                self.press(user, button, rows, place, depth)

    def look_at_form(self, tree, record, view, place):
        """One record, and *New* where it is offered."""
        if record:
            self.tried(place, lambda: Form(record, view=view))
        if tree.get("create") not in ("0", "false", "False"):
            self.tried(f"{place} / New", lambda: Form(record.browse(), view=view))

    def fields_of(self, tree, model):
        """What a list reads of each row."""
        names = {node.get("name") for node in tree.iter("field")} & set(model._fields)
        of_one = {name for name in names if model._fields[name].type == "many2one"}
        return {name: {"fields": {"display_name": {}}} if name in of_one else {} for name in names}

    def figures(self, tree, model, domain):
        """The figures of a pivot or graph."""
        groups = []
        for node in tree.iter("field"):
            name = node.get("name")
            if (
                node.get("type") != "measure"
                and name in model._fields
                and model._fields[name].store
            ):
                dated = model._fields[name].type in ("date", "datetime")
                groups.append(f"{name}:{node.get('interval', 'month')}" if dated else name)
        measures = [
            node.get("name") for node in tree.iter("field") if node.get("type") == "measure"
        ]
        sums = [f"{name}:sum" for name in measures if model._fields[name].store]
        return model.formatted_read_group(domain, groups, ["__count", *sums])

    def shown(self, button, record):
        """Whether the button is there for this record."""
        condition = button.get("invisible") or "False"
        values = {name: record[name] for name in record._fields if name in condition}
        values = {
            name: value.id if isinstance(value, models.BaseModel) else value
            for name, value in values.items()
        }
        return not safe_eval(condition, values)

    def press(self, user, button, records, place, depth):
        """A button that opens another screen: open that, too."""
        name, kind = button.get("name"), button.get("type")
        here = f"{place} / {name}"
        if kind == "action" and name and name.isdigit() and records:
            window = self.env["ir.actions.act_window"].browse(int(name)).sudo()  # any may press it
            action = window.exists() and window._get_action_dict()
        elif (
            kind == "object"
            and records
            and name.startswith(OPENS)
            and self.shown(button, records[0])
        ):
            context = button.get("context")
            extra = ast.literal_eval(context) if context and "id" not in context.split() else {}
            target = records[:1].with_context(**extra)
            action = self.tried(here, lambda: getattr(target, name)())
        else:
            return
        if isinstance(action, dict) and action.get("type") == "ir.actions.act_window":
            self.open(user, action, here, depth + 1, records[:1])
