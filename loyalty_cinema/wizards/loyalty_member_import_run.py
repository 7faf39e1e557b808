from collections import Counter
from decimal import Decimal

from odoo import Command, models

from ..domain.lots import NewLot
from ..domain.movement import Movement
from ..domain.saying import _lt
from .loyalty_member_import import PREVIEW_LINES
from .loyalty_member_import_plan import CHUNK

#: Nothing is told to anybody about members that come from another system, thousands at a time.
QUIET = {
    "tracking_disable": True,
    "mail_create_nolog": True,
    "mail_create_nosubscribe": True,
    "mail_notrack": True,
    "loyalty_no_mail": True,
}


class LoyaltyMemberImport(models.TransientModel):
    """What the import shows, and what it does: contacts, members, opening entries, cards."""

    _inherit = "loyalty.member.import"

    def _summary(self, plan):
        """The numbers of the preview, and its first lines, those with problems first."""
        wrong = {}
        for problem in plan.problems:
            wrong.setdefault(problem.line, []).append(self._say(problem))
        outcomes = {row.line: self._outcome(plan, row, wrong) for row in plan.rows}
        counts = Counter(outcomes.values())
        rows = {row.line: row for row in plan.rows}
        shown = [*wrong, *(line for line in rows if line not in wrong)][:PREVIEW_LINES]
        return {
            "row_count": len(plan.rows),
            "found_count": counts["found"],
            "new_count": counts["new"],
            "known_count": counts["known"],
            "problem_count": len(plan.problems),
            "file_points": sum((row.points for row in plan.rows), Decimal(0)),
            "file_qualifying": sum((row.qualifying for row in plan.rows), Decimal(0)),
            "line_ids": [
                Command.clear(),
                *(
                    Command.create(
                        {
                            "line": line,
                            "name": line in rows and rows[line].name,
                            "partner_id": plan.partners.get(line),
                            "outcome": outcomes.get(line, "problem"),
                            "points": rows[line].points if line in rows else 0,
                            "qualifying": rows[line].qualifying if line in rows else 0,
                            "message": " ".join(wrong.get(line, [])),
                        }
                    )
                    for line in shown
                ),
            ],
        }

    def _outcome(self, plan, row, wrong):
        if row.line in wrong:
            return "problem"
        if row.line in plan.known:
            return "known"
        return "found" if row.line in plan.partners else "new"

    def _carry_out(self, plan):
        """Import all rows; who has been imported before is left alone."""
        wizard = self.with_context(**QUIET)
        rows = [row for row in plan.rows if row.line not in plan.known]
        for start in range(0, len(rows), CHUNK):
            chunk = rows[start : start + CHUNK]
            partners = wizard._make_partners(plan, chunk)
            members = wizard._make_members(chunk, partners)
            wizard._open_points(chunk, members)
            wizard._give_cards(plan, chunk, partners)
            self.env.invalidate_all()  # a chunk is not looked at again: memory and time stay even

    def _make_partners(self, plan, rows):
        """``{line: partner}``, those that are not there yet made with what the file says."""
        Partner = self.env["res.partner"].sudo()  # sudo: who may enrol may make the contacts
        new = [row for row in rows if row.line not in plan.partners]
        made = Partner.create(
            [
                {
                    "name": row.name,
                    "phone": row.phone or False,
                    "email": row.email or False,
                    "ref": row.ref or False,
                }
                for row in new
            ]
        )
        partners = {row.line: partner for row, partner in zip(new, made, strict=True)}
        found = [row.line for row in rows if row.line in plan.partners]
        return partners | {line: Partner.browse(plan.partners[line]) for line in found}

    def _make_members(self, rows, partners):
        """``{line: member}``; of two joining dates the earlier is kept."""
        joined = {partners[r.line].id: r.joined_on for r in rows if r.joined_on}
        everybody = self.env["res.partner"].union(*partners.values())
        members = self.env["loyalty.member"]._enrol(
            self.program_id, everybody, "import", joined_on=joined
        )
        by_partner = {member.partner_id.id: member for member in members}
        for partner_id, day in joined.items():
            if day < by_partner[partner_id].joined_on:
                by_partner[partner_id].joined_on = day
        return {line: by_partner[partner.id] for line, partner in partners.items()}

    def _open_points(self, rows, members):
        """One batch of opening entries, as many as members with points."""
        program = self.program_id.sudo()  # sudo: only its rule of expiry and its clock
        default = program._points_expire_on(program._today())
        reason = _lt("Opening balance")
        movements = [
            Movement(
                members[row.line].balance_id.id,
                row.points,
                "opening",
                self._key(members[row.line].partner_id.id),
                reason=reason,
                new_lots=(
                    (NewLot("points", row.expires_on or default, row.points),)
                    if row.points > 0
                    else ()
                ),
                qualifying=row.qualifying,
            )
            for row in rows
            if row.points or row.qualifying
        ]
        self.env["loyalty.ledger"].sudo().post(movements)  # sudo: nobody has rights on the ledger

    def _give_cards(self, plan, rows, partners):
        """New cards with the printed numbers, in use; cards that were issued get their holder."""
        today = self.program_id._today()
        # sudo: number and state of a card are chosen by the server, here as the file says
        cards = self.env["loyalty.member.card"].sudo()
        cards.create(
            [
                {
                    "code": row.card,
                    "kind_id": self.card_kind_id.id,
                    "company_id": self.company_id.id,
                    "holder_id": partners[row.line].id,
                    "state": "active",
                    "activated_on": today,
                    "batch": self.file_name or self.env._("Import"),
                }
                for row in rows
                if row.card and row.line not in plan.cards
            ]
        )
        for row in rows:
            card = cards.browse(plan.cards.get(row.line, []))
            if card.state == "issued":
                card.holder_id = partners[row.line]
                card._activate()
