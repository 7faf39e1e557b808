from odoo import Command, api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL, format_date

#: Amounts of the position that the screen shows under the same names.
SHOWN = ("ledger", "lots", "liability", "bonus_lots", "bonus_account", "bonus_unposted")


class LoyaltyReconciliation(models.TransientModel):
    """The tie-out of one company and day on one screen; each item is a click from its documents."""

    _name = "loyalty.reconciliation"
    _description = "Stored Value Reconciliation"

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    date = fields.Date(
        "At the end of", required=True, default=lambda self: self.env.company._loyalty_day()
    )
    ledger = fields.Monetary("Balances of customers", readonly=True)
    lots = fields.Monetary("Unspent lots", readonly=True)
    liability = fields.Monetary("Stored value account", readonly=True)
    difference = fields.Monetary("Still to explain", readonly=True)
    bonus_lots = fields.Monetary("Unspent bonus", readonly=True)
    bonus_account = fields.Monetary("Unamortised bonus account", readonly=True)
    bonus_unposted = fields.Monetary("Bonus not posted yet", readonly=True)
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
        """Count again, for the company and day on the screen."""
        self.ensure_one()
        self.check_access("write")
        self.company_id.check_access("read")
        position = self.env["loyalty.posting"]._position(self.company_id, self.date)
        self.write(
            {
                **{name: position[name] for name in SHOWN},
                "difference": position["unexplained"],
                "line_ids": [Command.clear(), *map(Command.create, self._items())],
            }
        )
        return self._action_self()

    def action_post(self):
        """Post what is due for the batch now instead of tonight."""
        self.ensure_one()
        if not self.env.user.has_group("loyalty_cinema.group_accountant"):
            raise AccessError(self.env._("Only accountants post to the accounts."))
        self.company_id.check_access("read")
        self.env["loyalty.posting"]._post(self.company_id)
        return self.action_refresh()

    def _action_self(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Reconciliation"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "current",
        }

    def _items(self):
        """Values of the lines: every open item of the position, grouped by its document."""
        posting = self.env["loyalty.posting"].sudo().with_company(self.company_id)
        company = self.company_id.sudo().root_id
        rows = self.env.execute_query_dict(
            SQL(
                """
                SELECT place, CASE WHEN place = 'till' THEN session_id END AS session_id,
                       CASE WHEN place <> 'till' THEN kind END AS kind,
                       SUM(amount) AS amount, COUNT(*) AS count, ARRAY_AGG(id) AS ids
                  FROM (%s) AS placed
                 WHERE place IS NOT NULL
              GROUP BY 1, 2, 3
              ORDER BY 1 DESC, 2, 3
                """,
                posting._placed_entries(company, self.date),
            )
        )
        items = [self._entry_item(row) for row in rows]
        for row in posting._other_items(company, self.date):
            items.append(
                {
                    "kind": "other",
                    "name": self.env["account.move.line"].sudo().browse(row["id"]).display_name,
                    "amount": -row["value"],
                    "count": 1,
                    "res_model": "account.move.line",
                    "res_ids": [row["id"]],
                }
            )
        return items

    def _entry_item(self, row):
        kinds = dict(
            self.env["loyalty.ledger.entry"]._fields["kind"]._description_selection(self.env)
        )
        session = self.env["pos.session"].sudo().browse(row["session_id"])
        return {
            "kind": {"till": "till", "batch": "unposted", "nowhere": "undocumented"}[row["place"]],
            "name": session.display_name or kinds[row["kind"]],
            "amount": row["amount"],
            "count": row["count"],
            "res_model": "loyalty.ledger.entry",
            "res_ids": row["ids"],
        }


class LoyaltyReconciliationLine(models.TransientModel):
    """One reason why balances and account differ on a day."""

    _name = "loyalty.reconciliation.line"
    _description = "Stored Value Reconciliation Item"

    reconciliation_id = fields.Many2one("loyalty.reconciliation", required=True, ondelete="cascade")
    currency_id = fields.Many2one(related="reconciliation_id.currency_id")
    kind = fields.Selection(
        [
            ("till", "Till not closed"),
            ("unposted", "Not posted yet"),
            ("undocumented", "Movement without a document"),
            ("other", "Journal item from elsewhere"),
        ],
        "Reason",
    )
    name = fields.Char("What")
    amount = fields.Monetary(help="By how much the balances of customers exceed the account.")
    count = fields.Integer("Movements")
    res_model = fields.Char()
    res_ids = fields.Json()

    def action_open_documents(self):
        """Show the movements or journal items that make up this line."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.name,
            "res_model": self.res_model,
            "domain": [("id", "in", self.res_ids)],
            "view_mode": "list,form",
        }
