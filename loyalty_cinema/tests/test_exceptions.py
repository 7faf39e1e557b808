from odoo.exceptions import UserError
from odoo.http import serialize_exception
from odoo.tests import TransactionCase, tagged

from .. import exceptions


@tagged("post_install", "-at_install")
class TestExceptions(TransactionCase):
    """A refusal is read, on every screen: the web client shows the text of classes it knows."""

    def test_the_web_client_shows_our_words(self):
        ours = [
            thing
            for thing in vars(exceptions).values()
            if isinstance(thing, type) and thing.__module__ == exceptions.__name__
        ]
        self.assertIn(exceptions.LoyaltyError, ours)
        for error in ours:
            with self.subTest(error.__name__):
                self.assertTrue(issubclass(error, UserError))
                answer = serialize_exception(error("Why not"))
                shown_as = answer["context"].get("exception_class")
                self.assertEqual(
                    (answer["message"], shown_as), ("Why not", "odoo.exceptions.UserError")
                )
