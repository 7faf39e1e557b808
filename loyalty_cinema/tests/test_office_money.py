from odoo.tests import tagged

from .test_credit_note import CreditNoteCase


@tagged("post_install", "-at_install")
class TestOfficeMoney(CreditNoteCase):
    """What the office reads before and after value becomes money, or does not."""

    def value_back(self, note):
        return self.rpc("account.move", "read", note.ids, ["loyalty_value_back"])[0][
            "loyalty_value_back"
        ]

    def test_a_credit_note_says_what_goes_back(self):
        """As a draft what will go back to the card, posted what did: read by a plain biller."""
        order = self.invoiced(100, wallet=60, cash=40)
        self.close()
        note = self.reverse(order.account_move)
        self.assertEqual(self.value_back(note), 60)
        self.assertEqual(self.wallet.points, 940, "reading moves nothing")
        self.post(note)
        self.assertEqual(self.value_back(note), 60)
        self.assertEqual(self.wallet.points, 1000)
        self.assertEqual(self.value_back(order.account_move), 0)

    def test_a_part_of_it(self):
        order = self.invoiced(100, wallet=60, cash=40)
        self.close()
        note = self.reverse(order.account_move)
        lines = [[1, note.invoice_line_ids.id, {"price_unit": 50}]]
        self.rpc("account.move", "write", note.ids, {"invoice_line_ids": lines})
        told = self.value_back(note)
        self.post(note)
        self.assertEqual(told, self.value_back(note))

    def test_an_approval_says_how_much(self):
        """The dialog says what is paid out and what of it is value; the list keeps it."""
        order = self.invoiced(100, wallet=60, cash=40)
        self.close()
        note = self.reverse(order.account_move)
        asked = self.env["loyalty.refund.approval"].new({"move_id": note.id})
        self.assertEqual((asked.amount, asked.value), (100, 60))
        self.approve(note)
        self.post(note)
        self.assertEqual(self.value_back(note), 0)
        approval = self.env["loyalty.approval"].search([("order_uuid", "=", order.uuid)])
        self.assertEqual(approval.paid_out, 100)

    def test_counting_again_stays_on_the_screen(self):
        """*Count again* opens no second screen; *Post what is due* neither."""
        screen = self.env["loyalty.reconciliation"].create({})
        self.assertIsNone(screen.action_refresh())
        self.assertEqual(
            self.env["loyalty.reconciliation"].action_open()["res_model"], screen._name
        )
