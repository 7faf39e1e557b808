from odoo import api, models, tools

MODULE = "loyalty_cinema"


class Base(models.AbstractModel):
    """What only the server writes has no default but that of its field.

    Any user may set defaults for himself (``ir.default``), and a client sends others in the context
    (``default_…``). Odoo fills in with them whatever a record is made without, also when the server
    makes it in sudo: a new wallet would hang on the cashier's own card.

    Closed to them are, on records that stay, the read-only fields of this addon and those of Odoo's
    that a model names; and every field of a record that the server itself makes, of one of our
    models or of a model that says so.
    """

    _inherit = "base"

    #: Fields of Odoo's that a client must not write on this model.
    _loyalty_server_fields = frozenset()
    #: Whether a record of this model of Odoo's takes no default of a user when the server makes it.
    _loyalty_server_made = False

    @api.model
    def default_get(self, fields):
        """Defaults as ever, but for the closed fields."""
        closed = self._loyalty_closed_fields(self.env.su).intersection(fields)
        if not closed:
            return super().default_get(fields)
        defaults = super().default_get([name for name in fields if name not in closed])
        for name in closed:
            field = self._fields[name]
            if field.default:
                value = field.convert_to_cache(field.default(self), self, validate=False)
                defaults[name] = field.convert_to_write(value, self)
        return defaults

    def _loyalty_without(self, names, vals):
        """``vals`` of a create or write less what only the server writes, unless it does."""
        if self.env.su or names.isdisjoint(vals):
            return vals
        return {name: value for name, value in vals.items() if name not in names}

    @api.model
    @tools.ormcache("self._name", "by_server")
    def _loyalty_closed_fields(self, by_server):
        """Names of the fields that take no default of a user.

        :param by_server: whether the server makes the record, in sudo
        """
        if self._transient or self._abstract:
            return frozenset()
        if by_server and (self._loyalty_server_made or self._original_module == MODULE):
            return frozenset(self._fields)
        own = {name for name, field in self._fields.items() if field._module == MODULE}
        return self._loyalty_server_fields | {n for n in own if self._fields[n].readonly}
