from lxml import etree

from odoo.modules.module import get_manifest
from odoo.tests import TransactionCase, tagged
from odoo.tools import convert_file
from odoo.tools.misc import file_path

#: What the server itself leans on: it is there again after an upgrade. Everything else that we
#: bring is a suggestion, and belongs to the business from then on.
OURS = {
    "ir.cron",
    "mail.template",
    "mail.activity.type",
    "ir.sequence",
    "ir.config_parameter",
}


@tagged("post_install", "-at_install")
class TestDeletedData(TransactionCase):
    """What a business has deleted does not come back with an upgrade (O8)."""

    def test_every_suggestion_is_made_once(self):
        files = [f for f in get_manifest("loyalty_cinema")["data"] if f.startswith("data/")]
        faults = []
        for name in files:
            root = etree.parse(file_path(f"loyalty_cinema/{name}")).getroot()
            for record in root.iter("record"):
                kept = record.get("forcecreate") == "0"
                fixed = any(node.get("noupdate") == "1" for node in record.iterancestors())
                if record.get("model") not in OURS and not (kept and fixed):
                    faults.append(f"{name}: {record.get('id')}")
        self.assertEqual(faults, [], 'write noupdate="1" around it and forcecreate="0"')

    def test_deleted(self):
        """A taste, a greeting, a suggestion: deleted, and gone after an upgrade, too."""
        names = ("taste_horror", "greeting_absent")
        for name in names:
            self.env.ref(f"loyalty_cinema.{name}").unlink()
        convert_file(
            self.env,
            "loyalty_cinema",
            "data/loyalty_profile_data.xml",
            {},
            mode="update",
            noupdate=True,
        )
        for name in names:
            self.assertFalse(self.env.ref(f"loyalty_cinema.{name}", raise_if_not_found=False))
