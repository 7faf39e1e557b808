"""Odoo's own gift card and eWallet leave the tills where nobody sold them; ours get pictures."""

from base64 import b64encode

from odoo import SUPERUSER_ID, api
from odoo.tools.misc import file_open

PICTURES = {"product_gift_card": "gift_card.png", "product_topup": "wallet_top_up.png"}


def migrate(cr, _version):
    """Pictures that a business has chosen stay; the gift card had that of Odoo's own."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    env["loyalty.program"]._loyalty_retire_unsold()
    theirs = _picture("loyalty/static/img/gift_card.png")
    for xmlid, picture in PICTURES.items():
        product = env.ref(f"loyalty_cinema.{xmlid}", raise_if_not_found=False)
        if product and product.image_1920 in (False, theirs):
            product.image_1920 = _picture(f"loyalty_cinema/static/img/{picture}")


def _picture(path):
    with file_open(path, "rb") as file:
        return b64encode(file.read())
