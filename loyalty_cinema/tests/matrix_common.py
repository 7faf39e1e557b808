"""Who tries the access matrix, on which records and with which arguments."""

import inspect
import json
import logging
import re
from collections import Counter
from typing import NamedTuple
from uuid import uuid4

from odoo import Command
from odoo.models import BaseModel
from odoo.service.model import get_public_method
from odoo.tools import SQL, mute_logger

from .rpc_common import RpcCase, RpcRefused

_logger = logging.getLogger(__name__)

#: The addons whose methods, models and routes have a row.
ADDONS = {"loyalty_cinema", "loyalty", "pos_loyalty", "sale_loyalty", "point_of_sale"}
#: What a refusal may be, in words of a rule or of a route; anything else is a crash.
RULES = re.compile(r"odoo\.(addons\.loyalty_cinema\.)?exceptions\.|odoo\.http\.SessionExpired")
#: A user of each role has these groups and no others.
GROUPS = {
    "portal": "base.group_portal",
    "internal": "base.group_user",
    "salesperson": "sales_team.group_sale_salesman,base.group_user",
    "cashier": "point_of_sale.group_pos_user,base.group_user",
    "other cashier": "point_of_sale.group_pos_user,base.group_user",
    "manager": "loyalty_cinema.group_manager,base.group_user",
    "other manager": "loyalty_cinema.group_manager,base.group_user",
    "POS manager": "point_of_sale.group_pos_manager,base.group_user",
    "sales manager": "sales_team.group_sale_manager,base.group_user",
    "billing": "account.group_account_invoice,base.group_user",
    "accountant": "account.group_account_manager,base.group_user",
    "contact manager": "base.group_partner_manager,base.group_user",
    "settings": "base.group_system,base.group_user",
}
#: These do not work with value at all, or in another company: figures are secrets, too.
STRANGERS = "visitor, portal, internal, other cashier, other manager, billing, contact manager"


#: Wrong numbers and refused requests are written down, whoever sends them.
NOTED = {"loyalty.code.attempt", "loyalty.incident"}


class Outcome(NamedTuple):
    """What came of a call.

    ``kind`` is "answered", "refused" (a rule, in words), "denied" (no access) or "crashed";
    ``moved`` are the tables that the call changed.
    """

    kind: str
    text: str
    moved: list


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


def our_models(env):
    """The models with records that one of the addons makes."""
    return {
        name
        for name in env.registry
        if env[name]._original_module in ADDONS and not env[name]._abstract
    }


def our_routes(env):
    """The addresses that controllers of the addons answer."""
    modules = env.registry._init_modules
    return {
        address
        for address, endpoint in env["ir.http"]._generate_routing_rules(modules, {})
        if addon_of(endpoint.original_endpoint) in ADDONS
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
        self.club = self.env["loyalty.program"].create(
            {
                "name": "Club",
                "program_type": "loyalty",
                "is_membership": True,
                "company_id": self.company.id,
            }
        )
        self.joined = self.env["loyalty.member"]._enrol(self.club, self.partner, "back_office")
        self.ledger.authorize(self.wallet, 10, "hold-of-the-matrix", order_uuid=str(uuid4()))
        self.quotation = self.env["sale.order"].create(
            {
                "partner_id": self.partner.id,
                "user_id": self.people["salesperson"].id,
                "order_line": [Command.create({"product_id": self.snack.id})],
            }
        )
        self.draft = self.env["pos.order"].create(self.order([self.ticket()], state="draft"))
        self.sold = self.sell([(self.snack, 1, 100)], [(self.cash, 100)])
        self.made = {}

    # -- what is called -------------------------------------------------------------------

    def prepare(self, models):
        """Make what the calls are about, and look at everything before the first of them."""
        for model in sorted(models):
            self.sample(model)
            if self.env[model]._transient:
                self.values_for(model)
        self.before = self.everything()

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
            "loyalty.program": self.club,
            "loyalty.member": self.joined,
            "pos.order": self.draft,
            "sale.order": self.quotation,
            "pos.order.line": self.sold.lines,
            "pos.payment": self.sold.payment_ids,
            "pos.session": self.session,
            "pos.config": self.config,
            "pos.payment.method": self.cash,
            "res.partner": self.partner,
            "res.users": self.people["internal"],
            "res.company": self.company,
            "product.template": self.snack.product_tmpl_id,
        }
        if model in known:
            return known[model][:1]
        records = self.env[model].with_context(active_test=False)
        if "company_id" in records._fields and records._fields["company_id"].store:
            return records.search([("company_id", "=", self.company.id)], limit=1)
        return records.browse() if records._transient else records.search([], limit=1)

    def _created(self, model):
        """A record with something in each field that must have something."""
        records = self.env[model].with_context(**self.context_for(model))
        values = self.values_for(model)
        try:
            with self.cr.savepoint():
                return records.create(values)
        except Exception as reason:  # a view, or a record that only its own mechanism makes
            _logger.info("No record of %s: %s", model, reason)
            return records.with_context(active_test=False).search([], limit=1)

    def context_for(self, model):
        """What the button that opens a wizard tells it."""
        of = {
            "pos.close.session.wizard": self.session,
            "pos.make.payment": self.draft,
            "pos.make.invoice": self.sold,
            "pos.confirmation.wizard": self.draft,
            "loyalty.card.owner": self.card,
            "loyalty.card.replace": self.card,
            "loyalty.card.action": self.card,
            "loyalty.member.import.line": self.partner,
            "loyalty.generate.wizard": self.native_gift,
            "loyalty.stored.value.convert": self.native_gift,
        }.get(model, self.wallet)
        return {"active_model": of._name, "active_id": of.id, "active_ids": of.ids}

    def values_for(self, model):
        """Values for each required field of ``model`` that has no default."""
        records = self.env[model]
        fields = {
            name: field
            for name, field in records._fields.items()
            if field.required and field.store and not field.compute and not field.related
        }
        values = records.with_context(**self.context_for(model)).default_get(list(fields))
        values.update(self.known_values().get(model, {}))
        for name, field in fields.items():
            if not values.get(name):
                values[name] = self.value_for(field)
        return values

    def known_values(self):
        """Values of a record that defaults do not make whole."""
        club = self.club.id
        return {
            "loyalty.card.action": {"card_ids": [Command.set(self.card.ids)], "action": "block"},
            "loyalty.generate.wizard": {
                "program_id": self.native_gift.id,
                "coupon_qty": 1,
                "points_granted": 10,
            },
            "sale.loyalty.coupon.wizard": {
                "order_id": self.quotation.id,
                "coupon_code": self.gift.code,
            },
            "sale.loyalty.reward.wizard": {"order_id": self.quotation.id},
            "loyalty.adjustment": {"balance_id": self.joined.balance_id.id, "points": 10},
            "loyalty.tier.assign": {"member_ids": [Command.set(self.joined.ids)]},
            "loyalty.benefit.by.hand": {"member_ids": [Command.set(self.joined.ids)]},
            "loyalty.benefit.issue": {"member_id": self.joined.id, "program_id": club},
            "loyalty.card.update.balance": {"card_id": self.wallet.id, "new_balance": 5},
            "loyalty.member": {"program_id": club, "partner_id": self.partner.id},
            "pos.order": {"session_id": self.session.id},
            "loyalty.incident": {"company_id": self.company.id},
            "loyalty.tier": {"program_id": club},
            "loyalty.benefit": {"gives": "task"},
            "loyalty.earn.rule": {"program_id": club},
        }

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
            ("data", "add_payment"): {
                "pos_order_id": self.draft.id,
                "payment_method_id": self.cash.id,
                "amount": 10,
            },
            ("coupon_data", "add_loyalty_history_lines"): [
                {"card_id": self.wallet.id, "won": 10, "spent": 0}
            ],
            ("domain", "read_config_open_orders"): {"pos.order": []},
            ("record_ids", "read_config_open_orders"): {"pos.order": self.sold.ids},
            ("server_ids", "remove_from_ui"): self.draft.ids,
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
        return {**self._arguments_of_tills(), **self._arguments_of_orders()}

    def _arguments_of_tills(self):
        return {
            "_type": "out",
            "absl_id": 1,
            "access_mode": "write",
            "account": 1,
            "action": "block",
            "amount": 10,
            "attribute_value_ids": [],
            "balance_id": self.anonymous.id,
            "barcode": "1",
            "basic_image": False,
            "cashbox_value": 0,
            "claims": [{"balance_id": self.wallet.id, "points": 10}],
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
        }

    def _arguments_of_orders(self):
        product, uuid = self.snack, str(uuid4())
        return {
            "notes": "",
            "offset": 0,
            "order": {},
            "key": uuid,
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

    def orm_arguments(self, model, name):
        """Arguments of one of the ORM's own methods."""
        ids, field = self.sample(model).ids, self.plain_field(model)
        values = json.loads(json.dumps(self.values_for(model), default=str))
        some = {field.name: self.changed(self.sample(model), field)}
        return {
            "read": [ids, [field.name]],
            "search_read": [[], [field.name]],
            "web_search_read": [[], {field.name: {}}],
            "web_read": [ids, {field.name: {}}],
            "export_data": [ids, [field.name]],
            "name_search": [""],
            "search_count": [[]],
            "formatted_read_group": [[], [], ["__count"]],
            "write": [ids, some],
            "web_save": [ids, some, {}],
            "action_archive": [ids],
            "create": [values],
            "copy": [ids],
            "load": [[field.name], [["Try"]]],
            "name_create": ["Try"],
            "unlink": [ids],
        }[name]

    def plain_field(self, model):
        """A field of ``model`` that is a column."""
        fields = self.env[model]._fields.values()
        magic = ("id", "create_uid", "create_date", "write_uid", "write_date")
        columns = [f for f in fields if f.store and f.column_type and f.name not in magic]
        return next(
            (f for f in columns if f.type in ("char", "text", "float", "integer")), columns[0]
        )

    def changed(self, record, field):
        """Another value than the one that ``record`` has in ``field``, as a client sends it."""
        value = record[field.name]
        if field.type == "many2one":
            others = self.env[field.comodel_name].search([("id", "!=", value.id)], limit=1)
            return others.id
        if field.type == "selection":
            return next((key for key in field.get_values(self.env) if key != value), False)
        if field.type == "boolean":
            return not value
        if field.type in ("float", "monetary", "integer"):
            return value + 7
        return {"date": "2031-01-15", "datetime": "2031-01-15 10:00:00"}.get(field.type, "Try")

    def asked(self, address):
        """The answer to one request for this address, about the wallet and the till of the test."""
        for name, value in {
            "<int:card_id>": self.wallet.id,
            "<config_id>": self.config.id,
            "<path:subpath>": "product",
            "<int:page>": 1,
            "<int:width>x<int:height>": "16x16",
            "<string:field>": "customer_display_bg_img",
            "<id>": self.config.id,
            "<id_>": self.config.id,
            "<device_uuid>": "matrix",
        }.items():
            address = address.replace(name, str(value))
        body = {"jsonrpc": "2.0", "method": "call", "id": 0, "params": {}}
        json_only = address.endswith(("/values", "/pos/ping"))
        with mute_logger("odoo.http"):
            return self.url_open(
                address, timeout=60, allow_redirects=False, **({"json": body} if json_only else {})
            )

    def written(self, model, name):
        """Try to write another value: ``(before, after)`` where it was written."""
        record, field = self.sample(model), self.env[model]._fields[name]
        value = self.changed(record, field)
        self.tried[model] += 1
        with mute_logger("odoo.http", "odoo.sql_db"), self.cr.savepoint(flush=False) as undo:
            before = record.sudo()[name]
            self.rpc_or_refusal(model, "write", record.ids, {name: value})
            after = record.sudo()[name]
            undo.rollback()
        self.env.invalidate_all()
        return [(before, after)] if before != after else []

    # -- who calls ------------------------------------------------------------------------

    def enter(self, role):
        """From here on, calls come from a user of ``role``."""
        if user := self.people[role]:
            self.login(user)
        else:
            till, self.session = self.session, self.http_session
            self.authenticate(None, None)
            self.http_session, self.session = self.session, till

    def outcome(self, model, name, args, *, own=False, watched=True):
        """One call, undone afterwards: an :class:`Outcome`.

        :param own: ``args`` have no ids; the call is about a wizard that the caller makes first
        :param watched: see which tables the call changes
        """
        self.tried[model] += 1
        context = {"context": self.context_for(model)} if self.env[model]._transient else {}
        with mute_logger("odoo.http", "odoo.sql_db"), self.cr.savepoint(flush=False) as undo:
            try:
                if own:
                    values = json.loads(json.dumps(self.values_for(model), default=str))
                    made = self.rpc(model, "create", values, **context)
                    args = [[made], *args]
                answer = self.rpc(model, name, *args, **context)
            except RpcRefused as refusal:
                found = Outcome(self._kind(refusal), str(refusal), [])
            else:
                refused = isinstance(answer, dict) and answer.get("ok") is False
                kind = "refused" if refused else "answered"
                moved = self._moved() if watched and not refused else []
                found = Outcome(kind, self._unsaid(json.dumps(answer), args), moved)
            undo.rollback()
        self.env.invalidate_all()
        return found

    @staticmethod
    def _kind(refusal):
        if "AccessError" in refusal.name or "SessionExpired" in refusal.name:
            return "denied"
        return "refused" if RULES.match(refusal.name) else "crashed"

    def _unsaid(self, answer, args):
        """``answer`` without what the caller said itself."""
        for said in self.secrets:
            if said in json.dumps(args):
                answer = answer.replace(said, "")
        return answer

    def everything(self):
        """A fingerprint of each table that one of the addons makes, and of what value hangs on."""
        self.env.flush_all()
        tables = sorted(
            self.env[name]._table
            for name in our_models(self.env)
            if self.env[name]._auto and name not in NOTED and not self.env[name]._transient
        )
        marks = {}
        for table in [*tables, "account_move", "account_move_line", "sale_order_line"]:
            self.cr.execute(
                SQL(
                    "SELECT COUNT(*), SUM(hashtext(t::text)::bigint) FROM %s t",
                    SQL.identifier(table),
                )
            )
            marks[table] = self.cr.fetchone()
        return marks

    def _moved(self):
        after = self.everything()
        return sorted(table for table in after if self.before[table] != after[table])

    def told(self, role, text, *, may):
        """The secret that ``text`` tells a user of ``role``, None for none."""
        strange = not may and role in STRANGERS.split(", ")
        secrets = [*self.secrets, *(self.figures if strange else [])]
        return next((secret for secret in secrets if secret in text), None)
