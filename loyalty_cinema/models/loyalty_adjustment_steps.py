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
        for adjustment in self:
            if not (adjustment.reason or "").strip():
                raise ReasonMissing(self.env._("Give the reason: it is kept with the points."))
            adjustment._take()
            if adjustment._needs_approval():
                adjustment.sudo().state = "to_approve"  # sudo: steps are taken here only
                adjustment._ask_approvers()
            else:
                adjustment._post()

    def action_approve(self):
        """Post what somebody else has asked for."""
        self._check_state("to_approve")
        for adjustment in self:
            adjustment._check_other_manager()
            adjustment._take()
            adjustment._post()
            adjustment._close_activities()

    def action_refuse(self):
        """Post nothing. Who asked may also withdraw."""
        self._check_state("to_approve")
        for adjustment in self:
            adjustment._take()
            adjustment._decide("refused")
            adjustment._close_activities()

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
        if self.user_id == self.env.user or not self.env.user.has_group(
            "loyalty_cinema.group_manager"
        ):
            raise AccessError(self.env._("Another manager than the one who asked approves."))

    def _take(self):
        """Take the row: of two managers at one moment the second runs again and finds it done."""
        self.flush_recordset()
        self.env.cr.execute(
            "UPDATE loyalty_adjustment SET write_date = write_date WHERE id = ANY(%s)", (self.ids,)
        )

    def _post(self):
        """Bring it on the balance; undoing restores the very lots."""
        ledger = self.env["loyalty.ledger"].sudo()  # sudo: nobody has rights on the ledger
        balance = self.member_id.sudo().balance_id  # sudo: as above
        key, points = f"adjustment:{self.id}", to_decimal(self.points)
        if self.undoes_id:
            entry = ledger.reverse(
                self.undoes_id.sudo().entry_id, key, kind="adjust", reason=self.reason, origin=self
            )
        else:
            if points:
                ledger._amount_for(balance, abs(points))
            if points < 0:
                ledger._expire_due(balance)
            movement = Movement(
                balance.id,
                points,
                "adjust",
                key,
                reason=self.reason,
                origin=(self._name, self.id),
                new_lots=self._new_lots(points),
                qualifying=to_decimal(self.qualifying_points),
            )
            entry = ledger.post([movement])
        self._decide("done", entry_id=entry.id)

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

    def _needs_approval(self):
        """Whether this is more than one manager may give, or take, alone.

        What the same manager gave or took within a day for the same member counts too.
        """
        limit = to_decimal(self.program_id.sudo().grant_limit)  # sudo: as above
        if not limit:
            return False
        since = fields.Datetime.now() - timedelta(days=1)
        # sudo: the limit counts what this user did, in whatever company
        [(points, qualifying)] = self.sudo()._read_group(
            [
                ("member_id", "=", self.member_id.id),
                ("user_id", "=", self.user_id.id),
                ("approver_id", "=", self.user_id.id),
                ("state", "=", "done"),
                ("decided_on", ">", since),
            ],
            [],
            ["points:sum", "qualifying_points:sum"],
        )
        own = [to_decimal(self.points), to_decimal(self.qualifying_points)]
        day = [own[0] + to_decimal(points or 0), own[1] + to_decimal(qualifying or 0)]
        return any(abs(amount) > limit for amount in own + day)

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

    def _close_activities(self):
        self.sudo().activity_unlink(["mail.mail_activity_data_todo"])  # sudo: those of all managers
