"""Which customers a till loads: the same as Odoo's choice, page by page."""

from odoo.addons.point_of_sale.models.pos_config import PosConfig as OdoosTill
from odoo.tests import tagged

from .points_common import PointsCase


@tagged("post_install", "-at_install")
class TestCustomersLoaded(PointsCase):
    """Those with most orders first, then by name; three at a time."""

    def setUp(self):
        super().setUp()
        parameters = self.env["ir.config_parameter"].sudo()
        parameters.set_param("point_of_sale.limited_customer_count", "3")
        other = self.env["res.company"].create({"name": "Other"})
        partners = self.env["res.partner"]
        self.named = partners.create([{"name": f"!{n} of the test"} for n in range(7)])
        partners.create({"name": "!0 of another company", "company_id": other.id})
        for place, count in ((6, 3), (2, 2), (4, 1), (1, 1)):
            for _order in range(count):
                self.buy(10, partner_id=self.named[place].id)

    def test_the_same_as_odoo_s_on_every_page(self):
        wanted = [self.named[place].id for place in (6, 2, 1, 4, 0, 3)]
        pages = [self.config.get_limited_partners_loading(offset) for offset in (0, 3)]
        self.assertEqual([id_ for page in pages for (id_,) in page], wanted)
        for offset in (0, 1, 2, 3, 4, 5, 20):
            self.assertEqual(
                self.config.get_limited_partners_loading(offset),
                OdoosTill.get_limited_partners_loading(self.config, offset),
                offset,
            )
