from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError

from ..domain.amounts import AMOUNT_MAX, to_decimal
from ..domain.lots import NewLot
from ..domain.movement import Movement
from ..exceptions import LoyaltyError, ReasonMissing

#: What one person gave to one customer within so many days is counted together.
WINDOW_DAYS = 30
ZERO = to_decimal(0)


class LoyaltyAdjustment(models.Model):
    """From a draft to points on a balance: submitted, approved or refused, undone."""

    _inherit = "loyalty.adjustment"

    # -- steps: managers, by the right to write adjustments --------------------------------------

    def action_submit(self):
        """Post them, or ask another manager where they give more than one may give alone."""
        self._check_state("draft")
        if not all((adjustment.reason or "").strip() for adjustment in self):
            raise ReasonMissing(self.env._("Give the reason: it is kept with the points."))
        self._take()
        for adjustment in self.sudo():  # sudo: who submits it asks for it, whoever drafted it
            adjustment.write({"user_id": self.env.uid, "worth": adjustment._money()})
        waiting = self._over_limit()
        waiting.sudo().write({"state": "to_approve"})  # sudo: steps are taken here only
        for adjustment in waiting:
            adjustment._ask_approvers()
        (self - waiting)._post()

    def action_approve(self):
        """Post what somebody else has asked for."""
        self._check_state("to_approve")
        self._check_other_manager()
        self._with_other_companies()._take()
        self._post()
        self._carry_out()
        self._close_activities()

    def action_refuse(self):
        """Post nothing. Who asked may also withdraw."""
        self._check_state("to_approve")
        refused = self._with_other_companies()
        refused._take()
        refused._decide("refused")
        refused._log_refused_terms()
        refused._close_activities()

    def action_undo(self):
        """Take it back by another adjustment that names this one; submitted like any other."""
        self.ensure_one()
        self._check_state("done")
        if not self.entry_id:
            raise LoyaltyError(
                self.env._(
                    "Only points and value are undone here. Withdraw benefits, assign another "
                    "tier, or correct the balances."
                )
            )
        undo = self.sudo().create(  # sudo: it names what it undoes, which nobody types
            {
                "member_id": self.member_id.id,
                "balance_id": self.balance_id.id,
                "points": -self.points,
                "qualifying_points": -self.qualifying_points,
                "reason": self.env._("Undone: %s", self.reason),
                "undoes_id": self.id,
                "user_id": self.env.uid,
            }
        )
        undo = undo.with_env(self.env)
        undo.action_submit()
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": undo.id,
            "view_mode": "form",
        }

    def _check_state(self, state):
        self.check_access("write")
        self.invalidate_recordset(["state"])
        if any(adjustment.state != state for adjustment in self):
            raise LoyaltyError(self.env._("Somebody else has dealt with this already."))

    def _check_other_manager(self):
        """Four eyes: by the server, whatever the screen shows."""
        is_manager = self.env.user.has_group("loyalty_cinema.group_manager")
        # another user with the same contact is the same person
        if self.env.user.partner_id in self.sudo().user_id.partner_id or not is_manager:
            raise AccessError(self.env._("Another manager than the one who asked approves."))

    def _take(self):
        """Take the row: of two managers at one moment the second runs again and finds it done."""
        self.flush_recordset()
        self.env.cr.execute(
            "UPDATE loyalty_adjustment SET write_date = write_date WHERE id = ANY(%s)", (self.ids,)
        )

    def _post(self):
        """Bring points and value on their balances in one batch; undoing restores the very lots."""
        ledger = self.env["loyalty.ledger"].sudo()  # sudo: nobody has rights on the ledger
        posted = self.filtered(lambda adjustment: adjustment.kind == "points")
        for adjustment in posted.filtered("undoes_id"):
            undone = adjustment.undoes_id.sudo().entry_id  # sudo: as above
            key, reason = f"adjustment:{adjustment.id}", adjustment.reason
            entry = ledger.reverse(undone, key, kind="adjust", reason=reason, origin=adjustment)
            adjustment._decide("done", entry_id=entry.id)
        others = posted.filtered(lambda adjustment: not adjustment.undoes_id)
        taken = others.filtered(lambda adjustment: adjustment.points < 0)
        ledger._expire_due(taken._balances())
        entries = ledger.post([adjustment._movement() for adjustment in others])
        for adjustment, entry in zip(others, entries, strict=True):
            adjustment._decide("done", entry_id=entry.id)

    def _balances(self):
        """What they correct, in sudo: nobody has rights on the ledger."""
        adjustments = self.sudo()
        return adjustments.member_id.balance_id | adjustments.balance_id

    def _movement(self):
        balance = self._balances()
        points = to_decimal(self.points)
        ledger = self.env["loyalty.ledger"].sudo()  # sudo: nobody has rights on the ledger
        for amount in filter(None, (points, to_decimal(self.qualifying_points))):
            ledger._amount_for(balance, abs(amount))
        return Movement(
            balance.id,
            points,
            "adjust",
            f"adjustment:{self.id}",
            reason=self.reason,
            origin=(self._name, self.id),
            new_lots=self._new_lots(points),
            parts=ledger._correction_parts(balance, points),
            qualifying=to_decimal(self.qualifying_points),
        )

    def _decide(self, state, **values):
        # sudo: the steps are taken here and nowhere else; the callers have checked who asks.
        self.sudo().write(
            {
                "state": state,
                "approver_id": self.env.uid,
                "decided_on": fields.Datetime.now(),
                **values,
            }
        )

    def _new_lots(self, points):
        """Granted points can be spent at once, and expire as points that were earned today.

        Value that the customer paid for is paid value; other value is a gift.
        """
        if points <= 0:
            return ()
        program = self.program_id.sudo()  # sudo: terms of the program, for whoever may grant
        if program.is_stored_value:
            return (NewLot("paid" if self.is_paid else "bonus", None, points),)
        expires_on = program._points_expire_on(program._today())
        return (NewLot("points", expires_on if self.member_id else None, points),)

    def _money(self):
        """What it is worth in money (signed Decimal), with what a tier brings that it reaches."""
        if self.kind != "points":
            return to_decimal(self.worth)
        if self.part_of_id:
            return ZERO
        worth = to_decimal(self.points) * self.program_id._money_per_point()
        if self.member_id and not self.undoes_id:
            worth += self.member_id._money_of_rising(to_decimal(self.qualifying_points))
        return max(min(worth, AMOUNT_MAX), -AMOUNT_MAX)

    def _over_limit(self):
        """Those that are more than one person may give, or take, alone.

        What the same person gave or took within :data:`WINDOW_DAYS` for the same customer counts
        too, whatever it was, and what was given to several customers or to nobody by name.
        """
        # of two requests of one person at one moment the second runs again and finds the first
        self.env.cr.execute(
            "UPDATE res_users SET write_date = write_date WHERE id = %s", (self.env.uid,)
        )
        given = self._given_alone(self.partner_id, self.env.user)
        return self.filtered(lambda adjustment: adjustment._is_over(given))

    @api.model
    def _given_alone(self, partners, users):
        """What these users gave to these customers, or to nobody by name, and nobody else approved.

        What was given and taken again on one balance is nothing; a balance that was emptied does
        not make room for another.

        :return: ``{(user, partner, program, balance, company): totals}``, as ids; totals are of
            points, qualifying points and money
        """
        since = fields.Datetime.now() - timedelta(days=WINDOW_DAYS)
        # sudo: the limit counts what this user did, in whatever company
        rows = self.sudo()._read_group(
            [
                ("partner_id", "in", [False, *partners.ids]),
                ("user_id", "in", users.ids),
                ("approver_id", "in", users.ids),
                ("state", "=", "done"),
                ("decided_on", ">", since),
                # what several customers get together is on no balance: nothing is set off in it
                "|",
                ("kind", "=", "points"),
                ("worth", ">", 0),
            ],
            ["user_id", "approver_id", "partner_id", "program_id", "balance_id", "company_id"],
            ["points:sum", "qualifying_points:sum", "worth:sum"],
        )
        return {
            (user.id, *(one.id for one in where)): [to_decimal(total) for total in totals]
            for user, approver, *where, points, qualifying, money in rows
            if user == approver
            for totals in [(points, qualifying, money)]
        }

    def _is_over(self, given):
        """Whether this is over a limit; ``given`` is added to, for those of the same batch."""
        own = [to_decimal(n) for n in (self.points, self.qualifying_points, self.worth)]
        where = self.partner_id, self.program_id, self.balance_id, self.company_id
        key = (self.env.uid, *(one.id for one in where))
        before = given.get(key, [ZERO] * 3)
        total = [amount + other for amount, other in zip(own, before, strict=True)]
        limit = to_decimal(self.program_id.sudo().grant_limit)  # sudo: terms of the program
        if limit and any(abs(amount) > limit for amount in own[:2] + total[:2]):
            return True
        if not self.part_of_id:
            company = self.company_id.sudo()  # sudo: its limit, for whoever gives
            money = self._money_given({**given, key: total}, own[2] >= 0)
            if company._loyalty_is_over(own[2]) or company._loyalty_is_over(money):
                return True
        given[key] = total
        return False

    def _money_given(self, given, is_gift):
        """The money in ``given`` that went to this customer or to nobody by name, in this company.

        :param is_gift: what was given; else what was taken (negative)
        """
        sign, whom = (1 if is_gift else -1), (False, self.partner_id.id)
        return sign * sum(
            max(sign * totals[2], ZERO)
            for (_user, partner, _program, _balance, company), totals in given.items()
            if partner in whom and company == self.company_id.id
        )

    def _ask_approvers(self):
        """One activity for each manager of the company who could approve."""
        managers = self.env.user._loyalty_managers(self.company_id) - self.user_id
        for manager in managers:
            # sudo: asking is part of submitting; managers need no rights on each other's activities
            self.sudo().activity_schedule(
                "mail.mail_activity_data_todo",
                summary=self.env._("Approve: %s", self.display_name),
                note=self.reason,
                user_id=manager.id,
            )

    def _waiting_notice(self):
        """What a screen tells when another manager has been asked; None when all is done."""
        waits = any(adjustment.state == "to_approve" for adjustment in self)
        return self._notice_waiting() if waits else None

    def _notice_waiting(self):
        message = self.env._("Another manager has been asked to approve this.")
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "info",
                "message": message,
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def _close_activities(self):
        self.sudo().activity_unlink(["mail.mail_activity_data_todo"])  # sudo: those of all managers
