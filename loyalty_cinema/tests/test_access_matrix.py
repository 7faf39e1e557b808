"""The access matrix: whole, and true of each user over HTTP (``access_matrix.py``)."""

from odoo.tests import tagged

from .access_matrix import ANYBODY, METHODS, NOT_CALLED, NOT_FOR_CLIENTS, STAFF
from .matrix_common import MatrixCase, public_methods
from .tour_common import say


def rows_of(table):
    """``{(model, method): who may}``."""
    return {
        (model, name): roles
        for model, groups in table.items()
        for roles, names in groups.items()
        for name in names.split()
    }


@tagged("post_install", "-at_install")
class TestAccessMatrixWhole(MatrixCase):
    """Nothing public is without a row, and no row without something public."""

    def test_each_public_method_has_a_row(self):
        found, rows = public_methods(self.env), set(rows_of(METHODS))
        self.assertFalse(found - rows, "public methods without a row in access_matrix.py")
        self.assertFalse(rows - found, "rows of methods that are not, or are no longer, public")

    def test_rows_name_each_method_once_and_roles_that_are(self):
        for model, groups in METHODS.items():
            names = " ".join(groups.values()).split()
            self.assertEqual(len(names), len(set(names)), model)
            for roles in groups:
                self.assertFalse(set(filter(None, roles.split(", "))) - set(self.people), model)


@tagged("post_install", "-at_install")
class TestAccessMatrixMethods(MatrixCase):
    """Each method as each user: who may is not denied, who may not gets and changes nothing."""

    def test_methods(self):
        rows = {
            row: roles
            for row, roles in sorted(rows_of(METHODS).items())
            if ".".join(row) not in NOT_CALLED
        }
        self.prepare({model for model, _name in rows})
        opened = [
            fault
            for role in self.people
            for row, roles in self.as_role(role, rows)
            for fault in self.faults(role, *row, roles)
        ]
        say(
            f"access matrix: {len(rows)} methods of {len({m for m, _ in rows})} models, "
            f"{len(self.people)} users, {self.tried.total()} calls, {len(opened)} open"
        )
        self.assertFalse(opened, "\n".join(opened))

    def as_role(self, role, rows):
        """The rows, with ``role`` logged in."""
        self.enter(role)
        return rows.items()

    def faults(self, role, model, name, roles):
        """What is wrong with this method for this role, in words."""
        may = role in roles.split(", ")
        watched = not may or roles in (ANYBODY, STAFF)
        for args, own in self.ways(model, name, may):
            found = self.outcome(model, name, args, own=own, watched=watched)
            # another's wizard is nobody's to use
            wanted = may and own == self.makes_own(model, name)
            if wrong := self.wrong(found, f"{model}.{name}", role, may=wanted):
                whose = "own " if own else ""
                yield f"{whose}{model}.{name} as {role}: {wrong}: {found.text[:200]}"

    def ways(self, model, name, may):
        """``(arguments, own)``: on a record, on a wizard of one's own, on an order that is paid."""
        args = self.arguments(model, name)
        yield args, False
        if self.makes_own(model, name):
            yield args[1:], True
        if model == "pos.order" and not may and args[:1] == [self.draft.ids]:
            yield [self.sold.ids, *args[1:]], False

    def makes_own(self, model, name):
        """Whether this is a button of a wizard, which each user opens for himself."""
        method = getattr(type(self.env[model]), name)
        return self.env[model]._transient and not getattr(method, "_api_model", False)

    def wrong(self, found, method, role, *, may):
        """What is wrong with this outcome, None where it is as the matrix says."""
        if found.kind == "crashed":
            return None if method in NOT_FOR_CLIENTS else "crashes"
        if may and found.kind == "denied":
            return "is denied"
        if found.moved:
            return f"changes {found.moved}"
        secret = found.kind == "answered" and self.told(role, found.text, may=may)
        return f"tells {secret}" if secret else None
