from dataclasses import dataclass, field

from odoo import models
from odoo.tools import SQL

from ..domain.amounts import as_text
from ..domain.member_import import IDENTITY, Problem, phone_key

#: Rows that are looked up, or written, at a time.
CHUNK = 1000
#: Phone numbers are looked up by their last digits, then compared as a whole.
PHONE_TAIL = 6


@dataclass(slots=True)
class Plan:
    """Who the rows of a file are, and what is wrong with them."""

    rows: list
    problems: list
    partners: dict = field(default_factory=dict)  # line -> partner id
    cards: dict = field(default_factory=dict)  # line -> card id
    known: set = field(default_factory=set)  # lines that have been imported before


class LoyaltyMemberImport(models.TransientModel):
    """Who the rows are: by reference, e-mail, phone or card. More than one answer is a problem."""

    _inherit = "loyalty.member.import"

    def _plan(self, read):
        """What the import would do; three queries for every thousand rows."""
        rows, problems = read
        plan = Plan(rows, list(problems))
        for start in range(0, len(rows), CHUNK):
            self._match(plan, rows[start : start + CHUNK])
        self._find_known(plan)
        plan.problems.sort()
        return plan

    def _match(self, plan, rows):
        """Find the partners and cards of some rows."""
        country_code = self._country_code()
        identities = {row.line: row.identity(country_code) for row in rows}
        wanted = {name: {i[name] for i in identities.values() if name in i} for name in IDENTITY}
        cards = self._cards_by_code(wanted["card"])
        found, refs = self._partners_by_identity(wanted, country_code)
        taken = {partner_id: line for line, partner_id in plan.partners.items()}
        for row in rows:
            answers = [found.get(pair, set()) for pair in identities[row.line].items()]
            card = cards.get(row.card)
            if card:
                plan.cards[row.line] = card.id
                if set(identities[row.line]) == {"card"}:
                    answers.append(set(card.holder_id.ids))
            answers = [answer for answer in answers if answer]
            common = set.intersection(*answers) if answers else set()
            # another reference is another person, with the same phone perhaps
            others = {id_ for id_ in common if row.ref and refs[id_] not in (None, "", row.ref)}
            if others or len(common) > 1 or (answers and not common):
                plan.problems.append(Problem(row.line, "ambiguous", row.name))
            elif common:
                [partner_id] = common
                plan.partners[row.line] = partner_id
                if taken.setdefault(partner_id, row.line) != row.line:
                    plan.problems.append(Problem(row.line, "twice", str(taken[partner_id])))
            elif not row.name:
                plan.problems.append(Problem(row.line, "name"))
            if row.card:
                self._check_card(plan, row, card)

    def _check_card(self, plan, row, card):
        """A card that is there belongs to the member, or to nobody yet."""
        if not card:
            if not self.card_kind_id:
                plan.problems.append(Problem(row.line, "card_kind", row.card))
            return
        partner_id = plan.partners.get(row.line)
        free = card.state == "issued" and not card.holder_id
        own = card.state == "active" and card.holder_id.id == partner_id
        reserved = card.state == "issued" and card.holder_id.id == partner_id
        if not card.kind_id.opens_points or not (free or own or reserved):
            plan.problems.append(Problem(row.line, "card_used", card.masked_code))

    def _cards_by_code(self, codes):
        # sudo: managers read codes, but a number is taken whatever company's card has it
        cards = self.env["loyalty.member.card"].sudo()
        return {card.code: card for card in cards.search([("code", "in", list(codes))])}

    def _partners_by_identity(self, wanted, country_code):
        """``{("email", …): {partner ids}}`` of the company's contacts, and their refs. One query.

        By SQL: phone numbers are compared without what people write differently.
        """
        self.env["res.partner"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT id, ref, LOWER(COALESCE(email_normalized, TRIM(email))), phone
                  FROM res_partner
                 WHERE active
                   AND (company_id IS NULL OR company_id = ANY(%(companies)s))
                   AND (ref = ANY(%(refs)s)
                        OR LOWER(COALESCE(email_normalized, TRIM(email))) = ANY(%(emails)s)
                        OR RIGHT(LTRIM(REGEXP_REPLACE(phone, '\\D', '', 'g'), '0'), %(tail)s)
                           = ANY(%(tails)s))
                """,
                companies=(self.company_id.parent_ids | self.company_id.child_ids).ids,
                refs=list(wanted["ref"]),
                emails=list(wanted["email"]),
                tail=PHONE_TAIL,
                tails=list({phone[-PHONE_TAIL:] for phone in wanted["phone"]}),
            )
        )
        found = {}
        for partner_id, ref, email, phone in rows:
            phone = phone_key(phone, country_code)
            for pair in (("ref", ref), ("email", email), ("phone", phone)):
                if pair[1] and pair[1] in wanted[pair[0]]:
                    found.setdefault(pair, set()).add(partner_id)
        return found, {row[0]: row[1] for row in rows}

    def _find_known(self, plan):
        """Lines whose member has an opening balance: the same is left alone, another refused."""
        lines = {self._key(partner_id): line for line, partner_id in plan.partners.items()}
        # sudo: managers read entries of their companies; the key is this program's
        entries = self.env["loyalty.ledger.entry"].sudo()
        found = entries.search_fetch(
            [("key", "in", list(lines))], ["key", "amount", "qualifying_points"]
        )
        rows = {row.line: row for row in plan.rows}
        for entry in found:
            row = rows[lines[entry.key]]
            same = (float(row.points), float(row.qualifying))
            if same == (entry.amount, entry.qualifying_points):
                plan.known.add(row.line)
            else:
                plan.problems.append(Problem(row.line, "differs", as_text(entry.amount)))

    def _key(self, partner_id):
        """The key of somebody's opening balance: one for each member, whatever the file."""
        return f"import:{self.program_id.id}:{partner_id}"

    def _say(self, problem):
        """A problem in words."""
        detail = problem.detail
        messages = {
            "header": self.env._(
                "The first row names the columns: name, and one of ref, email, phone, card."
            ),
            "column": self.env._("There is no column “%s”. See the template.", detail),
            "column_twice": self.env._("The column “%s” is there twice.", detail),
            "number": self.env._(
                "“%s” is no number. Write digits, a point before decimals, and nothing else.",
                detail,
            ),
            "date": self.env._("“%s” is no date. Write it as 2026-12-31.", detail),
            "identity": self.env._("Give a reference, an e-mail, a phone or a card number."),
            "negative": self.env._("Qualifying points cannot be below zero: %s.", detail),
            "expired": self.env._("These points expired on %s.", detail),
            "future": self.env._("Nobody joins on a day to come: %s.", detail),
            "twice": self.env._("The same member is in line %s already.", detail),
            "name": self.env._("A new contact needs a name."),
            "ambiguous": self.env._("More than one contact could be meant. Merge or correct them."),
            "differs": self.env._("This member has an opening balance of %s already.", detail),
            "card": self.env._("“%s” is too short or too long for a card number.", detail),
            "card_number": self.env._("Card numbers this long are kept as text in a spreadsheet."),
            "card_used": self.env._("Card %s is somebody else's, or collects no points.", detail),
            "card_kind": self.env._("Choose the kind of new cards, for card %s.", detail),
        }
        return messages[problem.code]
