"""What value hangs on, model by model: which fields are fixed, from when on, what to do instead.

The mechanism is in ``loyalty_fixed.py``.
"""

from odoo import api, models
from odoo.fields import Domain

from ..domain.movement import STORED_VALUE_TYPES
from ..exceptions import FixedByValue
from .account_chart_template import COMPANY_ACCOUNTS
from .res_company_setup import OPEN_STATES

#: Settings of a company that name an account or a journal of ours.
COMPANY_JOURNALS = (
    "loyalty_stored_value_journal_id",
    "loyalty_posting_journal_id",
    "loyalty_points_journal_id",
)


def exists(model, domain):
    """Whether ``model`` (in sudo) has a record of ``domain``, archived ones too."""
    return bool(model.with_context(active_test=False).search_count(domain, limit=1))


def used_by_company(records, settings, domain=()):
    """Why these accounts or journals (in sudo) stay as they are; None when nobody needs them."""
    companies = records.env["res.company"]
    named = Domain.OR(Domain(name, "in", records.ids) for name in settings)
    if company := companies.search(named & Domain(list(domain)), limit=1):
        return records.env._(
            "%(company)s keeps stored value or points on %(record)s, which therefore stays as it "
            "is. Choose another one in the settings first.",
            company=company.name,
            record=records[0].display_name,
        )
    return None


class LoyaltyCard(models.Model):
    """A balance with movements stays what and whose it is; cards, merges and expiry move it."""

    _name = "loyalty.card"
    _inherit = ["loyalty.card", "loyalty.fixed.mixin"]

    _loyalty_fixed = {"program_id": "_fixed_once_moved"}
    _loyalty_fixed_for_users = {
        "member_card_id": "_fixed_to_its_card",
        "company_id": "_fixed_to_its_program",
        "code": "_fixed_once_moved",
        "expiration_date": "_fixed_once_moved",
        "partner_id": "_fixed_owner",
        "active": "_fixed_while_kept",
    }

    @api.model_create_multi
    def create(self, vals_list):
        """Stored value, and what a card opens, is made by cards and tills: with codes of theirs.

        Asked of what was made: a client's defaults count like its values.
        """
        balances = super().create(vals_list)
        made = balances.sudo()  # sudo: what it is decides, not what the user may see of it
        if not self.env.su and made.filtered(lambda b: b.is_stored_value or b.member_card_id):
            raise FixedByValue(
                self.env._(
                    "Stored value is issued on member cards and loaded at the till. Use Cards → "
                    "Issue cards."
                )
            )
        return balances

    def _moved(self):
        return self.filtered(lambda balance: balance.entry_ids or balance.member_ids)

    def _fixed_once_moved(self, _value):
        if self._moved():
            return self.env._(
                "There are movements on this balance: its program, code and last day stay as they "
                "are. Make another one, or move the value with its card."
            )
        return None

    def _fixed_to_its_program(self, _value):
        """Odoo stores the program's company here, and lets it be written like any other field."""
        return self.env._("The company of a balance is that of its program.")

    def _fixed_to_its_card(self, _value):
        return self.env._("The card that opens a balance is changed by “Replace” on the card.")

    def _fixed_owner(self, _value):
        """A coupon that belongs to its bearer may still be given to somebody by name."""
        for balance in self._moved():
            owner = balance.partner_id
            if balance.is_stored_value or balance.member_ids or (owner and not owner.is_public):
                return self.env._(
                    "%(balance)s belongs to its owner. Use “Change the owner” on the card, or "
                    "merge the customers.",
                    balance=balance.display_name,
                )
        return None

    def _fixed_while_worth(self):
        """Coupons can be deleted; what customers hold is taken off first, with a reason."""
        for balance in self:
            kept = balance.program_type in (*STORED_VALUE_TYPES, "loyalty")
            if kept and (balance.points or balance.held or balance.pending):
                return self.env._(
                    "%(balance)s has value of a customer, and is not deleted. Use “Update "
                    "Balance” first, which asks for the reason.",
                    balance=balance.display_name,
                )
        return None

    def _fixed_while_kept(self, _value):
        """Coupons can be called off; what customers hold cannot."""
        kept = self._moved().filtered(
            lambda b: (
                b.program_type in (*STORED_VALUE_TYPES, "loyalty")
                and (b.is_stored_value or b.member_ids or b.points or b.held)
            )
        )
        if kept:
            return self.env._(
                "%(balance)s is value of a customer and cannot be archived. Block its card, or "
                "correct the balance and say why.",
                balance=kept[0].display_name,
            )
        return None


class LoyaltyProgram(models.Model):
    """Whose money it is, in which currency and of what kind, is settled by the first movement."""

    _name = "loyalty.program"
    _inherit = ["loyalty.program", "loyalty.fixed.mixin", "loyalty.home.mixin"]

    _loyalty_fixed = {
        "company_id": "_fixed_company",
        "currency_id": "_fixed_once_used",
        "program_type": "_fixed_once_used",
        "is_stored_value": "_fixed_kind_of_value",
    }

    def _used(self):
        """Those with movements or members."""
        domain = [("program_id", "in", self.ids)]
        used = self.browse()
        for name in ("loyalty.ledger.entry", "loyalty.member"):
            model = self.env[name].with_context(active_test=False)
            used |= self.browse(p.id for [p] in model._read_group(domain, ["program_id"]))
        return used

    def _fixed_once_used(self, _value):
        if used := self._used():
            return self.env._(
                "%(program)s has movements or members: its company, currency and type stay as they "
                "are. Make another program, and archive this one.",
                program=used[0].name,
            )
        return None

    def _fixed_company(self, value):
        """An administrator may give a program of all companies to one of them."""
        shared = self.filtered(lambda program: not program.company_id)
        may_give = value and (self.env.uid == api.SUPERUSER_ID or self.env.user._is_system())
        return (self - shared if may_give else self)._fixed_once_used(value)

    def _fixed_kind_of_value(self, value):
        if used := self._used():
            if value:
                return self.env._(
                    "%(program)s: customers hold value in it. Use “Make this program stored "
                    "value”, which also makes the journal entry.",
                    program=used[0].name,
                )
            return self.env._(
                "%(program)s: customers hold value in it. It stays stored value.",
                program=used[0].name,
            )
        return None


class LoyaltyMemberCard(models.Model):
    """Whose money is on a card, and who spends it, changes with a reason."""

    _name = "loyalty.member.card"
    _inherit = ["loyalty.member.card", "loyalty.fixed.mixin"]

    _loyalty_fixed_for_users = {"owner_id": "_fixed_with_value", "holder_id": "_fixed_with_value"}

    def _fixed_with_value(self, _value):
        for card in self.filtered("balance_ids"):
            if any(balance.points or balance.held for balance in card.balance_ids):
                return self.env._(
                    "There is value on card %(card)s. Use “Change the owner”, which asks why.",
                    card=card.masked_code,
                )
        return None


class LoyaltyCardKind(models.Model):
    """What cards of a kind have opened, they go on opening."""

    _name = "loyalty.card.kind"
    _inherit = ["loyalty.card.kind", "loyalty.fixed.mixin", "loyalty.home.mixin"]

    _loyalty_fixed = {
        "opens_gift": "_fixed_once_opened",
        "opens_wallet": "_fixed_once_opened",
        "company_id": "_fixed_once_issued",
    }

    def _fixed_once_opened(self, value):
        balances = self.env["loyalty.card"]
        if not value and exists(balances, [("member_card_id.kind_id", "in", self.ids)]):
            return self.env._(
                "There are cards of the kind %(kind)s with balances, which they must go on "
                "opening. Make another kind.",
                kind=self[0].name,
            )
        return None

    def _fixed_once_issued(self, value):
        cards = self.env["loyalty.member.card"]
        if value and exists(
            cards, [("kind_id", "in", self.ids), "!", ("company_id", "child_of", value)]
        ):
            return self.env._(
                "Other companies have cards of the kind %(kind)s. Make another kind.",
                kind=self[0].name,
            )
        return None


class LoyaltyReward(models.Model):
    """A reward that was claimed stays in its program, and gives the same kind of thing."""

    _name = "loyalty.reward"
    _inherit = ["loyalty.reward", "loyalty.fixed.mixin", "loyalty.home.mixin"]

    _loyalty_home = frozenset({"program_id"})
    _loyalty_fixed = {"program_id": "_fixed_once_claimed", "reward_type": "_fixed_once_claimed"}

    def _fixed_once_claimed(self, _value):
        for name in ("pos.order.line", "sale.order.line"):
            if exists(self.env[name], [("reward_id", "in", self.ids)]):
                return self.env._(
                    "%(reward)s has been claimed on an order. Make another reward, and archive "
                    "this one.",
                    reward=self[0].display_name,
                )
        return None


class LoyaltyRule(models.Model):
    """A rule by which points were given stays in its program."""

    _name = "loyalty.rule"
    _inherit = ["loyalty.rule", "loyalty.fixed.mixin", "loyalty.home.mixin"]

    _loyalty_home = frozenset({"program_id"})
    _loyalty_fixed = {"program_id": "_fixed_in_its_program"}

    def _fixed_in_its_program(self, value):
        return self.program_id._fixed_once_used(value)


class ProductTemplate(models.Model):
    """What was sold as a load can be refunded as a load only, and the other way round (I7, B7)."""

    _name = "product.template"
    _inherit = ["product.template", "loyalty.fixed.mixin"]

    _loyalty_fixed = {"loyalty_load_type": "_fixed_once_sold"}

    def _fixed_once_sold(self, _value):
        products = self.with_context(active_test=False).product_variant_ids
        if exists(self.env["pos.order.line"], [("product_id", "in", products.ids)]):
            return self.env._(
                "%(product)s has been sold: what it loads stays as it was. Make another product, "
                "and archive this one.",
                product=self[0].name,
            )
        if self.filtered("loyalty_load_type") and exists(
            self.env["pos.session"], [("state", "in", OPEN_STATES)]
        ):
            return self.env._(
                "%(product)s may be in an order of a till that is open. Close the tills first.",
                product=self[0].name,
            )
        return None


class PosPaymentMethod(models.Model):
    """A tender that was used stays a tender of that value, on that account (I7)."""

    _name = "pos.payment.method"
    _inherit = ["pos.payment.method", "loyalty.fixed.mixin"]

    _loyalty_fixed = {
        "stored_value_type": "_fixed_kind_of_tender",
        "use_payment_terminal": "_fixed_once_paid",
        "payment_method_type": "_fixed_once_paid",
        "journal_id": "_fixed_once_paid",
        "outstanding_account_id": "_fixed_once_paid",
        "company_id": "_fixed_once_paid",
    }

    def _paid(self):
        return exists(self.env["pos.payment"], [("payment_method_id", "in", self.ids)])

    def _fixed_once_paid(self, _value):
        tenders = self.filtered("stored_value_type")
        if tenders._paid():
            return self.env._(
                "%(method)s has taken cards or points: its kind, journal, account and company stay "
                "as they are. Make another payment method, and take this one off the tills.",
                method=tenders[0].name,
            )
        return None

    def _fixed_kind_of_tender(self, value):
        """What took money has payments without a card: it does not become a tender either."""
        money = self.filtered(lambda method: not method.stored_value_type)
        if value and money._paid():
            return self.env._(
                "%(method)s has taken money. Make another payment method for cards or points.",
                method=money[0].name,
            )
        return self._fixed_once_paid(value)


class AccountAccount(models.Model):
    """The accounts that a company keeps stored value on stay what they are, in use (B14)."""

    _name = "account.account"
    _inherit = ["account.account", "loyalty.fixed.mixin"]

    _loyalty_fixed = {
        "active": "_fixed_while_set",
        "account_type": "_fixed_while_set",
        "company_ids": "_fixed_companies",
    }

    def _fixed_while_set(self, _value):
        return used_by_company(self, COMPANY_ACCOUNTS)

    def _fixed_companies(self, value):
        """Companies may be added to an account, and others taken off."""
        return used_by_company(self, COMPANY_ACCOUNTS, [("id", "not in", value or ())])

    @api.ondelete(at_uninstall=False)
    def _unlink_except_loyalty(self):
        if sentence := used_by_company(self.sudo(), COMPANY_ACCOUNTS):  # sudo: settings of all
            raise FixedByValue(sentence)


class AccountJournal(models.Model):
    """And so do the journals in which payments with it are booked."""

    _name = "account.journal"
    _inherit = ["account.journal", "loyalty.fixed.mixin"]

    _loyalty_fixed = {
        "active": "_fixed_while_set",
        "type": "_fixed_while_set",
        "company_id": "_fixed_while_set",
        "default_account_id": "_fixed_account",
    }

    def _fixed_while_set(self, _value):
        return used_by_company(self, COMPANY_JOURNALS)

    def _fixed_account(self, _value):
        """Payments with stored value are settled at once, on the liability itself."""
        return used_by_company(self, COMPANY_JOURNALS[:1])

    @api.ondelete(at_uninstall=False)
    def _unlink_except_loyalty(self):
        if sentence := used_by_company(self.sudo(), COMPANY_JOURNALS):  # sudo: settings of all
            raise FixedByValue(sentence)


class ResPartner(models.Model):
    """A customer with value stays in its company (I19), and in the database (B14, B15)."""

    _name = "res.partner"
    _inherit = ["res.partner", "loyalty.fixed.mixin"]

    _loyalty_fixed = {"company_id": "_fixed_by_value_elsewhere"}

    def _fixed_by_value_elsewhere(self, value):
        """A contact of all companies, or of one above, may still hold value in each of them."""
        if not value:
            return None
        elsewhere = [("company_id", "!=", False), "!", ("company_id", "child_of", value)]
        for name, owner in self._loyalty_held():
            found = self.env[name].search([(owner, "in", self.ids), *elsewhere], limit=1)
            if found:
                return self.env._(
                    "%(customer)s is a member of %(company)s, or has cards or value there, and "
                    "stays a contact of that company.",
                    customer=found[owner].display_name,
                    company=found.company_id.name,
                )
        return None

    def _loyalty_held(self):
        """``(model, field of the customer)`` of all that customers are kept in the records for."""
        return [
            ("loyalty.member", "partner_id"),
            ("loyalty.member.card", "owner_id"),
            ("loyalty.member.card", "holder_id"),
            ("loyalty.ledger.entry", "partner_id"),
        ]

    @api.ondelete(at_uninstall=False)
    def _unlink_except_loyalty(self):
        """Say in words what the database would refuse, or would let pass (B14, B15)."""
        for name, owner in self._loyalty_held():
            # sudo: that there is something, not what
            model = self.env[name].sudo().with_context(active_test=False)
            if found := model.search([(owner, "in", self.ids)], limit=1):
                raise FixedByValue(
                    self.env._(
                        "%(customer)s is a member, has a card, or has had value: the records of "
                        "it need the contact. Archive it instead.",
                        customer=found[owner].display_name,
                    )
                )


class LoyaltyTaste(models.Model):
    """Tastes are taught in their own company."""

    _name = "loyalty.taste"
    _inherit = ["loyalty.taste", "loyalty.home.mixin"]


class LoyaltyGreeting(models.Model):
    """Greetings are said in their own company."""

    _name = "loyalty.greeting"
    _inherit = ["loyalty.greeting", "loyalty.home.mixin"]


class LoyaltySuggestion(models.Model):
    """Suggestions are made in their own company."""

    _name = "loyalty.suggestion"
    _inherit = ["loyalty.suggestion", "loyalty.home.mixin"]


class LoyaltyBonusScheme(models.Model):
    """A bonus is given by its own company."""

    _name = "loyalty.bonus.scheme"
    _inherit = ["loyalty.bonus.scheme", "loyalty.home.mixin"]


class LoyaltyBonusBand(models.Model):
    """And so is each of its bands."""

    _name = "loyalty.bonus.band"
    _inherit = ["loyalty.bonus.band", "loyalty.home.mixin"]

    _loyalty_home = frozenset({"scheme_id"})


class LoyaltyEarnRule(models.Model):
    """Points are given by their own company."""

    _name = "loyalty.earn.rule"
    _inherit = ["loyalty.earn.rule", "loyalty.home.mixin"]

    _loyalty_home = frozenset({"program_id"})


class LoyaltyBenefit(models.Model):
    """Benefits are given by their own company."""

    _name = "loyalty.benefit"
    _inherit = ["loyalty.benefit", "loyalty.home.mixin"]

    _loyalty_home = frozenset({"tier_id"})


class LoyaltyAdjustment(models.Model):
    """Points are granted to members of the own company."""

    _name = "loyalty.adjustment"
    _inherit = ["loyalty.adjustment", "loyalty.home.mixin"]

    _loyalty_home = frozenset({"member_id"})
