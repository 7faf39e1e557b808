import base64
import binascii
import csv
import io
import zipfile

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..domain.amounts import AMOUNT_DIGITS, to_decimal
from ..domain.member_import import read_table

#: More rows are a second file: one import is one transaction, and a request has two minutes.
ROWS_MAX = 20_000
#: So many lines are shown, what is wrong first.
PREVIEW_LINES = 100
#: What a second manager approves, and what is then done.
ASKED = (
    "program_id",
    "file",
    "file_name",
    "card_kind_id",
    "total_points",
    "total_qualifying",
)
POINTS = {"digits": AMOUNT_DIGITS, "min_display_digits": 0}


class LoyaltyMemberImport(models.TransientModel):
    """Members and their opening balances from another system: first a preview, then all or nothing.

    The file must come to the totals that the old system reports, or nothing is imported. The same
    file twice changes nothing: whoever has an opening balance is left alone. What the table may
    hold is in ``domain/member_import.py``, who its rows are in ``loyalty_member_import_plan.py``.
    """

    _name = "loyalty.member.import"
    _description = "Import Members"

    state = fields.Selection(
        [
            ("draft", "File"),
            ("preview", "Preview"),
            ("waiting", "Waits for a second manager"),
            ("done", "Done"),
        ],
        default="draft",
    )
    program_id = fields.Many2one(
        "loyalty.program",
        required=True,
        domain=[("is_membership", "=", True)],
        default=lambda self: self.env.company._loyalty_membership_program(),
    )
    company_id = fields.Many2one(related="program_id.company_id")
    file = fields.Binary("CSV or Excel file")
    file_name = fields.Char()
    card_kind_id = fields.Many2one(
        "loyalty.card.kind",
        "Kind of new cards",
        domain=[("opens_points", "=", True)],
        default=lambda self: self.env.ref("loyalty_cinema.kind_points", raise_if_not_found=False),
        help="Cards whose number is not known yet are made of this kind.",
    )
    total_points = fields.Float(
        "Points in the old system",
        help="What the old system reports as the total of all points. The file must come to it.",
        **POINTS,
    )
    total_qualifying = fields.Float("Qualifying points in the old system", **POINTS)
    file_points = fields.Float("Points in the file", readonly=True, **POINTS)
    file_qualifying = fields.Float("Qualifying points in the file", readonly=True, **POINTS)
    is_reconciled = fields.Boolean(compute="_compute_is_reconciled")
    row_count = fields.Integer("Members in the file", readonly=True)
    found_count = fields.Integer("Contacts found", readonly=True)
    new_count = fields.Integer("New contacts", readonly=True)
    known_count = fields.Integer("Imported before", readonly=True)
    problem_count = fields.Integer("Problems", readonly=True)
    line_ids = fields.One2many("loyalty.member.import.line", "import_id", readonly=True)

    @api.depends("total_points", "total_qualifying", "file_points", "file_qualifying")
    def _compute_is_reconciled(self):
        for wizard in self:
            stated = (wizard.total_points, wizard.total_qualifying)
            found = (wizard.file_points, wizard.file_qualifying)
            wizard.is_reconciled = [*map(to_decimal, stated)] == [*map(to_decimal, found)]

    @api.onchange("file", "program_id", "card_kind_id")
    def _onchange_file(self):
        self.state = "draft"

    def action_preview(self):
        """Say what the import would do, and what is wrong with the file. Changes nothing."""
        self._check_import()
        plan = self._plan(self._read_rows())
        self.write({**self._summary(plan), "state": "preview"})
        return self._reopen()

    def action_import(self):
        """Import the file as a whole, or ask another manager where it is more than one gives alone.

        :raises UserError: when anything is wrong with it, or it does not come to the totals
        """
        self._check_import()
        plan = self._sound_plan()
        adjustment = self._ask_for_it(plan)
        if adjustment.state == "done":
            self._carry_out(plan)
            self.state = "done"
        else:
            self.state = "waiting"
        return self._reopen()

    def _sound_plan(self):
        """What the file asks for, when nothing is wrong with it and it comes to the totals."""
        # Two managers with the same file: the second runs again and finds the first one's members.
        self.env.cr.execute(
            "UPDATE loyalty_program SET write_date = write_date WHERE id = %s",
            (self.program_id.id,),
        )
        plan = self._plan(self._read_rows())
        self.write(self._summary(plan))
        if plan.problems:
            raise UserError(
                self.env._(
                    "Nothing was imported: line %(line)s: %(problem)s",
                    line=plan.problems[0].line,
                    problem=self._say(plan.problems[0]),
                )
            )
        if not self.is_reconciled:
            raise UserError(
                self.env._(
                    "Nothing was imported: the file has %(points)s points and %(qualifying)s "
                    "qualifying points, which is not what the old system reports.",
                    points=self.file_points,
                    qualifying=self.file_qualifying,
                )
            )
        return plan

    def _ask_for_it(self, plan):
        """Four eyes here too: what all new rows are worth together counts, and each one's points.

        :return: the adjustment; "done" where this user imports it alone
        """
        rows = [row for row in plan.rows if row.line not in plan.known]
        points = sum((abs(row.points) for row in rows), to_decimal(0))
        qualifying = sum((row.qualifying for row in rows), to_decimal(0))
        program = self.program_id
        return self.env["loyalty.adjustment"]._ask(
            self,
            "import",
            points * program._money_per_point() + self._money_of_rising(plan, rows),
            ASKED,
            program=program,
            partners=self.env["res.partner"],
            reason=self.env._(
                "%(rows)s opening balances in %(program)s, %(points)s points and %(qualifying)s "
                "qualifying points: %(file)s",
                rows=len(rows),
                program=program.name,
                points=f"{points.normalize():f}",
                qualifying=f"{qualifying.normalize():f}",
                file=self.file_name or self.env._("Import"),
            ),
            is_over=self._is_over_grants(rows),
        )

    def _money_of_rising(self, plan, rows):
        """What the tiers are worth that qualifying points bring, as a tier by hand: for each row.

        :return: Decimal
        """
        found = [("partner_id", "in", list(plan.partners.values()))]
        members = self.env["loyalty.member"].sudo()  # sudo: who stands where, for whoever imports
        members = members.search([*found, ("program_id", "=", self.program_id.id)])
        standing = {m.partner_id.id: (m.tier_id.threshold, m.qualifying_in_period) for m in members}
        ladder = self.program_id._ladder_worth()
        total = to_decimal(0)
        for row in (row for row in rows if row.qualifying > 0):
            start, before = standing.get(plan.partners.get(row.line), (0, 0))
            reach = before + float(row.qualifying)
            total += self.program_id._money_of_tiers(start, reach, ladder)
        return total

    def _is_over_grants(self, rows):
        """Whether somebody gets more points than a manager may grant alone."""
        limit = to_decimal(self.program_id.sudo().grant_limit)  # sudo: terms of the program
        numbers = (number for row in rows for number in (row.points, row.qualifying))
        return bool(limit) and any(abs(number) > limit for number in numbers)

    def _loyalty_do(self, adjustment):
        """Import what another manager approved; see ``models/loyalty_adjustment_deed.py``."""
        self._carry_out(self._sound_plan())
        self.state = "done"

    def action_view_members(self):
        """Open the members of the program."""
        return self.program_id.action_view_members()

    def _check_import(self):
        self.ensure_one()
        self.check_access("write")
        self.env["loyalty.member"].check_access("create")
        if not self.file:
            raise UserError(self.env._("Choose a file first."))
        self.program_id.check_access("read")
        self.card_kind_id._check_offered()

    def _reopen(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Import members"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }

    # -- reading the file ------------------------------------------------------------------------

    def _read_rows(self):
        """The rows of the file and their problems, as :func:`read_table` returns them."""
        try:
            content = base64.b64decode(self.file)
        except binascii.Error:
            content = b""
        is_sheet = content[:2] == b"PK"
        table = self._read_sheet(content) if is_sheet else self._read_csv(content)
        if len(table) > ROWS_MAX:
            raise UserError(
                self.env._("The file has more than %s rows. Split it into several.", ROWS_MAX)
            )
        return read_table(table, self.program_id._today(), self._country_code())

    def _read_csv(self, content):
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError:
            raise UserError(self.env._("Save the file as CSV in UTF-8, or as .xlsx.")) from None
        header = text.partition("\n")[0]
        delimiter = max(",;\t", key=header.count)
        try:
            return list(csv.reader(io.StringIO(text), delimiter=delimiter, strict=True))
        except csv.Error as error:
            raise UserError(self.env._("This is no CSV file: %s", error)) from None

    def _read_sheet(self, content):
        try:
            book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError):
            raise UserError(self.env._("This Excel file cannot be read.")) from None
        rows = book.worksheets[0].iter_rows(max_row=ROWS_MAX + 2, values_only=True)
        return list(rows)

    def _country_code(self):
        country = self.company_id.country_id or self.env.company.country_id
        return str(country.phone_code or "")


class LoyaltyMemberImportLine(models.TransientModel):
    """A line of the preview."""

    _name = "loyalty.member.import.line"
    _description = "Line of an Import of Members"

    import_id = fields.Many2one(
        "loyalty.member.import", required=True, index=True, ondelete="cascade"
    )
    line = fields.Integer()
    name = fields.Char()
    partner_id = fields.Many2one("res.partner", "Contact", index="btree_not_null")
    outcome = fields.Selection(
        [
            ("problem", "Problem"),
            ("new", "New contact"),
            ("found", "Contact found"),
            ("known", "Imported before"),
        ]
    )
    points = fields.Float(**POINTS)
    qualifying = fields.Float("Qualifying points", **POINTS)
    message = fields.Char()
