"""Who tries the access matrix, on which records and with which arguments."""

import inspect
import json
import re
from collections import Counter
from uuid import uuid4

from odoo import Command
from odoo.models import BaseModel
from odoo.service.model import get_public_method
from odoo.tools import mute_logger

from .rpc_common import RpcCase, RpcRefused

#: The addons whose methods, models and routes have a row.
ADDONS = {"loyalty_cinema", "loyalty", "pos_loyalty", "sale_loyalty", "point_of_sale"}
#: What a refusal may be, in words of a rule or of a route; anything else is a crash.
RULES = re.compile(r"odoo\.(addons\.loyalty_cinema\.)?exceptions\.|odoo\.http\.SessionExpired")
#: A user of each role has these groups and no others.
GROUPS = {
    "portal": "base.group_portal",
    "internal": "base.group_user",
    "salesperson": "sales_team.group_sale_salesman",
    "cashier": "point_of_sale.group_pos_user",
    "other cashier": "point_of_sale.group_pos_user",
    "manager": "loyalty_cinema.group_manager,base.group_user",
    "other manager": "loyalty_cinema.group_manager,base.group_user",
    "POS manager": "point_of_sale.group_pos_manager",
    "sales manager": "sales_team.group_sale_manager",
    "billing": "account.group_account_invoice",
    "accountant": "account.group_account_manager",
    "contact manager": "base.group_partner_manager,base.group_user",
    "settings": "base.group_system",
}
#: These do not work with value at all, or in another company: figures are secrets, too.
STRANGERS = "visitor, portal, internal, other cashier, other manager, billing, contact manager"


def addon_of(definer):
    """The addon of a class or function, None where it is of Odoo's core."""
    parts = definer.__module__.split(".")
    return parts[2] if parts[:2] == ["odoo", "addons"] else None


def public_methods(env):
    """All methods that a client may call and that one of the addons defines: ``{(model, name)}``.

    The ORM's own are not among them, whoever overrides them: they are tried once per model.
    """
    found = set()
    for model in env.registry:
        for definer in type(env[model]).mro():
            if addon_of(definer) in ADDONS:
                found |= {(model, name) for name in vars(definer) if _callable(env[model], name)}
    return found


def _callable(model, name):
    if name.startswith("_") or hasattr(BaseModel, name):
        return False
    try:
        return bool(get_public_method(model, name))
    except Exception:
        return False


def our_models(env, addons=ADDONS):
    """The models with records that one of the addons makes."""
    return {
        name
        for name in env.registry
        if env[name]._original_module in addons and not env[name]._abstract
    }


class MatrixCase(RpcCase):
    """One user of each role, a record of each model, and an argument for each name."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        elsewhere = cls.env["res.company"].create({"name": "Elsewhere"})
        cls.people = {"visitor": None}
        for role, groups in GROUPS.items():
            login = f"{role.replace(' ', '-')}-of-the-matrix"
            company = elsewhere if role.startswith("other") else cls.company
            cls.people[role] = cls.env["res.users"].create(
                {
                    "name": role,
                    "login": login,
                    "password": login,
                    "email": f"{login}@example.com",
                    "company_ids": [Command.set(company.ids)],
                    "company_id": company.id,
                    "group_ids": [
                        Command.set([cls.env.ref(name).id for name in groups.split(",")])
                    ],
                }
            )
        # figures that appear nowhere else
        for number, balance in enumerate((cls.wallet, cls.anonymous), 1):
            cls.ledger.credit(balance, 83646 + number, "load", f"matrix:{balance.id}")
        cls.figures = [str(int(balance.points)) for balance in (cls.wallet, cls.anonymous)]
        cls.secrets += [cls.gift.code, cls.points.code]

    def setUp(self):
        super().setUp()
        self.tried = Counter()
        self.sold = self.sell([(self.snack, 1, 100)], [(self.cash, 100)])
        self.made = {}

    # -- what is called -------------------------------------------------------------------

    def sample(self, model):
        """A record of ``model``, made once: one that exists, else what the defaults make."""
        if self.env[model]._abstract:
            return self.env[model]
        if model not in self.made:
            self.made[model] = self._existing(model) or self._created(model)
        return self.made[model]

    def _existing(self, model):
        known = {
            "loyalty.card": self.wallet,
            "loyalty.member.card": self.card,
            "loyalty.program": self.wallet.program_id,
            "pos.order": self.sold,
            "pos.order.line": self.sold.lines,
            "pos.payment": self.sold.payment_ids,
            "pos.session": self.session,
            "pos.config": self.config,
            "pos.payment.method": self.cash,
            "res.partner": self.partner,
            "res.users": self.people["POS manager"],
            "res.company": self.company,
            "product.template": self.snack.product_tmpl_id,
        }
        return known.get(model, self.env[model])[:1] or self.env[model].search([], limit=1)

    def _created(self, model):
        """A record with something in each field that must have something."""
        try:
            with self.cr.savepoint():
                return self.env[model].create(self.values_for(model))
        except Exception:  # a view, or a record that only its own mechanism makes
            return self.env[model]

    def values_for(self, model):
        """Values for each required field of ``model`` that has no default."""
        records = self.env[model]
        context = {"active_model": "loyalty.card", "active_id": self.wallet.id}
        fields = {
            name: field
            for name, field in records._fields.items()
            if field.required and field.store and not field.compute and not field.related
        }
        values = records.with_context(**context, active_ids=self.wallet.ids).default_get(
            list(fields)
        )
        for name, field in fields.items():
            if not values.get(name):
                values[name] = self.value_for(field)
        return values

    def value_for(self, field):
        """Something that ``field`` takes."""
        if field.type == "many2one":
            return self.sample(field.comodel_name).id
        if field.type == "selection":
            return field.get_values(self.env)[0]
        return {"char": "Try", "text": "Try", "html": "Try", "date": "2026-01-15"}.get(
            field.type, "2026-01-15 10:00:00" if field.type == "datetime" else 1
        )

    def arguments(self, model, name):
        """Ids and arguments as a client would send them, by the name of each parameter."""
        method = getattr(type(self.env[model]), name)
        parameters = list(inspect.signature(inspect.unwrap(method)).parameters.values())[1:]
        wanted = [p for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
        given = [self.argument(p, name) for p in wanted]
        if getattr(method, "_api_model", False):
            return given
        return [self.sample(model).ids, *given]

    def argument(self, parameter, method):
        """A plausible value for a parameter of this name."""
        values = {
            ("amount", "get_qr_code"): 1000.0,
            ("order", "update_customer_display"): {"lines": []},
            ("session", "get_statistics_for_session"): self.session.id,
            ("values", "enrol"): {"name": "Huong"},
            ("values", "save_profile"): {"note": "Try"},
        }
        fallback = self.known_arguments().get(parameter.name, parameter.default)
        value = values.get((parameter.name, method), fallback)
        self.assertIsNot(
            value, inspect.Parameter.empty, f"{method}: what is {parameter.name}? Say it here."
        )
        return value

    def known_arguments(self):
        """A value for each name that a parameter has."""
        product, uuid = self.snack, str(uuid4())
        return {
            "_type": "out",
            "absl_id": 1,
            "access_mode": "write",
            "account": 1,
            "action": "block",
            "amount": 10,
            "attribute_value_ids": [],
            "barcode": "1",
            "basic_image": False,
            "cashbox_value": 0,
            "claims": {},
            "code": self.gift.code,
            "config": self.config.id,
            "config_id": self.config.id,
            "company_id": self.company.id,
            "counted_cash": 0,
            "coupon_data": {str(self.gift.id): {"points": -10, "program_id": 1}},
            "coupon_updates": [],
            "creation_date": "2026-01-15 10:00:00",
            "credential": {"code": self.card.code},
            "currency": self.company.currency_id.id,
            "data": {},
            "debtor_partner": self.partner.id,
            "device_identifier": "matrix",
            "device_uuid": "matrix",
            "domain": [],
            "email": "a@example.com",
            "extras": {"formattedAmount": "10", "translatedType": "out"},
            "free_communication": "Try",
            "gift_code": self.gift.code,
            "issue_id": self.sample("loyalty.benefit.issue").id or 1,
            "key": uuid,
            "limit": 10,
            "line_ids": self.sold.lines.ids,
            "manager_id": self.people["POS manager"].id,
            "message_type": "ACTION_CANCELLED",
            "method_id": self.tender.id,
            "model_name": "loyalty.card",
            "models_to_filter": {},
            "models_to_load": ["pos.config", "loyalty.card"],
            "modules_list": ["pos_adyen"],
            "new_codes": [self.gift.code],
            "notes": "",
            "offset": 0,
            "order": {},
            "order_uuid": uuid,
            "orders": [self.order([self.ticket()], [(self.cash, 100, False)])],
            "original_order_id": self.sold.id,
            "partner_id": self.partner.id,
            "pin": "1357",
            "point_changes": {str(self.gift.id): -10},
            "pos_config_id": self.config.id,
            "price": 10,
            "pricelist_id": False,
            "product_id": product.id,
            "product_ids": product.ids,
            "product_tmpl_ids": product.product_tmpl_id.ids,
            "quantity": 1,
            "reason": "Try",
            "recordRefs": ["loyalty_cinema.kind_gift"],
            "records": {},
            "server_ids": self.sold.ids,
            "session": self.session.id,
            "session_id": self.session.id,
            "structured_communication": "",
            "template_id": "gift_card",
            "ticket_image": False,
            "uuid": self.sold.uuid,
            "values": {},
        }

    # -- who calls ------------------------------------------------------------------------

    def enter(self, role):
        """From here on, calls come from a user of ``role``."""
        if user := self.people[role]:
            self.login(user)
        else:
            till, self.session = self.session, self.http_session
            self.authenticate(None, None)
            self.http_session, self.session = self.session, till

    def outcome(self, model, name, args, context=None):
        """One call, undone afterwards: ``(kind, text, moved)``.

        ``kind`` is ``"answered"``, ``"refused"`` (a rule, in words), ``"denied"`` (no access) or
        ``"crashed"``; ``moved`` says whether the call changed any value.
        """
        self.tried[model] += 1
        kwargs = {"context": context} if context else {}
        moved = False
        with mute_logger("odoo.http", "odoo.sql_db"), self.cr.savepoint(flush=False) as undo:
            try:
                answer = self.rpc(model, name, *args, **kwargs)
            except RpcRefused as refusal:
                text, kind = str(refusal), "crashed"
                if "AccessError" in refusal.name or "SessionExpired" in refusal.name:
                    kind = "denied"
                elif RULES.match(refusal.name):
                    kind = "refused"
            else:
                text, kind = json.dumps(answer), "answered"
                if isinstance(answer, dict) and answer.get("ok") is False:
                    kind = "refused"
                moved = self.photograph() != self.before
            undo.rollback()
        self.env.invalidate_all()
        return kind, text, moved

    def told(self, role, text):
        """The secret that ``text`` tells a user of ``role``, None for none."""
        strange = role in STRANGERS.split(", ")
        secrets = [*self.secrets, *(self.figures if strange else [])]
        return next((secret for secret in secrets if secret in text), None)
