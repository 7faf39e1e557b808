"""L&M's cinema of the demo: its till with a cashier, its sales office, its members."""

from unittest.mock import patch
from uuid import uuid4

from odoo import Command, fields
from odoo.tests import TransactionCase, new_test_user

#: What one qualifying point costs, in đồng.
POINT_PRICE = 10_000


class LMCase(TransactionCase):
    """Members buy at the till, by a cashier's synchronised order, or by a sales order."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env.ref("loyalty_cinema.company_lm")
        context = {"allowed_company_ids": cls.company.ids, "tracking_disable": True}
        cls.env = cls.env(context=dict(cls.env.context, **context))
        cls.program = cls.ref("program_lm")
        cls.cashier = cls.ref("user_cashier")
        cls.seller = new_test_user(
            cls.env,
            login="seller-of-the-test",
            groups="base.group_user,sales_team.group_sale_salesman",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )
        cls.room = cls.ref("product_room_5")
        cls.env["product.product"].search([("company_id", "=", cls.company.id)]).write(
            {"invoice_policy": "order"}
        )
        config = cls.ref("pos_config_lm")
        cls.cash = config.payment_method_ids.filtered("is_cash_count")[:1]
        config.open_ui()
        cls.session = config.current_session_id
        cls.session.set_opening_control(cls.session.cash_register_balance_start, "")

    @classmethod
    def ref(cls, name):
        """A record of the demo."""
        return cls.env.ref(f"loyalty_cinema.{name}").with_env(cls.env)

    @classmethod
    def member(cls, **values):
        """A new customer who joins the program."""
        partner = cls.env["res.partner"].create({"name": "Hạnh", **values})
        return cls.env["loyalty.member"]._enrol(cls.program, partner, "till")

    @classmethod
    def buy(cls, channel, member, *goods, vouchers=()):
        """Sell ``goods``, pairs of (product, quantity[, price]); returns what was paid.

        :param channel: "till" or "sales"
        :param vouchers: pairs of (benefit given, what it takes off); sales orders work out by
            themselves what a voucher takes off, and it must be that
        """
        sell = {"till": cls.sell_at_till, "sales": cls.sell_by_order}[channel]
        return sell(member.partner_id, goods, vouchers).amount_total

    @classmethod
    def reach(cls, channel, member, points):
        """Buy so much that the member has collected ``points`` more."""
        return cls.buy(channel, member, (cls.room, 1, points * POINT_PRICE))

    @classmethod
    def night(cls):
        """The nightly job that gives what is due."""
        with patch.object(cls.env.registry["ir.cron"], "_commit_progress", return_value=1):
            cls.env["loyalty.benefit"]._cron_issue()

    @classmethod
    def given(cls, member, occasion, gives="voucher"):
        """What the member was given on an occasion, newest first."""
        return cls.env["loyalty.benefit.issue"].search(
            [
                ("member_id", "=", member.id),
                ("occasion", "=", occasion),
                ("gives", "=", gives),
                ("state", "!=", "cancelled"),
            ]
        )

    # -- at the till ---------------------------------------------------------------------------

    @classmethod
    def sell_at_till(cls, partner, goods, vouchers=()):
        """An order as the till sends it, paid in cash and synchronised by the cashier."""
        lines = [cls.till_line(*good) for good in goods]
        lines += [cls.voucher_line(issue, worth) for issue, worth in vouchers]
        uuid, total = str(uuid4()), sum(line["price_subtotal_incl"] for line in lines)
        payment = {
            "uuid": str(uuid4()),
            "payment_method_id": cls.cash.id,
            "amount": total,
        }
        order = {
            "uuid": uuid,
            "access_token": uuid,
            "session_id": cls.session.id,
            "partner_id": partner.id,
            "user_id": cls.cashier.id,
            "date_order": fields.Datetime.to_string(fields.Datetime.now()),
            "amount_total": total,
            "amount_paid": total,
            "amount_tax": total - sum(line["price_subtotal"] for line in lines),
            "amount_return": 0,
            "state": "paid",
            "lines": [Command.create(line) for line in lines],
            "payment_ids": [Command.create(payment)] if total else [],
        }
        answer = cls.env["pos.order"].with_user(cls.cashier).sync_from_ui([order])
        return cls.env["pos.order"].browse(answer["pos.order"][-1]["id"])

    @classmethod
    def till_line(cls, product, quantity, price=None, taxes=None):
        """A line with the product's taxes, which are in the price."""
        price = product.list_price if price is None else price
        taxes = cls.taxes_of(product) if taxes is None else taxes
        amounts = taxes.compute_all(price, cls.session.currency_id, quantity, product)
        return {
            "uuid": str(uuid4()),
            "product_id": product.id,
            "qty": quantity,
            "price_unit": price,
            "tax_ids": [Command.set(taxes.ids)],
            "price_subtotal": amounts["total_excluded"],
            "price_subtotal_incl": amounts["total_included"],
        }

    @classmethod
    def voucher_line(cls, issue, worth):
        """The reward line by which a till applies a voucher."""
        reward = issue.coupon_id.program_id.reward_ids
        per_point = reward.reward_type == "discount" and reward.discount_mode == "per_point"
        return {
            **cls.till_line(reward.discount_line_product_id, 1, -worth, cls.taxes_of(cls.room)),
            "is_reward_line": True,
            "reward_id": reward.id,
            "coupon_id": issue.coupon_id.id,
            "points_cost": worth if per_point else reward.required_points,
            "reward_identifier_code": str(uuid4()),
        }

    @classmethod
    def taxes_of(cls, product):
        return product.taxes_id.filtered(lambda tax: tax.company_id == cls.company)

    def at_till(self, member):
        """What the till is told when the member is chosen."""
        till = self.env["loyalty.till"].with_user(self.cashier)
        answer = till.member(self.session.id, {"partner_id": member.partner_id.id})
        self.assertTrue(answer["ok"], answer)
        return answer["panel"]

    # -- sales orders --------------------------------------------------------------------------

    @classmethod
    def sell_by_order(cls, partner, goods, vouchers=()):
        """A sales order of a salesperson, confirmed, invoiced and paid."""
        order = cls.quotation(partner, goods)
        for issue, worth in vouchers:
            before = order.amount_total
            cls.apply(order, issue)
            if before - order.amount_total != worth:
                raise AssertionError(f"{issue.display_name}: {before - order.amount_total}")
        order.action_confirm()
        order = order.with_env(cls.env)
        if order.amount_total:
            cls.pay(order)
        return order

    @classmethod
    def quotation(cls, partner, goods):
        """A quotation that a salesperson writes."""
        lines = [
            Command.create(
                {
                    "product_id": product.id,
                    "product_uom_qty": quantity,
                    **({"price_unit": price[0]} if price else {}),
                }
            )
            for product, quantity, *price in goods
        ]
        orders = cls.env["sale.order"].with_user(cls.seller)
        values = {"partner_id": partner.id, "user_id": cls.seller.id, "order_line": lines}
        return orders.create(values)

    @classmethod
    def apply(cls, order, issue):
        """Type the voucher's code on a quotation, and take what it gives."""
        [(coupon, rewards)] = order._try_apply_code(issue.coupon_id.code).items()
        order._apply_program_reward(rewards, coupon)
        order._update_programs_and_rewards()

    @classmethod
    def pay(cls, order):
        """Invoice what was ordered, and register its payment."""
        invoice = order._create_invoices(final=True)
        invoice.action_post()
        wizard = cls.env["account.payment.register"]
        wizard = wizard.with_context(active_model="account.move", active_ids=invoice.ids)
        wizard.create({})._create_payments()
