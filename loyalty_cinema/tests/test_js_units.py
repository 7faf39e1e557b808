from odoo.addons.web.tests import test_js
from odoo.tests import HttpCase, no_retry, tagged
from odoo.tools.misc import file_path

#: Named in mail's bundle, but not shipped by every distribution of Odoo.
OPTIONAL_FILE = "mail/static/lib/selfie_segmentation/selfie_segmentation.js"


@tagged("post_install", "-at_install")
class TestJsUnits(HttpCase):
    """The till's pure functions, in Odoo's own unit test runner."""

    @no_retry
    def test_units(self):
        """Every suite below ``static/tests/unit``."""
        self._forget_missing_file()
        self._build_bundles()
        suite = test_js.HOOTCommon._generate_hash(None, "@loyalty_cinema")
        self.browser_js(
            f"/web/tests?headless&loglevel=2&preset=desktop&timeout=15000&id={suite}",
            "",
            "",
            login="admin",
            timeout=600,
            success_signal="[HOOT] Test suite succeeded",
            error_checker=test_js.unit_test_error_checker,
        )

    def _forget_missing_file(self):
        try:
            file_path(OPTIONAL_FILE)
        except FileNotFoundError:
            self.env["ir.asset"].create(
                {
                    "name": "a file that this Odoo does not have",
                    "bundle": "web.assets_unit_tests_setup",
                    "directive": "remove",
                    "path": OPTIONAL_FILE,
                }
            )

    def _build_bundles(self):
        """Compile the page's code beforehand: Odoo's browser waits ten seconds for the page."""
        for name in ("web.assets_unit_tests_setup", "web.assets_unit_tests"):
            bundle = self.env["ir.qweb"]._get_asset_bundle(name)
            bundle.js()
            bundle.css()
