from dataclasses import replace
from datetime import date

from odoo import api, fields, models
from odoo.tools import format_date

from ..domain.benefits_by_hand import birthday_by_hand, special_day_by_hand
from ..exceptions import LoyaltyError, ReasonMissing


def _stripped(env, reason):
    """The reason that a manager gave.

    :raises ReasonMissing: where there is none
    """
    if not (reason or "").strip():
        raise ReasonMissing(env._("Give the reason: it is kept with the benefit."))
    return reason.strip()


def _names(members):
    return ", ".join(members.mapped("partner_id.display_name"))


class LoyaltyBenefit(models.Model):
    """Giving a benefit by hand: a birthday that became known too late, a day that was missed.

    Only to members of its tier, and for an occasion that has a key, as at night: so it stays once
    for each member, benefit and occasion, whoever gives it. Who may is asked by the wizard.
    """

    _inherit = "loyalty.benefit"

    @api.private
    def _occasions_by_hand(self, today, members, special_day):
        """For what this benefit counts when it is given today: ``{member: (day, Slot)}``.

        The day is that of a birthday or special day, else None. Left out are members without a
        birth date, and all where the special day has no date.
        """
        terms = today, self.days_before, self.days_after, self.valid_days
        if self.occasion == "birthday":
            births = {member: member.partner_id.birthdate_date for member in members}
            return {m: birthday_by_hand(birth, *terms) for m, birth in births.items() if birth}
        if self.occasion == "special_day":
            years = date(today.year - 1, 1, 1), date(today.year + 1, 12, 31)
            dates = special_day._dates(*years).get(special_day.id, ())
            found = special_day_by_hand(special_day.id, dates, *terms)
        else:
            found = next(((None, slot) for slot in self._slots(today)), None)
        return dict.fromkeys(members, found) if found else {}

    @api.private
    def _give_by_hand(self, members, reason, valid_until, special_day):
        """Give this benefit to ``members``, all or none; about 20 statements, however many.

        Of two managers at one moment the second waits for the first, and is refused.

        :param valid_until: last day; empty: there is none
        :param special_day: which one it is for; empty for other occasions
        :return: what was given
        :raises LoyaltyError: where it cannot be given, or was given for this occasion
        """
        self.ensure_one()
        reason = _stripped(self.env, reason)
        self.env.cr.execute(
            "SELECT id FROM loyalty_member WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE",
            (members.ids,),
        )
        members.invalidate_recordset(["tier_id", "active"])
        today = self._today()
        self._check_by_hand(members, today, valid_until)
        found = self._occasions_by_hand(today, members, special_day & self._special_days())
        self._check_occasions(members, {member: slot for member, (_day, slot) in found.items()})
        last_day = valid_until or None
        slots = {replace(slot, valid_until=last_day) for _day, slot in found.values()}
        terms = self._due_terms(today, members.ids, list(slots))
        issues = self._give_on({**terms, "active_since": None, "reached": False, "by_hand": True})
        if missing := members - issues.member_id:
            raise LoyaltyError(
                self.env._(
                    "%(benefit)s: nothing is left to give to %(members)s. What another tier "
                    "gave for the same occasion counts towards it.",
                    benefit=self.name,
                    members=_names(missing),
                )
            )
        self.env.cr.execute(
            "UPDATE loyalty_benefit_issue SET given_by_id = %s, note = %s WHERE id = ANY(%s)",
            (self.env.uid, reason, issues.ids),
        )
        issues.invalidate_recordset(["given_by_id", "note"])
        return issues

    def _check_by_hand(self, members, today, valid_until):
        """Refuse what is never given by hand, in words."""
        if self.gives == "service":
            message = self.env._(
                "%(benefit)s is a personal service: it is there always, and is not given.",
                benefit=self.name,
            )
        elif not self.active or not self._in_use(today):
            message = self.env._(
                "%(benefit)s is not in use: it, its membership program or its coupon program is "
                "archived, over, or gives nothing.",
                benefit=self.name,
            )
        elif others := members.filtered(
            lambda m: m.tier_id != self.tier_id or not m.active or not m.partner_id.active
        ):
            message = self.env._(
                "%(benefit)s is for members in %(tier)s. These are not, or have left: %(members)s.",
                benefit=self.name,
                tier=self.tier_id.name,
                members=_names(others),
            )
        elif valid_until and valid_until < today:
            message = self.env._("The last day is over: choose today or a later one.")
        else:
            return
        raise LoyaltyError(message)

    def _check_occasions(self, members, slots):
        """Everybody has an occasion, and was not given this for it.

        :param slots: ``{member: Slot}``
        """
        if missing := members.filtered(lambda member: member not in slots):
            if self.occasion == "birthday":
                message = self.env._(
                    "Enter the birth date of %(members)s first: birthday gifts are counted by it.",
                    members=_names(missing),
                )
            else:
                message = self.env._(
                    "Choose the special day that it is for: one of this benefit's, which has a "
                    "date this year."
                )
            raise LoyaltyError(message)
        given = self.env["loyalty.benefit.issue"].search(
            [
                ("benefit_id", "=", self.id),
                ("member_id", "in", members.ids),
                ("state", "!=", "cancelled"),
            ]
        )
        lines = [
            self.env._(
                "%(member)s was given “%(benefit)s” for this occasion on %(day)s.",
                member=issue.partner_id.display_name,
                benefit=self.name,
                day=format_date(self.env, issue.issued_on),
            )
            for issue in given
            if issue.period_key == slots[issue.member_id].key
        ]
        if lines:
            raise LoyaltyError("\n".join(lines))


class LoyaltyBenefitIssue(models.Model):
    """What a manager gave or withdrew: who did, and why (``note``)."""

    _inherit = "loyalty.benefit.issue"

    given_by_id = fields.Many2one(
        "res.users", "Given by", readonly=True, help="The manager who gave it by hand."
    )
    withdrawn_by_id = fields.Many2one(
        "res.users",
        "Withdrawn by",
        readonly=True,
        ondelete="restrict",
        help="The manager who took it back. It does not come again by itself for that occasion.",
    )

    _withdrawn_idx = models.Index(
        "(member_id, benefit_id, period_key) WHERE withdrawn_by_id IS NOT NULL"
    )

    @api.private
    def _withdraw_by_hand(self, reason):
        """Take back what is unused of these, all or none.

        :param reason: kept with the movement and, after why it was given, with the row
        :raises LoyaltyError: names what was used, done, withdrawn, has expired, or is on hold
        """
        reason = _stripped(self.env, reason)
        self.env.cr.execute(
            "SELECT id FROM loyalty_benefit_issue WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE",
            (self.ids,),
        )
        self._refresh_states(self.coupon_id)
        self.invalidate_recordset(["state"])
        self.coupon_id.invalidate_recordset(["held"])
        if lines := self._why_not_withdrawn():
            raise LoyaltyError("\n".join(lines))
        self._withdraw(reason)
        self.env.cr.execute(
            "UPDATE loyalty_benefit_issue SET withdrawn_by_id = %s WHERE id = ANY(%s)",
            (self.env.uid, self.ids),
        )
        self.invalidate_recordset(["withdrawn_by_id"])

    def _why_not_withdrawn(self):
        """A sentence for each of these that cannot be withdrawn."""
        states = dict(self._fields["state"]._description_selection(self.env))
        lines = [
            self.env._(
                "%(gift)s cannot be withdrawn: %(state)s.",
                gift=issue.display_name,
                state=states[issue.state],
            )
            for issue in self.filtered(lambda issue: issue.state != "issued")
        ]
        lines += [
            self.env._(
                "%(gift)s is on hold for a payment under way. Wait for the till, or release it "
                "under Loyalty → Ledger → Holds.",
                gift=issue.display_name,
            )
            for issue in self.filtered(lambda i: i.state == "issued" and i.coupon_id.held)
        ]
        return lines
