from dataclasses import dataclass

from odoo import fields, models
from odoo.fields import Domain


@dataclass(frozen=True)
class ActingEmployee:
    """Who stands at a till that several employees share, as the till says.

    It travels in the context. A client chooses its context freely but can only send JSON, never an
    instance of this class.
    """

    employee_id: int


class LoyaltyActingMixin(models.AbstractModel):
    """A record of what was done at a till that also names the employee, where tills know them.

    The employee is kept as number and name: ``pos_hr`` is no dependency, its model may not exist.
    """

    _name = "loyalty.acting.mixin"
    _description = "Done by an Employee at a Till"

    employee_number = fields.Integer("Employee's number", readonly=True)
    employee_name = fields.Char(
        "Employee", readonly=True, help="Who had logged in at the till with name and PIN."
    )


class PosConfig(models.Model):
    """Tills where employees log in with a PIN while one user is logged in to Odoo (``pos_hr``)."""

    _inherit = "pos.config"

    def _loyalty_knows_employees(self):
        """Whether this till asks its employees who they are."""
        return bool(self and self.module_pos_hr and "employee_id" in self.env["pos.order"]._fields)

    def _loyalty_employee(self):
        """The employee who acts at this till; empty when it did not say, None without ``pos_hr``.

        Whom the till names and who does not work at it is nobody.
        """
        if not self._loyalty_knows_employees():
            return None
        employees = self.env["hr.employee"].sudo()  # sudo: cashiers do not read employees
        acting = self.env.context.get("loyalty_acting")
        if not isinstance(acting, ActingEmployee):
            return employees
        works_here = Domain(self.sudo()._employee_domain(self.env.uid))  # sudo: as above
        return employees.search(Domain("id", "=", acting.employee_id) & works_here)

    def _loyalty_acts_alone(self):
        """Whether who acts at this till is the very user who is logged in to Odoo."""
        employee = self._loyalty_employee()
        return employee is None or (bool(employee) and employee.user_id == self.env.user)

    def _loyalty_acting_values(self):
        """What a record of :class:`LoyaltyActingMixin` keeps of who acts."""
        employee = self._loyalty_employee()
        return {"employee_number": employee.id, "employee_name": employee.name} if employee else {}
