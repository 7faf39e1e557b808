"""What the conversion of one of Odoo's own programs keeps: codes, dates, history, the proofs."""

from odoo import fields
from odoo.tests import tagged

from ..domain.amounts import to_decimal
from ..domain.lots import NewLot
from ..domain.movement import Movement
from .convert_common import OLD_CODE, ConversionCase


@tagged("post_install", "-at_install")
class TestStoredValueConvertCards(ConversionCase):
    """Balances, dates and codes survive; the ledger tells what happened."""

    def test_l1_history_lots_and_dates_survive(self):
        key = {"reason": "Test"}
        balance = self.native_card(0, self.native_wallet, self.partner)
        lots = [self.lot(30, "2030-01-31"), self.lot(25, False)]
        self.ledger.credit(balance, 55, "load", "test-convert", lots=lots, **key)
        self.close()
        self.convert(self.native_wallet, bonus=11)
        found = balance.lot_ids.filtered("remaining")
        self.assertEqual(
            sorted((lot.source, str(lot.expires_on), lot.remaining) for lot in found),
            [
                ("bonus", "2030-01-31", 6),
                ("bonus", "False", 5),
                ("paid", "2030-01-31", 24),
                ("paid", "False", 20),
            ],
        )
        entries = balance.entry_ids.sorted("id")
        self.assertEqual(entries.mapped("kind"), ["load", "transfer", "opening"])
        self.assertEqual(entries[-1].reason, "Converted to stored value")
        self.assertEqual(entries.mapped("is_stored_value"), [False, False, True])
        self.assertTrue(entries[-1].move_id)

    def lot(self, amount, expires_on):
        return NewLot("points", fields.Date.to_date(expires_on), to_decimal(amount))

    def test_old_codes_open_the_cards_however_they_are_typed(self):
        balance = self.native_card(50)
        balance.write({"code": OLD_CODE, "expiration_date": "2040-05-31"})
        self.close()
        self.convert(self.native_gift)
        self.open_session()
        card = balance.member_card_id
        self.assertEqual((card.state, str(card.expires_on)), ("active", "2040-05-31"))
        self.assertEqual(card.masked_code, "•••• 4c3d")
        for typed in (OLD_CODE, OLD_CODE.upper(), OLD_CODE.replace("-", " "), "0447a1b24c3d"):
            answer = self.till.lookup(self.session.id, {"code": typed})
            self.assertEqual(answer["card"]["id"], card.id, typed)
        self.assertFalse(self.till.lookup(self.session.id, {"code": "0447-a1b2-4c3e"})["ok"])

    def test_blocked_and_expired_stay_so(self):
        closed, over = self.native_card(5), self.native_card(6)
        closed.active = False
        over.expiration_date = "2020-01-01"
        self.close()
        self.convert(self.native_gift)
        self.assertEqual((closed.member_card_id.state, closed.points), ("blocked", 5))
        self.assertEqual((over.member_card_id.state, over.points), ("expired", 6))

    def test_balance_below_zero_is_let_off(self):
        balance = self.native_card(10)
        self.env.cr.execute("UPDATE loyalty_card SET overdraft = 4 WHERE id = %s", (balance.id,))
        self.env.invalidate_all()
        self.ledger.post([Movement(balance.id, -14, "opening", "test-below")])
        self.native_card(20)
        self.close()
        wizard = self.wizard(self.native_gift)
        self.assertEqual((wizard.total, wizard.overdrawn), (20, -4))
        wizard.action_convert()
        self.assertEqual((balance.points, balance.overdraft), (0, 0))
        self.assert_whole()

    def test_program_without_value_needs_no_entry(self):
        self.native_card(0)
        self.close()
        action = self.wizard(self.native_gift).action_convert()
        self.assertEqual(action["res_model"], "loyalty.program")
        self.assertTrue(self.native_gift.is_stored_value)
        self.assertEqual(len(self.native_gift.coupon_ids.member_card_id), 1)

    def test_company_program_nobody_uses_makes_room(self):
        mine = self.company.loyalty_gift_program_id
        self.native_card(5)
        self.close()
        self.convert(self.native_gift)
        self.assertEqual(self.company.loyalty_gift_program_id, self.native_gift)
        self.assertFalse(mine.active)

    def test_statements_do_not_grow_with_balances(self):
        self.close()
        counts = [self.statements(quantity) for quantity in (3, 3, 60)]
        self.assertEqual(counts[2], counts[1], "the first run fills caches")

    def statements(self, quantity):
        """How many SQL statements converting so many gift cards takes; undone afterwards."""
        savepoint = self.env.cr.savepoint(flush=True)
        program, balances = self.native_gift, self.env["loyalty.card"]
        balances.create([{"program_id": program.id, "points": 5 + n} for n in range(quantity)])
        wizard = self.wizard(program)
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        wizard.action_convert()
        count = self.env.cr.sql_log_count - before
        self.assertEqual(len(program.coupon_ids.member_card_id), quantity)
        savepoint.close(rollback=True)
        self.env.invalidate_all()
        return count

    def test_old_code_that_is_scanned_as_a_coupon_counts_as_no_guess(self):
        self.native_card(50).code = OLD_CODE
        self.close()
        self.convert(self.native_gift)
        config = self.config.with_user(self.cashier)
        failures = self.env["loyalty.code.attempt"]
        before = failures.search_count([])
        answer = config.use_coupon_code(OLD_CODE, "2026-01-15 10:00:00", False, False)
        self.assertFalse(answer["successful"], "no discount any more")
        self.assertEqual(failures.search_count([]), before)
        config.use_coupon_code("0447-a1b2-4c3e", "2026-01-15 10:00:00", False, False)
        self.assertEqual(failures.search_count([]), before + 1)
