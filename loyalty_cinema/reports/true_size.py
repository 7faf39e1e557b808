"""How much the PDF converter shrinks, so that what is asked in millimetres comes out as such.

wkhtmltopdf shrinks pages in one of two ways. The makers' own build does not where the paper format
says ``disable_shrinking``; builds of Linux distributions ignore that, and shrink by a ratio that
hangs on the screen they imagine. Nothing tells which, so a box of known width is printed once.
"""

from io import BytesIO

from odoo.tools.pdf import PdfFileReader

try:
    from PyPDF2.generic import ContentStream
except ImportError:  # newer Odoo servers have its successor
    from pypdf.generic import ContentStream

MM_PER_POINT = 25.4 / 72
#: The box that is printed to measure: broad, and narrower than any page.
BOX_MM = 100
BOX = f"""<!DOCTYPE html><html><head><style>body {{margin: 0; padding: 0}}</style></head><body>
<div style="width: {BOX_MM}mm; height: 50mm; background: #ff0000"></div></body></html>"""
PAINTS = {b"f", b"f*", b"S", b"s", b"B", b"B*", b"b", b"b*"}


def painted(pdf):
    """Every shape on the first page: ``(left, top, width, height)`` in millimetres.

    :param pdf: the file (bytes)
    """
    reader = PdfFileReader(BytesIO(pdf))
    page = reader.pages[0]
    page_height = float(page.mediabox.height)
    matrix, saved, points, shapes = (1, 0, 0, 1, 0, 0), [], [], []
    for operands, operator in ContentStream(page["/Contents"].get_object(), reader).operations:
        if operator == b"q":
            saved.append(matrix)
        elif operator == b"Q":
            matrix = saved.pop()
        elif operator == b"cm":
            matrix = _combined([float(number) for number in operands], matrix)
        elif operator in (b"m", b"l"):
            points.append(_moved(matrix, *map(float, operands)))
        elif operator == b"re":
            x, y, width, height = map(float, operands)
            points += [_moved(matrix, x, y), _moved(matrix, x + width, y + height)]
        elif operator in PAINTS and points:
            shapes.append(_box(points, page_height))
            points = []
        elif operator == b"n":
            points = []
    return shapes


def shrinks_to(pdf):
    """What becomes of one millimetre of :data:`BOX`, printed as ``pdf`` (bytes)."""
    widths = [width for _left, _top, width, height in painted(pdf) if height < width < 1.5 * BOX_MM]
    return widths[-1] / BOX_MM


def _combined(inner, outer):
    a, b, c, d, e, f = inner
    p, q, r, s, t, u = outer
    return (
        a * p + b * r,
        a * q + b * s,
        c * p + d * r,
        c * q + d * s,
        e * p + f * r + t,
        e * q + f * s + u,
    )


def _moved(matrix, x, y):
    a, b, c, d, e, f = matrix
    return (a * x + c * y + e, b * x + d * y + f)


def _box(points, page_height):
    across, up = zip(*points, strict=True)
    return (
        min(across) * MM_PER_POINT,
        (page_height - max(up)) * MM_PER_POINT,
        (max(across) - min(across)) * MM_PER_POINT,
        (max(up) - min(up)) * MM_PER_POINT,
    )
