"""The numbers of cards are nobody's to read, and PINs least of all, over real JSON-RPC."""

from odoo.tests import tagged

from .rpc_common import RpcCase


@tagged("post_install", "-at_install")
class TestRpcAttacksReading(RpcCase):
    """Every way of reading that Odoo offers a client, and every way of asking without reading."""

    def test_codes_are_not_read(self):
        ids, masked = [self.gift.id, self.wallet.id], {"code": {}}
        spec = {
            "specification": {
                "id": {},
                "balance_ids": {"fields": masked},
                "code": {},
                "pin_hash": {},
            }
        }
        reads = [
            ("loyalty.card", "read", [ids, ["code"]]),
            ("loyalty.card", "read", [ids]),
            ("loyalty.card", "search_read", [[], ["code", "display_name"]]),
            ("loyalty.card", "web_search_read", [[], masked]),
            ("loyalty.card", "export_data", [ids, ["code", "display_name"]]),
            ("loyalty.card", "name_search", [""]),
            ("loyalty.card", "formatted_read_group", [[], ["code"], ["__count"]]),
            ("loyalty.card", "formatted_read_group", [[], [], ["code:array_agg"]]),
            ("loyalty.history", "formatted_read_group", [[], ["card_id.code"], ["__count"]]),
            ("loyalty.member.card", "read", [self.card.ids, ["code"]]),
            ("loyalty.member.card", "web_read", [self.card.ids], spec),
            ("loyalty.member.card", "search_read", [[], ["code", "pin_hash"]]),
            ("loyalty.member.card", "name_search", [""]),
            ("res.users", "read", [[2], ["loyalty_pin_hash"]]),
            ("pos.session", "load_data", [self.session.ids, []]),
            ("loyalty.card.issue", "search_read", [[]]),
        ]
        for user in (self.cashier, self.seller):
            self.login(user)
            for model, method, args, *kwargs in reads:
                with self.subTest(user=user.login, model=model, method=method, args=args):
                    self.assert_discreet(model, method, *args, **(kwargs[0] if kwargs else {}))

    def test_codes_are_not_found_out_digit_by_digit(self):
        """A domain, an order or a group on a hidden field tells it as well as reading does."""
        first = self.gift.code[0]
        questions = {
            ("loyalty.card", "code"): self.gift,
            ("loyalty.member.card", "code"): self.card,
            ("loyalty.member.card", "balance_ids.code"): self.card,
            ("loyalty.history", "card_id.code"): self.env["loyalty.history"],
            ("pos.order.line", "coupon_id.code"): self.env["pos.order.line"],
            ("pos.order.line", "loyalty_balance_id.code"): self.env["pos.order.line"],
            ("sale.order.line", "coupon_id.code"): self.env["sale.order.line"],
            ("res.partner", "loyalty_member_card_ids.code"): self.partner,
            ("res.users", "loyalty_pin_hash"): self.cashier,
        }
        for user in (self.cashier, self.seller):
            self.login(user)
            for model, field in questions:
                with self.subTest(user=user.login, model=model, field=field):
                    self.assert_refused(model, "search_count", [(field, "=like", f"{first}%")])
            for order in ("code", "code desc"):
                with self.subTest(user=user.login, order=order):
                    self.assert_refused("loyalty.card", "search", [], order=order)
