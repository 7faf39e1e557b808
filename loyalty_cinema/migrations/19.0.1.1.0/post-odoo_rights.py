"""Odoo's own access rights get back their own values, which versions before this one overwrote."""

import csv

from odoo import SUPERUSER_ID, api
from odoo.addons.loyalty_cinema.models.ir_model_access import CLOSED_RIGHTS
from odoo.tools import file_open

MODES = ("perm_read", "perm_write", "perm_create", "perm_unlink")


def migrate(cr, _version):
    """Read them from the files of Odoo's modules, and write those that this addon had changed."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    for module in sorted({xmlid.split(".")[0] for xmlid in CLOSED_RIGHTS}):
        with file_open(f"{module}/security/ir.model.access.csv") as file:
            for row in csv.DictReader(file):
                xmlid = f"{module}.{row['id']}"
                access = xmlid in CLOSED_RIGHTS and env.ref(xmlid, raise_if_not_found=False)
                if access:
                    access.write({mode: row[mode] == "1" for mode in MODES})
