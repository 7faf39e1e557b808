from collections import Counter

from odoo import api, fields, models

from ..domain import card_code


class LoyaltyMemberCard(models.Model):
    """Cards that were printed while Odoo sold the program: they go on opening what they opened."""

    _inherit = "loyalty.member.card"

    @api.model
    @api.private
    def _carry_over(self, program, kind):
        """Make a card of ``kind`` for each balance of ``program`` whose code somebody may hold.

        Anonymous, as the code was: whoever has it spends it. The card takes over the balance's last
        day. Three statements, whatever the number of balances; like the ledger's own rows, because
        the ORM would need one for every hundred.
        """
        rows = self._carry_over_rows(program, kind)
        if not rows:
            return
        columns = list(rows[0][1])
        self.env.cr.execute_values(
            f"INSERT INTO loyalty_member_card ({', '.join(columns)}) VALUES %s",
            [tuple(values[column] for column in columns) for _balance, values in rows],
            page_size=len(rows),
        )
        self.env.cr.execute_values(
            "UPDATE loyalty_card b SET member_card_id = c.id FROM (VALUES %s) AS v(id, code) "
            "JOIN loyalty_member_card c ON c.code = v.code WHERE b.id = v.id",
            [(balance, values["code"]) for balance, values in rows],
            page_size=len(rows),
        )
        self.env.invalidate_all()

    @api.model
    @api.private
    def _carry_over_clashes(self, program):
        """Codes of ``program`` that would open two cards, or none (set)."""
        codes = [card_code.normalise(row["code"]) for row in self._carry_over_balances(program)]
        self.env.cr.execute("SELECT code FROM loyalty_member_card WHERE code = ANY(%s)", (codes,))
        taken = {code for (code,) in self.env.cr.fetchall()}
        return taken | {code for code, count in Counter(codes).items() if count > 1 or not code}

    def _carry_over_balances(self, program):
        """Who has a gift card has its code. An eWallet is its customer's, who needs no card."""
        self.env.flush_all()
        self.env.cr.execute(
            """
            SELECT b.id, b.code, b.active, b.expiration_date, p.id AS partner_id, p.is_company
              FROM loyalty_card b LEFT JOIN res_partner p ON p.id = b.partner_id
             WHERE b.program_id = %s AND b.member_card_id IS NULL AND (b.active OR b.points > 0)
               AND (%s OR b.partner_id IS NULL)
             ORDER BY b.id
            """,
            (program.id, program.program_type == "gift_card"),
        )
        return self.env.cr.dictfetchall()

    def _carry_over_rows(self, program, kind):
        """``(balance id, {column: value})`` of the cards to make."""
        today, now = program._today(), fields.Datetime.now()
        common = {
            "kind_id": kind.id,
            "company_id": program.company_id.id,
            "activated_on": today,
            "batch": program.name,
            "create_uid": self.env.uid,
            "write_uid": self.env.uid,
            "create_date": now,
            "write_date": now,
        }
        rows = []
        for balance in self._carry_over_balances(program):
            code, last_day = card_code.normalise(balance["code"]), balance["expiration_date"]
            is_over = last_day and last_day < today
            state = "active" if balance["active"] else "blocked"
            owns = not balance["is_company"] or kind.corporate
            values = {
                "code": code,
                "masked_code": card_code.mask(code),
                "state": "expired" if is_over else state,
                "owner_id": balance["partner_id"] if owns else None,
                "expires_on": last_day,
            }
            rows.append((balance["id"], {**common, **values}))
        return rows
