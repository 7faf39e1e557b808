from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import AccessError

from ..domain.amounts import to_decimal
from ..domain.lots import NewLot
from ..domain.movement import Movement
from ..exceptions import LoyaltyError, ReasonMissing


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
        self.sudo().user_id = self.env.uid  # sudo: who submits it asks for it, whoever drafted it
        waiting = self._over_limit()
        waiting.sudo().write({"state": "to_approve"})  # sudo: steps are taken here only
        for adjustment in waiting:
            adjustment._ask_approvers()
        (self - waiting)._post()

    def action_approve(self):
        """Post what somebody else has asked for."""
        self._check_state("to_approve")
        self._check_other_manager()
        self._take()
        self._post()
        self._close_activities()

    def action_refuse(self):
        """Post nothing. Who asked may also withdraw."""
        self._check_state("to_approve")
        self._take()
        self._decide("refused")
        self._close_activities()

    def action_undo(self):
        """Take it back by another adjustment that names this one; submitted like any other."""
        self.ensure_one()
        self._check_state("done")
        undo = self.sudo().create(  # sudo: it names what it undoes, which nobody types
            {
                "member_id": self.member_id.id,
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
        if self.env.user in self.user_id or not is_manager:
            raise AccessError(self.env._("Another manager than the one who asked approves."))

    def _take(self):
        """Take the row: of two managers at one moment the second runs again and finds it done."""
        self.flush_recordset()
        self.env.cr.execute(
            "UPDATE loyalty_adjustment SET write_date = write_date WHERE id = ANY(%s)", (self.ids,)
        )

    def _post(self):
        """Bring them on their balances in one batch; undoing restores the very lots."""
        ledger = self.env["loyalty.ledger"].sudo()  # sudo: nobody has rights on the ledger
        for adjustment in self.filtered("undoes_id"):
            undone = adjustment.undoes_id.sudo().entry_id  # sudo: as above
            key, reason = f"adjustment:{adjustment.id}", adjustment.reason
            entry = ledger.reverse(undone, key, kind="adjust", reason=reason, origin=adjustment)
            adjustment._decide("done", entry_id=entry.id)
        others = self.filtered(lambda adjustment: not adjustment.undoes_id)
        taken = others.filtered(lambda adjustment: adjustment.points < 0)
        ledger._expire_due(taken.member_id.sudo().balance_id)  # sudo: as above
        entries = ledger.post([adjustment._movement() for adjustment in others])
        for adjustment, entry in zip(others, entries, strict=True):
            adjustment._decide("done", entry_id=entry.id)

    def _movement(self):
        balance = self.member_id.sudo().balance_id  # sudo: nobody has rights on the ledger
        points = to_decimal(self.points)
        for amount in filter(None, (points, to_decimal(self.qualifying_points))):
            self.env["loyalty.ledger"].sudo()._amount_for(balance, abs(amount))  # sudo: as above
        return Movement(
            balance.id,
            points,
            "adjust",
            f"adjustment:{self.id}",
            reason=self.reason,
            origin=(self._name, self.id),
            new_lots=self._new_lots(points),
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
        """Granted points can be spent at once, and expire as points that were earned today."""
        if points <= 0:
            return ()
        program = self.program_id.sudo()  # sudo: terms of the program, for whoever may grant
        expires_on = program._points_expire_on(fields.Date.context_today(self))
        return (NewLot("points", expires_on, points),)

    def _over_limit(self):
        """Those that are more than one manager may give, or take, alone.

        What the same manager gave or took within a day for the same member counts too.
        """
        since = fields.Datetime.now() - timedelta(days=1)
        # sudo: the limit counts what this user did, in whatever company
        rows = self.sudo()._read_group(
            [
                ("member_id", "in", self.member_id.ids),
                ("user_id", "=", self.env.uid),
                ("approver_id", "=", self.env.uid),
                ("state", "=", "done"),
                ("decided_on", ">", since),
            ],
            ["member_id"],
            ["points:sum", "qualifying_points:sum"],
        )
        day = {member.id: [to_decimal(sum_) for sum_ in sums] for member, *sums in rows}
        return self.filtered(lambda adjustment: adjustment._is_over(day))

    def _is_over(self, day):
        """Whether this is over the limit; ``day`` is added to, for those of the same batch."""
        limit = to_decimal(self.program_id.sudo().grant_limit)  # sudo: terms of the program
        own = [to_decimal(self.points), to_decimal(self.qualifying_points)]
        before = day.get(self.member_id.id, [to_decimal(0)] * 2)
        total = [amount + other for amount, other in zip(own, before, strict=True)]
        if limit and any(abs(amount) > limit for amount in own + total):
            return True
        day[self.member_id.id] = total
        return False

    def _ask_approvers(self):
        """One activity for each manager of the company who could approve."""
        managers = self.env.user._loyalty_managers(self.company_id) - self.user_id
        for manager in managers:
            # sudo: asking is part of submitting; managers need no rights on each other's activities
            self.sudo().activity_schedule(
                "mail.mail_activity_data_todo",
                summary=self.env._("Approve points for %s", self.partner_id.display_name),
                note=self.reason,
                user_id=manager.id,
            )

    def _waiting_notice(self):
        """What a screen tells when another manager has been asked; None when all is done."""
        if not any(adjustment.state == "to_approve" for adjustment in self):
            return None
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
