from odoo import models

from ..domain.movement import SERVICE
from ..exceptions import FixedByValue


class LoyaltyFixedMixin(models.AbstractModel):
    """What value hangs on is fixed: the mechanism. The fields are in ``loyalty_fixed_fields.py``.

    A model names its fields and, for each, the method that says whether it is fixed::

        _loyalty_fixed = {"program_id": "_fixed_once_moved"}        # for everybody but the service
        _loyalty_fixed_for_users = {"code": "_fixed_once_moved"}    # server-side code (sudo) may

    The method is called with the records (in sudo) on which the value would change, and with that
    value as the cache holds it. It returns a sentence that says why not and what to do instead, or
    nothing. A write that changes nothing passes; so does the service, which shows
    :data:`~odoo.addons.loyalty_cinema.domain.movement.SERVICE` in the context, and an installation,
    which takes up the products that an earlier one has left.
    """

    _name = "loyalty.fixed.mixin"
    _description = "What Value Hangs On Is Fixed"

    _loyalty_fixed = {}
    _loyalty_fixed_for_users = {}

    def write(self, vals):
        """Refuse what is fixed; everything else is written as usual."""
        self._check_loyalty_fixed(vals)
        return super().write(vals)

    def _check_loyalty_fixed(self, vals):
        """:raises FixedByValue: when ``vals`` would change a field that value hangs on"""
        installing = not self.env.registry.ready  # no client is served yet; data files are written
        if installing or self.env.context.get("loyalty_service") is SERVICE:
            return
        questions = dict(self._loyalty_fixed)
        if not self.env.su:
            questions |= self._loyalty_fixed_for_users
        for name in questions.keys() & vals.keys():
            changed, value = self._loyalty_changed(name, vals[name])
            sentence = changed and getattr(changed, questions[name])(value)
            if sentence:
                raise FixedByValue(sentence)

    def _loyalty_changed(self, name, value):
        """``(records on which the field would change, in sudo; the new value as cached)``."""
        # sudo: whether there is value on it decides, not what the user may see of it
        records, field, new = self.sudo().with_context(active_test=False), self._fields[name], None
        changed = records.browse()
        for record in records:
            new = field.convert_to_cache(value, record)
            if new != field.convert_to_cache(record[name], record):
                changed |= record
        return changed, new

    def _as_loyalty_service(self):
        """These records, for the addon's own code that writes what is fixed for all others."""
        return self.with_context(loyalty_service=SERVICE)


class LoyaltyHomeMixin(models.AbstractModel):
    """A record is not moved to where its user may not write: to another company, for example (I11).

    Odoo asks the record rules about a record as it was before a write, not as it is afterwards.
    """

    _name = "loyalty.home.mixin"
    _description = "Record of a Company"

    #: The fields that say whose the record is.
    _loyalty_home = frozenset({"company_id"})

    def write(self, vals):
        """Ask the record rules again about where the records are now."""
        result = super().write(vals)
        if not self.env.su and not self._loyalty_home.isdisjoint(vals):
            self.invalidate_recordset()
            self.check_access("write")
        return result
