"""Any sequence of movements keeps L1 to L4: the service against a second, simpler book.

Hypothesis plays sequences of loads, bonuses, holds, captures, refunds, transfers and days that
pass; and of sales, waiting, spending, clawbacks in parts and expiry of a member's points. It
shrinks the first one that breaks an invariant to the shortest that does. Derandomised: the same
sequences in every run. Run alone with more examples::

    LEDGER_EXAMPLES=2000 script/test loyalty_cinema/tests/test_ledger_properties.py
"""

import os

from hypothesis.stateful import run_state_machine_as_test

from odoo.tests import tagged

from .ledger_common import LedgerCase
from .ledger_machine import LedgerMachine
from .ledger_points_machine import PointsMachine
from .property_common import bounded

EXAMPLES = int(os.environ.get("LEDGER_EXAMPLES", 60))
STEPS_MAX = 25


@tagged("post_install", "-at_install")
class TestLedgerProperties(LedgerCase):
    """L1 to L4 under every sequence that hypothesis can think of."""

    def test_l1_to_l4_any_sequence_of_movements_keeps_the_ledger_whole(self):
        self.play(LedgerMachine)

    def test_l1_to_l4_any_sequence_of_sales_and_clawbacks_keeps_the_points_whole(self):
        self.play(PointsMachine)

    def play(self, machine):
        """Play sequences of a machine's rules until one breaks something, or none does."""
        run_state_machine_as_test(
            type("Machine", (machine,), {"case": self}),
            settings=bounded(EXAMPLES, stateful_step_count=STEPS_MAX),
        )
