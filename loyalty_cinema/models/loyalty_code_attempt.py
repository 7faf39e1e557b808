import hashlib
from contextlib import contextmanager
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.http import request

from ..domain import card_code
from ..domain.arguments import is_text
from ..exceptions import ApprovalsLocked, CodeRefused, GuessesLocked

#: So many wrong guesses within so many minutes stop a user, a till and a visitor for the rest of
#: that time.
FAILURES_MAX = 10
#: Numbers with a right check digit that no card has: of other houses' cards, mostly.
FOREIGN_MAX = 100
WINDOW_MINUTES = 10
KEEP_DAYS = 30

#: The way of codes that are to be given to new cards.
NEW_CODE = "new"

KINDS = [("code", "Number or PIN of a card"), ("approval", "PIN of a manager")]


class LoyaltyCodeAttempt(models.Model):
    """A wrong code or PIN, and the one door by which codes and PINs are tried (:meth:`_try`).

    Guesses are counted per user over all tills and per till over all users, so that neither
    changing the till nor the login starts the count again; of visitors, whose logins cost nothing,
    per network address and per session. PINs of managers are counted apart from those of
    customers: who has used up the one can still be helped by the other.

    What a client's request tries is counted in a transaction of its own: whatever happens to the
    request afterwards, the guess was made. Requests that run at the same instant do not see each
    other's failures: a burst gets one more guess per worker, no more.
    """

    _name = "loyalty.code.attempt"
    _inherit = "loyalty.acting.mixin"
    _description = "Wrong Card Number or PIN"
    _order = "id desc"
    _rec_name = "user_id"
    _log_access = False

    user_id = fields.Many2one("res.users", required=True, index=True, ondelete="cascade")
    config_id = fields.Many2one("pos.config", "Till", index="btree_not_null", ondelete="cascade")
    company_id = fields.Many2one("res.company", required=True, ondelete="cascade")
    date = fields.Datetime(required=True, index=True)
    kind = fields.Selection(KINDS, required=True, default="code")
    address = fields.Char(
        index="btree_not_null", help="The network address of a visitor of the website."
    )
    website = fields.Char(help="The site on which a visitor tried it.")
    visitor = fields.Char("Visit", index="btree_not_null", help="The visitor's session.")
    foreign = fields.Boolean(
        "Of another house", help="A number that is built like one of ours, of another house."
    )
    lifted = fields.Boolean(
        "No longer counted", help="A manager let the till go on: it counts no more."
    )
    fingerprint = fields.Char(
        groups=fields.NO_ACCESS, help="Tells whether the same code was tried again."
    )
    way = fields.Char(groups=fields.NO_ACCESS, help="By which question of a till it was tried.")

    # -- trying --------------------------------------------------------------------------------

    @api.model
    @api.private
    def _try(self, find, config=None, code=None, way="", kind="code"):
        """What ``find`` finds; where it finds nothing, that was a guess.

        :param find: called without arguments; what it returns is falsy for a wrong code or PIN
        :param config: the till (``pos.config``); none in the back office and on a website
        :param code: what was typed, where it may come by several questions of one till; the same
            code by another ``way`` within a minute is one guess
        :raises GuessesLocked: when there were too many wrong ones; nothing is looked up then
        """
        config = config if config is not None else self.env["pos.config"]
        if locked := self._check_rate(config, kind):
            raise ApprovalsLocked(locked) if kind == "approval" else GuessesLocked(locked)
        found = find()
        if not found:
            self._record_failure(config, kind, code, way)
        return found

    @api.model
    @api.private
    def _text(self, code):
        """``code``, trimmed, if it is text that can be the number of a card.

        A list would be looked up with all its members, and counted once.

        :raises CodeRefused: for everything else
        """
        text = code.strip() if is_text(code, card_code.TYPED_LENGTH_MAX) else ""
        if not text:
            raise CodeRefused(self.env._("Scan or type one number or code."))
        return text

    # -- counting ------------------------------------------------------------------------------

    @api.model
    @api.private
    def _check_rate(self, config=None, kind="code"):
        """The message that refuses another guess now, or False.

        :param config: the till (``pos.config``); may be empty
        """
        config = config if config is not None else self.env["pos.config"]
        mine = self._mine(config)
        rows = self._counted(Domain("kind", "=", kind) & Domain.OR(mine.values()))
        for name in mine:
            wrong = [foreign for *keys, foreign in rows if self._is_mine(name, keys, config)]
            if wrong.count(False) >= FAILURES_MAX or wrong.count(True) >= FOREIGN_MAX:
                return self._locked_message(config, kind)
        return False

    def _counted(self, domain):
        """``(user id, till id, address, session, foreign)`` of the failures that count now."""
        since = fields.Datetime.now() - timedelta(minutes=WINDOW_MINUTES)
        # sudo: nobody but managers reads the failures; only the yes or no leaves _check_rate.
        counted = self.sudo().search_fetch(
            Domain("date", ">", since) & Domain("lifted", "=", False) & domain,
            ["user_id", "config_id", "address", "visitor", "foreign"],
        )
        return [(a.user_id.id, a.config_id.id, a.address, a.visitor, a.foreign) for a in counted]

    def _mine(self, config):
        """By what the failures of this request are counted: ``{name: domain}``."""
        user, (address, session, _site) = self.env.user, self._visitor()
        mine = {}
        if not user._is_public():
            mine["user"] = Domain("user_id", "=", user.id)
        if config:
            mine["till"] = Domain("config_id", "=", config.id)
        if address:
            mine["address"] = Domain("address", "=", address)
        if session:
            mine["session"] = Domain("visitor", "=", session)
        return mine or {"user": Domain("user_id", "=", user.id)}

    def _is_mine(self, name, keys, config):
        user_id, config_id, address, session = keys
        here, visit, _site = self._visitor()
        return {
            "user": user_id == self.env.uid,
            "till": config_id == config.id,
            "address": address == here,
            "session": session == visit,
        }[name]

    def _visitor(self):
        """Address, session (a hash of it) and site of a visitor; colleagues share an address."""
        if not request or self.env.user._is_internal():
            return False, False, False
        session = hashlib.sha256((request.session.sid or "").encode()).hexdigest()[:32]
        site = getattr(request, "website", None)
        return (
            request.httprequest.remote_addr,
            session,
            site.name if site else request.httprequest.host,
        )

    def _locked_message(self, config, kind):
        minutes = WINDOW_MINUTES
        if kind == "approval":
            return self.env._(
                "Too many wrong PINs of managers. Wait %(minutes)s minutes.", minutes=minutes
            )
        if config:
            return self.env._(
                "Too many wrong card numbers or PINs. Choose the customer by name, which still "
                "works, take another payment, or wait %(minutes)s minutes.",
                minutes=minutes,
            )
        return self.env._(
            "Too many wrong codes. Wait %(minutes)s minutes, then try again.", minutes=minutes
        )

    @api.model
    @api.private
    def _record_failure(self, config, kind="code", code=None, way=""):
        """Count a wrong number or PIN of the current user, at this till."""
        address, session, site = self._visitor()
        number = card_code.normalise(code) if code else ""
        fingerprint = number and hashlib.sha256(number.encode()).hexdigest()[:32]
        values = {
            "user_id": self.env.uid,
            "config_id": config.id,
            "company_id": (config.company_id or self.env.company).id,
            "date": fields.Datetime.now(),
            "kind": kind,
            "address": address,
            "website": site,
            "visitor": session,
            "foreign": bool(config) and card_code.is_valid(number),
            "fingerprint": fingerprint,
            "way": way,
            **config._loyalty_acting_values(),
        }
        with self._apart() as attempts:
            if not (fingerprint and attempts._is_repeated(fingerprint, way, session)):
                self._keep(attempts.create(values).id, values)

    def _keep(self, attempt_id, values):
        """Should the request's rollback reach the transaction apart, the guess is counted again.

        On a server it cannot; with the cursor of Odoo's tests, where one transaction plays all, it
        does.
        """
        if not request:
            return
        registry, uid = self.env.registry, self.env.uid

        def count_again():
            with registry.cursor() as cr:
                # sudo: nobody writes failures by hand
                attempts = api.Environment(cr, uid, {}, su=True)[self._name]
                if not attempts.browse(attempt_id).exists():
                    attempts.create(values)

        self.env.cr.postrollback.add(count_again)

    def _is_repeated(self, fingerprint, way, session):
        """Whether this very code was counted already: no guess is gained by asking again.

        A till asks for one scanned code in several ways, one after the other. A website tries a
        wrong code of a visitor again with every change of the cart. A new card's code is asked for
        each time that its order is paid.
        """
        same = Domain("fingerprint", "=", fingerprint) & Domain("lifted", "=", False)
        minutes = WINDOW_MINUTES
        if session:
            same &= Domain("visitor", "=", session)
        else:
            same &= Domain("user_id", "=", self.env.uid)
            if way != NEW_CODE:
                same &= Domain("way", "!=", way)
                minutes = 1
        since = fields.Datetime.now() - timedelta(minutes=minutes)
        return bool(self.search_count(same & Domain("date", ">", since), limit=1))

    @contextmanager
    def _apart(self):
        """This model in a transaction of its own, which no error of the request undoes.

        Without a request there is no client: jobs and scripts count in their own transaction.
        """
        if not request:
            yield self.sudo()  # sudo: nobody writes failures by hand
            return
        with self.env.registry.cursor() as cr:
            yield self.with_env(self.env(cr=cr, su=True))  # sudo: as above

    @api.model
    @api.private
    def _lift(self, config):
        """Let the current user and this till go on: their failures count no more."""
        mine = [Domain("user_id", "=", self.env.uid), Domain("config_id", "=", config.id)]
        since = fields.Datetime.now() - timedelta(minutes=WINDOW_MINUTES)
        # sudo: nobody writes failures by hand; the caller has asked a manager
        self.sudo().search(
            Domain("date", ">", since) & Domain("kind", "=", "code") & Domain.OR(mine)
        ).write({"lifted": True})

    @api.autovacuum
    def _gc_attempts(self):
        """Old failures are of no use to anybody."""
        limit = fields.Datetime.now() - timedelta(days=KEEP_DAYS)
        self.sudo().search([("date", "<", limit)], limit=10000).unlink()  # sudo: housekeeping
