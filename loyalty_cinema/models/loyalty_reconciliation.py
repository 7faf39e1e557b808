from datetime import timedelta

from odoo import Command, api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import float_is_zero, format_date

#: Amounts of the position that the screen shows under the same names.
SHOWN = (
    "ledger",
    "lots",
    "liability",
    "difference",
    "bonus_ledger",
    "bonus_lots",
    "bonus_account",
    "bonus_difference",
    "granted_lots",
    "cards",
    "held",
)
#: The daily job posts what is due. What three of its runs have left behind, none will post until
#: somebody helps: an account is missing, say.
OVERDUE_DAYS = 3
#: Lines that explain a difference: they will be in the books, or were sooner.
EXPLAINS = ("till", "unposted", "other_day", "held")
#: So many documents of a kind are named; the rest is one line.
NAMED_MAX = 200
SIDES = [("liability", "Stored value"), ("bonus", "Unamortised bonus")]


class LoyaltyReconciliation(models.TransientModel):
    """The tie-out of one company and day on one screen; each item is a click from its documents."""

    _name = "loyalty.reconciliation"
    _description = "Stored Value Reconciliation"

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    date = fields.Date(
        "At the end of", required=True, default=lambda self: self.env.company.root_id._loyalty_day()
    )
    ledger = fields.Monetary("Balances of customers", readonly=True)
    lots = fields.Monetary("Unspent lots", readonly=True)
    liability = fields.Monetary("Stored value account", readonly=True)
    difference = fields.Monetary("Stored value to explain", readonly=True)
    bonus_ledger = fields.Monetary("Unspent bonus", readonly=True)
    bonus_lots = fields.Monetary("Unspent bonus lots", readonly=True)
    bonus_account = fields.Monetary("Unamortised bonus account", readonly=True)
    bonus_difference = fields.Monetary("Bonus to explain", readonly=True)
    granted_lots = fields.Monetary(
        "Unspent compensation",
        readonly=True,
        help="As of now. Given for a failed service, and an expense since then. The stored value "
        "account less unamortised bonus and less this is what customers have paid.",
    )
    cards = fields.Monetary(
        "Sum of the cards", readonly=True, help="As of now: what the balances themselves say."
    )
    cards_difference = fields.Monetary(
        "Cards less movements", readonly=True, help="As of now. Must be zero."
    )
    held = fields.Monetary(
        "Held for payments under way", readonly=True, help="As of now. Part of the balances."
    )
    agrees = fields.Boolean(readonly=True)
    line_ids = fields.One2many("loyalty.reconciliation.line", "reconciliation_id", readonly=True)

    def _compute_display_name(self):
        for record in self:
            day = format_date(self.env, record.date)
            record.display_name = self.env._("Reconciliation %(day)s", day=day)

    @api.model
    def action_open(self):
        """Open today's reconciliation of the current company."""
        record = self.create({})
        record.action_refresh()
        return record._action_self()

    def action_refresh(self):
        """Count again, for the company and day on the screen, which reads itself anew."""
        self.ensure_one()
        self.check_access("write")
        self.company_id.check_access("read")
        company = self.company_id.sudo().root_id
        tie_out = self.env["loyalty.posting"]._tie_out(company, self.date)
        figures = tie_out["figures"]
        cards_difference = company.currency_id.round(figures["cards"] - figures["ledger_now"])
        lines = self._lines(tie_out, company)
        must_be_zero = (
            figures["difference"],
            figures["bonus_difference"],
            cards_difference,
            figures["lots"] - figures["ledger"],
            figures["bonus_lots"] - figures["bonus_ledger"],
        )
        self.write(
            {
                **{name: figures[name] for name in SHOWN},
                "cards_difference": cards_difference,
                "agrees": all(line["kind"] in EXPLAINS for line in lines)
                and not any(map(self._is_something, must_be_zero)),
                "line_ids": [Command.clear(), *map(Command.create, lines)],
            }
        )

    def action_post(self):
        """Post what is due for the batch now instead of tonight."""
        self.ensure_one()
        if not self.env.user.has_group("loyalty_cinema.group_accountant"):
            raise AccessError(self.env._("Only accountants post to the accounts."))
        self.company_id.check_access("read")
        posting = self.env["loyalty.posting"]
        # sudo: the branches are counted on this screen; what is due there is posted with the root
        posting._post(
            self.env["res.company"].sudo().browse(posting._family(self.company_id.sudo()))
        )
        self.action_refresh()

    def _action_self(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Reconciliation"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "current",
        }

    # -- the lines ---------------------------------------------------------------------------------

    def _is_something(self, amount):
        return not float_is_zero(
            float(amount), precision_rounding=self.company_id.currency_id.rounding
        )

    def _lines(self, tie_out, company):
        """Values of the lines: first what is wrong, then what explains a difference."""
        documents = tie_out["documents"]
        lines = [
            *self._proof_lines(company),
            *self._document_lines(documents),
            *self._misdated_lines(tie_out["misdated"]),
            *self._movement_lines(tie_out["movements"], company),
            *self._other_day_lines(documents, self.date),
            *self._held_lines(company),
        ]
        return sorted(lines, key=lambda line: line["kind"] in EXPLAINS)

    def _proof_lines(self, company):
        """What the ledger's own proofs find, in words."""
        posting = self.env["loyalty.posting"].sudo()
        broken = self.env["loyalty.ledger"].sudo()._broken_value(posting._family(company))
        for row in broken[:NAMED_MAX]:
            balance = self.env["loyalty.card"].sudo().browse(row["balance_id"] or [])
            yield {
                "kind": "proof",
                "name": self.env._(
                    "%(document)s: %(rule)s. Expected %(expected)s, found %(found)s.",
                    document=balance.display_name or self.env._("Database"),
                    rule=row["invariant"],
                    expected=row["expected"],
                    found=self.env._("nothing") if row["found"] is None else row["found"],
                ),
                "count": 1,
                "res_model": balance._name if balance else False,
                "res_ids": balance.ids,
            }
        if len(broken) > NAMED_MAX:
            yield self._rest_line("proof", len(broken) - NAMED_MAX)

    def _document_lines(self, documents):
        """Documents that have not on the account what their movements come to."""
        differing = [row for row in documents if self._is_something(row["expected"] - row["found"])]
        differing.sort(key=lambda row: -abs(row["expected"] - row["found"]))
        for row in differing[:NAMED_MAX]:
            yield {
                "kind": "differs" if row["ours"] else "other",
                **self._document(row),
                "expected": row["expected"],
                "found": row["found"],
                "amount": row["expected"] - row["found"],
            }
        for side, _name in SIDES:
            rest = [row for row in differing[NAMED_MAX:] if row["side"] == side]
            if rest:
                amount = sum(row["expected"] - row["found"] for row in rest)
                yield {**self._rest_line("differs", len(rest)), "side": side, "amount": amount}

    def _rest_line(self, kind, count):
        return {"kind": kind, "name": self.env._("And %(count)s more", count=count), "count": count}

    def _document(self, row):
        """Side, name, count and records of a document of the tie-out."""
        record = self.env[row["model"]].sudo().browse(row["id"]).exists()
        if row["part"] == "tenders":
            shown = self._tender_payments(record) or record
            name = self.env._("%(session)s: payments with cards", session=record.display_name)
        elif row["part"] == "loads":
            shown = record.move_id or record
            name = f"{record.display_name}: {shown.display_name}" if record.move_id else record.name
        else:
            shown, name = record, record.display_name
        return {
            "side": row["side"],
            "name": name or self.env._("A document that was deleted"),
            "count": row["count"],
            "res_model": shown._name if shown else False,
            "res_ids": shown.ids,
        }

    def _tender_payments(self, session):
        """The payments of a session that are booked on the liability, or should be."""
        return session.bank_payment_ids.filtered("pos_payment_method_id.stored_value_type")

    def _misdated_lines(self, rows):
        """Documents that bear another day than the one on which they belong."""
        for row in rows[:NAMED_MAX]:
            move = self.env["account.move"].sudo().browse(row["id"])
            document = move.origin_payment_id or move
            yield {
                "kind": "misdated",
                "side": row["side"],
                "name": self.env._(
                    "%(entry)s: dated %(date)s, its movements belong to %(due)s",
                    entry=move.display_name,
                    date=format_date(self.env, row["due"]),
                    due=format_date(self.env, row["day"]),
                ),
                "expected": row["expected"],
                "found": row["found"],
                "amount": row["expected"] - row["found"],
                "count": 1,
                "res_model": document._name,
                "res_ids": document.ids,
            }
        if len(rows) > NAMED_MAX:
            yield self._rest_line("misdated", len(rows) - NAMED_MAX)

    def _movement_lines(self, rows, company):
        """Movements that nothing brings into the books, or nothing yet, by kind."""
        long_ago = company._loyalty_day() - timedelta(days=OVERDUE_DAYS)
        kinds = dict(
            self.env["loyalty.ledger.entry"]._fields["kind"]._description_selection(self.env)
        )
        groups = {}
        for row in rows:
            group = groups.setdefault(
                (row["row"], row["side"], row["kind"]),
                {"amount": 0, "count": 0, "ids": [], "since": row["since"]},
            )
            group["amount"] += row["expected"]
            group["count"] += row["count"]
            group["ids"] += row["ids"] or []
            group["since"] = min(group["since"], row["since"])
        for (place, side, kind), group in sorted(groups.items()):
            if place == "unposted" or self._is_something(group["amount"]):
                name, since = kinds[kind], company._loyalty_day(group["since"])
                if place == "unposted":
                    place = "overdue" if since < long_ago else place
                    day = format_date(self.env, since)
                    name = self.env._("%(kind)s, due since %(day)s", kind=name, day=day)
                yield {
                    "kind": place,
                    "side": side,
                    "name": name,
                    "count": group["count"],
                    "expected": group["amount"],
                    "amount": group["amount"],
                    "res_model": "loyalty.ledger.entry",
                    "res_ids": group["ids"],
                }

    def _other_day_lines(self, documents, day):
        """Documents that are in the books later than their movements, or sooner."""
        for row in documents:
            amount = row["later"] - row["early"]
            if self._is_something(amount):
                due, booked = row["due"], row["day"]
                was_open = not due or due > day
                is_till = row["model"] == "pos.session" and not row["early"] and was_open
                values = self._document(row)
                if due and booked > due and not is_till:
                    values["name"] = self.env._(
                        "%(document)s: %(due)s was locked, booked on %(booked)s",
                        document=values["name"],
                        due=format_date(self.env, due),
                        booked=format_date(self.env, booked),
                    )
                yield {
                    "kind": "till" if is_till else "other_day",
                    **values,
                    "expected": amount,
                    "amount": amount,
                }

    def _held_lines(self, company):
        """A memo: holds are part of the balances until they are captured or released."""
        family = self.env["loyalty.posting"].sudo()._family(company)
        holds = (
            self.env["loyalty.hold"]
            .sudo()
            .search(
                [
                    ("state", "=", "open"),
                    ("balance_id.program_id.is_stored_value", "=", True),
                    ("balance_id.program_id.company_id", "in", family),
                ]
            )
        )
        if holds:
            yield {
                "kind": "held",
                "side": "liability",
                "name": self.env._("Held for payments under way"),
                "count": len(holds),
                "expected": sum(holds.mapped("amount")),
                "res_model": holds._name,
                "res_ids": holds.ids,
            }


class LoyaltyReconciliationLine(models.TransientModel):
    """One thing that the accountant should look at, or that explains a difference."""

    _name = "loyalty.reconciliation.line"
    _description = "Stored Value Reconciliation Item"

    reconciliation_id = fields.Many2one("loyalty.reconciliation", required=True, ondelete="cascade")
    currency_id = fields.Many2one(related="reconciliation_id.currency_id")
    kind = fields.Selection(
        [
            ("differs", "Document differs"),
            ("other", "Journal entry from elsewhere"),
            ("misdated", "Entry on another day"),
            ("undocumented", "Movement without a document"),
            ("proof", "Ledger does not add up"),
            ("till", "Till not closed"),
            ("overdue", "Not posted for days"),
            ("unposted", "Not posted yet"),
            ("other_day", "In the books on another day"),
            ("held", "On hold (memo)"),
        ],
        "Reason",
    )
    side = fields.Selection(SIDES, "Account")
    name = fields.Char("What")
    expected = fields.Monetary("Movements", help="What the movements of members' balances come to.")
    found = fields.Monetary("Books", help="What stands on the account.")
    amount = fields.Monetary(
        "Difference", help="By how much the balances of customers exceed the account."
    )
    count = fields.Integer("Number", help="How many movements or documents this is.")
    is_wrong = fields.Boolean("To be checked", compute="_compute_is_wrong")
    res_model = fields.Char()
    res_ids = fields.Json()

    @api.depends("kind")
    def _compute_is_wrong(self):
        for line in self:
            line.is_wrong = line.kind not in EXPLAINS

    def action_open_documents(self):
        """Show the document, movements or balance of this line."""
        self.ensure_one()
        action = {
            "type": "ir.actions.act_window",
            "name": self.name,
            "res_model": self.res_model,
        }
        ids = self.res_ids or []
        if len(ids) == 1:
            return {**action, "res_id": ids[0], "view_mode": "form"}
        return {**action, "domain": [("id", "in", ids)], "view_mode": "list,form"}
