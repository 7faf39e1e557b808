import base64

from reportlab.graphics.barcode import createBarcodeDrawing

from odoo import api, models

from ..domain import card_code

#: Cards on one A4 page: two columns of five, the size of a bank card each.
CARDS_PER_PAGE = 10


class ReportCardSheet(models.AbstractModel):
    """A4 sheets of cards to print and cut: Code128 barcode, number, kind and expiry.

    Barcodes are embedded as images, so that making the PDF asks no server for anything. Whoever may
    not read card numbers cannot make the sheet: they are read with the user's own rights.
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
        return {"doc_ids": docids, "doc_model": cards._name, "docs": cards, "pages": pages}

    def _barcode(self, code):
        """The code as Code128: an SVG in a data address, sharp at any size a printer works at."""
        drawing = createBarcodeDrawing(
            "Code128", value=code, format="svg", width=600, height=100, quiet=True
        )
        return (
            "data:image/svg+xml;base64,"
            + base64.b64encode(drawing.asString("svg").encode()).decode()
        )
