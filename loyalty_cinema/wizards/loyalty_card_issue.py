import base64
import csv
import io

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ..domain import card_code

#: More at once is a typing mistake; a second batch is not.
QUANTITY_MAX = 20_000
#: More than a hundred pages are a job for the card printer, which takes the list.
SHEET_CARDS_MAX = 1000


class LoyaltyCardIssue(models.TransientModel):
    """Make a batch of cards, then hand out its sheet to print and its list for the card printer.

    The wizard stays open after the batch is made: ``state`` tells which of its two pages shows.
    """

    _name = "loyalty.card.issue"
    _description = "Issue Cards"

    state = fields.Selection([("draft", "To issue"), ("done", "Issued")], default="draft")
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    kind_id = fields.Many2one("loyalty.card.kind", required=True)
    quantity = fields.Integer(default=100, required=True)
    prefix = fields.Char(
        size=card_code.PREFIX_DIGITS_MAX,
        help="Up to four digits that every number of the batch starts with. Fifteen random digits "
        "and a check digit follow.",
    )
    batch = fields.Char(
        "Batch name",
        required=True,
        default=lambda self: self._default_batch(),
        help="Finds these cards again. Each batch needs its own name.",
    )
    expires_on = fields.Date(
        "Valid until",
        help="Last day on which the cards can be used. Empty: the validity of the kind counts "
        "from the day of activation.",
    )
    owner_id = fields.Many2one(
        "res.partner",
        help="For company cards: the company whose money is on them. Each card gets its holder "
        "later.",
    )
    corporate = fields.Boolean(related="kind_id.corporate")
    csv_file = fields.Binary("List of numbers", compute="_compute_csv_file")
    csv_name = fields.Char(compute="_compute_csv_file")

    @api.constrains("quantity", "prefix", "expires_on")
    def _check_values(self):
        for wizard in self:
            if not 1 <= wizard.quantity <= QUANTITY_MAX:
                raise ValidationError(
                    self.env._("Issue between 1 and %s cards at a time.", f"{QUANTITY_MAX:,}")
                )
            if not card_code.is_valid_prefix(wizard.prefix):
                raise ValidationError(
                    self.env._("The prefix is up to %s digits.", card_code.PREFIX_DIGITS_MAX)
                )
            if wizard.expires_on and wizard.expires_on < wizard.company_id._loyalty_day():
                raise ValidationError(self.env._("Cards cannot expire before they are issued."))

    def _default_batch(self):
        return self.env.company._loyalty_local().strftime("%Y-%m-%d %H:%M:%S")

    @api.depends("state", "batch", "company_id")
    def _compute_csv_file(self):
        for wizard in self:
            done = wizard.state == "done"
            wizard.csv_name = f"{(wizard.batch or '').replace('/', '-')}.csv"
            wizard.csv_file = done and base64.b64encode(
                wizard._csv(wizard._cards()).encode("utf-8-sig")
            )

    def action_issue(self):
        """Make the cards and show the page with the sheet and the list."""
        self.ensure_one()
        cards = self.env["loyalty.member.card"]
        cards.check_access("create")
        self.kind_id._check_offered()
        self.batch = self.batch.strip()
        if self._cards():
            raise UserError(
                self.env._("There is a batch %s already. Choose another name.", self.batch)
            )
        issued = cards._issue(
            self.kind_id,
            self.quantity,
            prefix=self.prefix or "",
            batch=self.batch,
            company_id=self.company_id.id,
            owner_id=self.owner_id.id if self.corporate else False,
            expires_on=self.expires_on,
        )
        if not issued.has_access("create"):  # made in sudo: the server chooses the numbers
            raise AccessError(
                self.env._("You issue cards of your own company only. Choose that company.")
            )
        self.state = "done"
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Cards issued"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }

    def action_print_sheet(self):
        """The batch as sheets of ten cards, with barcodes."""
        if self.quantity > SHEET_CARDS_MAX:
            raise UserError(
                self.env._(
                    "Sheets are for up to %s cards. Give the list of numbers to the card printer.",
                    SHEET_CARDS_MAX,
                )
            )
        report = self.env.ref("loyalty_cinema.action_report_card_sheet")
        return report.report_action(self._cards())

    def action_view_cards(self):
        """Open the cards of the batch."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "loyalty_cinema.action_loyalty_member_card"
        )
        return dict(action, domain=self._cards_domain(), context={})

    def _cards(self):
        return self.env["loyalty.member.card"].search(self._cards_domain(), order="id")

    def _cards_domain(self):
        return [("batch", "=", self.batch), ("company_id", "=", self.company_id.id)]

    def _csv(self, cards):
        """One line a card: the bare number for the barcode, and in groups as it is printed."""
        sheet = io.StringIO()
        writer = csv.writer(sheet, quoting=csv.QUOTE_ALL)
        writer.writerow(["number", "printed_number", "last_four", "expires_on"])
        for card in cards:
            expires_on = fields.Date.to_string(card.expires_on) or ""
            writer.writerow([card.code, card_code.printed(card.code), card.code[-4:], expires_on])
        return sheet.getvalue()
