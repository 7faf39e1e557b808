from lxml import html

from odoo.tests import HttpCase, tagged

from ..reports.true_size import BOX, painted, shrinks_to
from .common import LoyaltyCase

REPORT = "loyalty_cinema.card_sheet"


@tagged("post_install", "-at_install")
class TestCardSheet(LoyaltyCase, HttpCase):
    """Cards are printed at the size of bank cards, with a barcode that scanners read (O11)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.kind_prepaid.printed_terms = "Keep it like cash."
        cls.holder = cls.person("Đặng Tuấn Kiệt")
        values = {"kind_id": cls.kind_prepaid.id}
        cards = cls.env["loyalty.member.card"].create([values] * 11)
        cards[0].holder_id = cls.holder
        cls.cards = cards

    def test_what_is_on_a_card(self):
        """Logo, company, kind, number, holder and terms; lengths are those of a bank card."""
        body, _type = self.env["ir.actions.report"]._render_qweb_html(REPORT, self.cards.ids)
        page = html.fromstring(body)
        cards = page.xpath("//div[@class='o_loyalty_card']")
        self.assertEqual(len(cards), 11)
        text = " ".join(cards[0].text_content().split())
        for said in (self.env.company.name, self.kind_prepaid.name, "Đặng Tuấn Kiệt", "like cash"):
            self.assertIn(said, text)
        self.assertIn("width: 85.600mm; height: 54.000mm", cards[0].get("style"))

    def pdf(self):
        """The sheet as it is downloaded; None where this machine has no converter."""
        reports = self.env["ir.actions.report"]
        if reports.get_wkhtmltopdf_state() == "install":
            return None
        self.env["ir.config_parameter"].set_param("report.url", self.base_url())
        reports = reports.with_context(force_report_rendering=True)
        return reports._render_qweb_pdf(REPORT, self.cards.ids)[0]

    def test_true_size(self):
        """On paper: 85.6 mm from card to card across, 54 mm down, bars of at least 0.33 mm."""
        pdf = self.pdf()
        if pdf is None:
            return  # the browser prints the page of the other test
        bars = [shape for shape in painted(pdf) if 12 < shape[3] < 16 and shape[2] < 3]
        self.assertTrue(bars)
        self.assertGreaterEqual(min(width for _left, _top, width, _height in bars), 0.33)
        left = min(bar[0] for bar in bars)
        top = min(bar[1] for bar in bars)
        across = [bar for bar in bars if bar[1] - top < 1]
        second = min(bar[0] for bar in across if bar[0] - left > 75)
        self.assertAlmostEqual(second - left, 85.6, delta=0.5)
        tops = sorted({round(bar[1]) for bar in bars if bar[0] - left < 0.1})
        self.assertEqual(len(tops), 5, "five rows on the first page")
        self.assertAlmostEqual(tops[-1] - tops[0], 4 * 54, delta=1)

    def test_what_the_converter_shrinks_is_measured(self):
        """A box that is asked for at 100 mm tells what becomes of a millimetre."""
        reports = self.env["ir.actions.report"]
        if reports.get_wkhtmltopdf_state() == "install":
            return
        scale = self.env["report.loyalty_cinema.card_sheet"]._scale()
        box = BOX.replace("100mm", f"{100 * scale:.3f}mm")
        pdf = reports._run_wkhtmltopdf([box], report_ref=REPORT)
        self.assertAlmostEqual(shrinks_to(pdf), 1, delta=0.01)
