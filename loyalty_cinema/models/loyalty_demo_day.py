from odoo import Command, api, fields, models

#: The played day, one row an order: (customer, lines, payments). A line is (product, quantity), or
#: (card, amount) for a load; a payment is (method or card, amount), the first without an amount
#: paying the rest.
DAY = [
    (1, [("card_prepaid_01", 500000)], ["cash"]),
    (2, [("card_prepaid_02", 200000)], ["cash"]),
    (3, [("card_prepaid_03", 1000000)], ["bank"]),
    (4, [("card_prepaid_04", 100000)], ["cash"]),
    (5, [("card_prepaid_05", 300000)], ["bank"]),
    (6, [("card_prepaid_06", 200000)], ["cash"]),
    (7, [("card_prepaid_07", 250000)], ["cash"]),
    (8, [("card_prepaid_08", 2000000)], ["bank"]),
    (9, [("card_combined_09", 500000)], ["bank"]),
    (10, [("card_combined_10", 200000)], ["cash"]),
    (12, [("card_gift_01", 200000)], ["cash"]),
    (13, [("card_gift_02", 500000)], ["bank"]),
    (None, [("card_gift_03", 200000)], ["cash"]),
    (14, [("card_gift_04", 100000)], ["cash"]),
    (20, [("product_combo_1", 1)], ["cash"]),
    (21, [("product_room_5", 1), ("product_popcorn", 2)], ["bank"]),
    (1, [("product_combo_2", 1)], [("card_prepaid_01", 450000)]),
    (2, [("product_combo_1", 1)], ["cash", ("card_prepaid_02", 100000)]),
    (3, [("product_room_10", 1), ("product_milk_tea", 4)], [("card_prepaid_03", 340000)]),
    (9, [("product_combo_1", 1), ("product_tiramisu", 1)], [("card_combined_09", 300000)]),
    (15, [("product_combo_1", 1)], ["cash", ("card_gift_01", 200000)]),
    (None, [("product_popcorn_large", 1), ("product_water", 2)], ["cash", ("card_gift_03", 50000)]),
    (22, [("product_cheesecake", 2), ("product_coffee", 2)], ["cash"]),
]


class LoyaltyDemo(models.AbstractModel):
    """A day at the demo's till: cards are sold, topped up and spent, the session closed, posted."""

    _inherit = "loyalty.demo"

    @api.model
    def _play_day(self):
        """One day at the till, closed and posted; then what happens to cards in a year."""
        self = self._in_company()
        config = self._ref("pos_config_lm").with_env(self.env)
        config.open_ui()
        session = config.current_session_id
        session.set_opening_control(0, "")
        orders = [self._play_order(session, number, *row) for number, row in enumerate(DAY)]
        self._play_refund(session, orders[-4])
        session.invalidate_recordset()
        session.post_closing_cash_details(session.cash_register_balance_end)
        session.invalidate_recordset()
        session.action_pos_session_closing_control()
        self._play_incidents()

    def _play_incidents(self):
        """A card is blocked, one lost, one replaced, one past its date, one compensated."""
        self._ref("card_prepaid_06")._block("Found in room 2")
        self._ref("card_prepaid_07")._report_lost("Reported by phone")
        spare = self._make_card("card_prepaid_05b", "kind_prepaid", "904000000000005")
        self._ref("card_prepaid_05")._replace(spare, "Chip broken")
        gift = self._ref("card_gift_08")
        gift._activate()
        gift.expires_on = fields.Date.subtract(self.env.company._loyalty_day(), days=30)
        gift._expire()

    def _play_order(self, session, number, customer, lines, payments, days_ago=0):
        """Synchronise one order as the till does, stored value authorised first."""
        uuid = self._uuid("order", number)
        values = [self._line(session, uuid, place, *line) for place, line in enumerate(lines)]
        total = sum(line["price_subtotal_incl"] for line in values)
        given = sum(payment[1] for payment in payments if isinstance(payment, tuple))
        return self._sync(
            session,
            uuid,
            self._customer(customer),
            values,
            [
                self._payment(session, uuid, place, payment, total - given)
                for place, payment in enumerate(payments)
            ],
            days_ago,
        )

    def _play_refund(self, session, order):
        """The whole of ``order`` is given back the way it was paid."""
        uuid = self._uuid("refund", order.id)
        lines = [
            {
                **self._line_values(line.product_id, -line.qty, line.price_unit, session),
                "uuid": self._uuid(uuid, place),
                "refunded_orderline_id": line.id,
            }
            for place, line in enumerate(order.lines)
        ]
        payments = [
            {
                "uuid": self._uuid(uuid, "payment", place),
                "payment_method_id": payment.payment_method_id.id,
                "amount": -payment.amount,
            }
            for place, payment in enumerate(order.payment_ids)
        ]
        return self._sync(session, uuid, order.partner_id, lines, payments)

    def _sync(self, session, uuid, customer, lines, payments, days_ago=0):
        now = fields.Datetime.now()
        total = sum(line["price_subtotal_incl"] for line in lines)
        order = {
            "uuid": uuid,
            "access_token": uuid,
            "session_id": session.id,
            "partner_id": customer.id,
            "user_id": self.env.uid,
            "date_order": fields.Datetime.to_string(fields.Datetime.subtract(now, days=days_ago)),
            "amount_total": total,
            "amount_paid": total,
            "amount_tax": total - sum(line["price_subtotal"] for line in lines),
            "amount_return": 0,
            "lines": [Command.create(line) for line in lines],
            "payment_ids": [Command.create(payment) for payment in payments],
        }
        answer = self.env["pos.order"].sync_from_ui([order])
        return self.env["pos.order"].browse(answer["pos.order"][0]["id"])

    def _line(self, session, order_uuid, place, name, number):
        """A product in some quantity, or a load of some amount on a card."""
        record = self._ref(name)
        if record._name == "product.product":
            values = self._line_values(record, number, record.list_price, session)
        else:
            is_gift = record.kind_id.opens_gift
            product = self._ref("product_gift_card" if is_gift else "product_topup")
            values = self._line_values(product, 1, number, session)
            values["loyalty_balance_id"] = self._balance(record).id
        return {**values, "uuid": self._uuid(order_uuid, place)}

    def _line_values(self, product, quantity, price, session):
        taxes = product.taxes_id.filtered(lambda tax: tax.company_id == session.company_id)
        amounts = taxes.compute_all(price, session.currency_id, quantity, product)
        return {
            "product_id": product.id,
            "qty": quantity,
            "price_unit": price,
            "tax_ids": [Command.set(taxes.ids)],
            "price_subtotal": amounts["total_excluded"],
            "price_subtotal_incl": amounts["total_included"],
        }

    def _payment(self, session, order_uuid, place, payment, rest):
        uuid = self._uuid(order_uuid, "payment", place)
        methods = session.config_id.payment_method_ids
        if isinstance(payment, str):
            method = methods.filtered(lambda m: m.type == payment and not m.stored_value_type)[:1]
            return {"uuid": uuid, "payment_method_id": method.id, "amount": rest}
        name, amount = payment
        balance = self._balance(self._ref(name))
        self.env["loyalty.ledger"].authorize(balance, amount, uuid, order_uuid=order_uuid)
        method = methods.filtered(lambda m: m.stored_value_type == balance.program_type)
        return {
            "uuid": uuid,
            "payment_method_id": method.id,
            "amount": amount,
            "transaction_id": uuid,
        }
