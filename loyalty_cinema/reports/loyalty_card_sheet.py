import base64

from reportlab.graphics.barcode import createBarcodeDrawing

from odoo import api, models, tools

from ..domain import card_code
from . import true_size

#: A bank card (ISO/IEC 7810 ID-1), in millimetres, and how many fill an A4 page.
CARD_MM = (85.6, 54)
COLUMNS, ROWS = 2, 5
CARDS_PER_PAGE = COLUMNS * ROWS
#: The width of the barcode with its quiet zones: bars of 0.44 mm, where scanners ask for 0.33.
BARCODE_MM = 70


class ReportCardSheet(models.AbstractModel):
    """A4 sheets of cards to print and cut, at their true size: 85.6 × 54 mm.

    On each: logo, company, kind, holder, Code128 barcode, number, last day, terms. Barcodes are
    embedded as images, so that making the PDF asks no server for anything. Whoever may not read
    card numbers cannot make the sheet: they are read with the user's own rights.
    """

    _name = "report.loyalty_cinema.card_sheet"
    _description = "Sheet of Cards"

    @api.model
    def _get_report_values(self, docids, data=None):
        cards = self.env["loyalty.member.card"].browse(docids)
        printed = [
            {
                "card": card,
                "number": card_code.printed(card.code),
                "barcode": self._barcode(card.code),
            }
            for card in cards
        ]
        pages = [printed[at : at + CARDS_PER_PAGE] for at in range(0, len(printed), CARDS_PER_PAGE)]
        scale = self._scale() if (data or {}).get("report_type") == "pdf" else 1
        return {
            "doc_ids": docids,
            "doc_model": cards._name,
            "docs": cards,
            "pages": pages,
            "columns": COLUMNS,
            "card_mm": CARD_MM,
            "barcode_mm": BARCODE_MM,
            "mm": lambda length: f"{length * scale:.3f}mm",
        }

    @api.model
    def _scale(self):
        """By how much lengths are written too large, for the converter to shrink them."""
        reports = self.env["ir.actions.report"]
        if reports.get_wkhtmltopdf_state() in ("install", "broken"):
            return 1  # the browser prints, and does not shrink
        return self._measured_scale()

    @tools.ormcache()
    def _measured_scale(self):
        reports = self.env["ir.actions.report"]
        pdf = reports._run_wkhtmltopdf([true_size.BOX], report_ref="loyalty_cinema.card_sheet")
        return 1 / true_size.shrinks_to(pdf)

    def _barcode(self, code):
        """The code as Code128: an SVG in a data address, sharp at any size a printer works at."""
        drawing = createBarcodeDrawing(
            "Code128", value=code, format="svg", width=600, height=120, quiet=True
        )
        return (
            "data:image/svg+xml;base64,"
            + base64.b64encode(drawing.asString("svg").encode()).decode()
        )
