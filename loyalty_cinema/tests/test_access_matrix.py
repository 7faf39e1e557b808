"""The access matrix: whole, and true of each user over HTTP (``access_matrix.py``)."""

from odoo.tests import tagged

from .access_matrix import (
    ANYBODY,
    FAIL_ELSEWHERE,
    FIXED,
    METHODS,
    NOT_CALLED,
    NOT_FOR_CLIENTS,
    OF_NO_COMPANY,
    RIGHTS,
    ROUTES,
    STAFF,
)
from .matrix_common import RULES, MatrixCase, our_models, our_routes, public_methods
from .tour_common import say


def rows_of(table):
    """``{(model, method): who may}``."""
    return {
        (model, name): roles
        for model, groups in table.items()
        for roles, names in groups.items()
        for name in names.split()
    }


def rights_of(table):
    """``{(model, mode): who may}``."""
    rights = {}
    for models, rows in table:
        for model in models.split():
            rights |= {(model, mode): "" for mode in ("read", "write", "create", "unlink")}
            rights |= {
                (model, mode): roles for modes, roles in rows.items() for mode in modes.split()
            }
    return rights


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

    def test_each_model_has_a_row_with_the_rights_that_are(self):
        rights = rights_of(RIGHTS)
        self.assertEqual({model for model, _mode in rights}, our_models(self.env))
        for (model, mode), roles in rights.items():
            records = self.env[model]
            may = {
                role
                for role, user in self.people.items()
                if user
                and not role.startswith("other ")
                and records.with_user(user).has_access(mode)
            }
            named = {role for role in roles.split(", ") if not role.startswith("other ")}
            self.assertEqual(may, named - {""}, f"{mode} {model}")

    def test_each_route_has_a_row(self):
        self.assertEqual(our_routes(self.env), set(ROUTES))


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


@tagged("post_install", "-at_install")
class TestAccessMatrixRecords(MatrixCase):
    """Records of each model, by each user who may not; with all methods in ``tests/long``."""

    #: The right → methods of the ORM that take it.
    operations = {"read": ["read"], "write": ["write"]}

    def test_records(self):
        rights = rights_of(RIGHTS)
        self.prepare({model for model, _mode in rights})
        opened = []
        for role in self.people:
            self.enter(role)
            for (model, mode), roles in rights.items():
                if not self.may(role, model, mode, roles):
                    opened += self.faults(role, model, mode)
        say(
            f"access matrix: {len(rights)} rights to {len(our_models(self.env))} models, "
            f"{len(self.people)} users, {self.tried.total()} calls, {len(opened)} open"
        )
        self.assertFalse(opened, "\n".join(opened))

    @staticmethod
    def may(role, model, mode, roles):
        """Whether ``role`` may do this with a record of the till's company."""
        # what another company's user creates is of that company
        elsewhere = mode == "create" or model in OF_NO_COMPANY
        name = role.removeprefix("other ") if elsewhere else role
        return name in roles.split(", ")

    def offers(self, model, name):
        """Whether Odoo's own code can do ``name`` with this model at all, whoever asks."""
        if name == "action_archive":
            return "active" in self.env[model]
        # their `create` reads the session or the method before anything is checked
        return (model, name) not in {("pos.order", "name_create"), ("pos.payment", "name_create")}

    def faults(self, role, model, mode):
        """What is wrong with this right of this role, in words."""
        for name in self.operations.get(mode, ()):
            if not self.offers(model, name):
                continue
            found = self.outcome(model, name, self.orm_arguments(model, name))
            wrong = found.kind == "crashed" and "crashes"
            if found.kind == "answered":
                secret = self.told(role, found.text, may=False)
                wrong = f"changes {found.moved}" if found.moved else secret and f"tells {secret}"
            if wrong:
                yield f"{model}.{name} as {role}: {wrong}: {found.text[:200]}"


@tagged("post_install", "-at_install")
class TestAccessMatrixFields(MatrixCase):
    """What value hangs on is not written, by anybody."""

    def test_fields(self):
        self.prepare(FIXED)
        self.made["pos.order"] = self.sold  # a draft is the till's to change
        rights, opened = rights_of(RIGHTS), []
        for role in self.people:
            self.enter(role)
            for model, names in FIXED.items():
                if self.may_write(role, rights[model, "write"]):
                    opened += [
                        f"{model}.{name} as {role}: {before} → {after}"
                        for name in names.split()
                        for before, after in self.written(model, name)
                    ]
        say(
            f"access matrix: {sum(len(names.split()) for names in FIXED.values())} fields fixed, "
            f"{self.tried.total()} calls, {len(opened)} open"
        )
        self.assertFalse(opened, "\n".join(opened))

    @staticmethod
    def may_write(role, roles):
        """Those without the right are tried by TestAccessMatrixRecords."""
        return role.removeprefix("other ") in roles.split(", ")


@tagged("post_install", "-at_install")
class TestAccessMatrixRoutes(MatrixCase):
    """Each route as each user, about somebody else's balance and another's till."""

    def test_routes(self):
        self.prepare(())
        opened = [
            fault
            for role in self.people
            for address, roles in self.as_role(role)
            for fault in self.faults(role, address, role in roles.split(", "))
        ]
        say(
            f"access matrix: {len(ROUTES)} routes, {len(self.people)} users, "
            f"{len(ROUTES) * len(self.people)} requests, {len(opened)} open"
        )
        self.assertFalse(opened, "\n".join(opened))

    def as_role(self, role):
        """The rows, with ``role`` logged in."""
        self.enter(role)
        return ROUTES.items()

    def faults(self, role, address, may):
        """What is wrong with this route for this role, in words."""
        answer = self.asked(address)
        if role.startswith("other ") and address in FAIL_ELSEWHERE and not answer.ok:
            return
        if self.crashed(answer):
            yield f"{address} as {role}: crashes: {answer.text[:200]}"
        elif secret := self.told(role, answer.text, may=may):
            yield f"{address} as {role}: tells {secret}"
        elif moved := self._moved():
            yield f"{address} as {role}: changes {moved}"
        elif may and answer.status_code >= 400:
            yield f"{address} as {role}: {answer.status_code}"

    @staticmethod
    def crashed(answer):
        """Whether the server failed, which is another thing than to refuse."""
        if answer.headers.get("Content-Type", "").startswith("application/json"):
            error = answer.json().get("error")
            return bool(error) and not RULES.match(error["data"]["name"])
        return answer.status_code >= 500
