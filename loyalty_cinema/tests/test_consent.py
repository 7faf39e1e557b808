from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from ..exceptions import LoyaltyError
from ..models.loyalty_consent import ConsentSource
from .profile_common import ProfileCase


@tagged("post_install", "-at_install")
class TestConsent(ProfileCase):
    """Each yes and no is a row of its own, which nobody writes but the server."""

    def said(self, partner=None):
        """``[(channel, given)]``, oldest first."""
        rows = (partner or self.partner).loyalty_consent_ids.sorted("id")
        return [(row.channel, row.given) for row in rows]

    def test_each_change_is_a_row_and_no_change_is_none(self):
        partner = self.partner.with_user(self.boss)
        partner.loyalty_consent_email = True
        partner.write({"loyalty_consent_email": True, "loyalty_consent_sms": False})
        partner.write({"loyalty_consent_email": False, "loyalty_consent_post": True})
        self.assertEqual(self.said(), [("email", True), ("email", False), ("post", True)])
        self.assertEqual(self.partner.loyalty_consent_ids.user_id, self.boss)
        self.assertEqual(set(self.partner.loyalty_consent_ids.mapped("source")), {"office"})

    def test_new_contacts_come_with_their_consents(self):
        contacts = self.env["res.partner"].with_context(default_loyalty_consent_sms=True)
        mai, nam = contacts.create([{"name": "Mai", "loyalty_consent_email": True}, {"name": "N"}])
        self.assertEqual(self.said(mai), [("email", True), ("sms", True)])
        self.assertEqual(self.said(nam), [("sms", True)])
        self.assertFalse(
            mai.with_context(default_loyalty_consent_sms=False).copy().loyalty_consent_ids,
            "a copy is another person",
        )

    def test_many_contacts_are_recorded_by_one_statement(self):
        few, many = (
            self.env["res.partner"].create([{"name": str(n)} for n in range(count)])
            for count in (2, 40)
        )
        counts = []
        for partners in (few, many):
            partners.mapped("loyalty_consent_email")
            self.env.flush_all()
            before = self.cr.sql_log_count
            partners.write({"loyalty_consent_email": True})
            self.env.flush_all()
            counts.append(self.cr.sql_log_count - before)
        self.assertEqual(*counts)
        self.assertEqual(len(many.loyalty_consent_ids), 40)

    def test_nobody_edits_the_history(self):
        self.partner.loyalty_consent_email = True
        row = self.partner.loyalty_consent_ids
        for attack in (
            lambda: row.write({"given": False}),
            row.unlink,
            row.copy,
            lambda: row.sudo().create({"partner_id": self.partner.id, "channel": "sms"}),
            lambda: self.partner.write({"loyalty_consent_ids": [Command.delete(row.id)]}),
            lambda: self.partner.write({"loyalty_consent_ids": [Command.create({"given": 1})]}),
        ):
            with self.assertRaises(UserError):
                attack()
        self.assertEqual(self.said(), [("email", True)])

    def test_a_contact_with_a_history_is_archived_not_deleted(self):
        self.partner = self.env["res.partner"].create({"name": "M", "loyalty_consent_sms": True})
        with self.assertRaises(LoyaltyError):
            self.partner.unlink()

    def test_where_it_was_said_is_the_servers_to_say(self):
        for forged in ("till", ["till", "Till"], {"source": "till"}):
            partner = self.partner.with_context(loyalty_consent_source=forged)
            partner.loyalty_consent_email = not partner.loyalty_consent_email
        self.assertEqual(set(self.partner.loyalty_consent_ids.mapped("source")), {"office"})
        known = self.partner.with_context(loyalty_consent_source=ConsentSource("till", "Bar"))
        known.loyalty_consent_sms = True
        self.assertEqual(self.partner.loyalty_consent_ids[:1].source, "till")

    def test_cashiers_neither_read_nor_write_nor_search_it_themselves(self):
        partner = self.partner.with_user(self.cashier)
        for name in ("loyalty_consent_profile", "birthdate_date", "loyalty_taste_ids"):
            for attack in (
                lambda name=name: partner.read([name]),
                lambda name=name: partner.search([(name, "!=", False)]),
                lambda name=name: partner._read_group([], [name]),
                lambda name=name: partner.write({name: False}),
            ):
                with self.assertRaises(AccessError):
                    attack()

    def test_salespersons_and_managers_keep_it_on_the_contacts_form(self):
        for user in (self.seller, self.boss):
            with Form(self.partner.with_user(user)) as form:
                form.birthdate_date = "1990-05-01"
                form.loyalty_consent_email = user == self.boss
        self.assertEqual(self.said(), [("email", True)])
        with self.assertRaises(AssertionError):
            Form(self.partner.with_user(self.cashier)).birthdate_date = False

    # -- two contacts are one person, who said one thing last ----------------------------------

    def setUp(self):
        super().setUp()
        self.other = self.env["res.partner"].create({"name": "Linh B."})

    def merge(self):
        merger = self.office("merger", "base.group_user")
        wizard = self.env["base.partner.merge.automatic.wizard"].with_user(merger)
        target = self.partner.with_user(merger)
        wizard.create({})._merge((self.partner | self.other).ids, target)
        self.env.invalidate_all()

    def test_a_later_no_wins_over_an_older_yes(self):
        self.partner.loyalty_consent_email = True
        self.other.loyalty_consent_email = True
        self.other.loyalty_consent_email = False
        self.merge()
        self.assertFalse(self.partner.loyalty_consent_email)
        self.assertEqual([row[1] for row in self.said()], [True, True, False, False])
        self.assertEqual(self.partner.loyalty_consent_ids[0].source, "merge")

    def test_a_later_yes_is_kept_and_nothing_is_made_up(self):
        self.other.write({"loyalty_consent_sms": True, "loyalty_consent_profile": True})
        self.merge()
        self.assertTrue(self.partner.loyalty_consent_sms and self.partner.loyalty_consent_profile)
        self.assertFalse(self.partner.loyalty_consent_email)
        self.assertEqual(len(self.said()), 4, "two of the other contact, two of the merge")

    def test_gaps_of_the_profile_are_filled_and_tastes_added(self):
        horror, tea = (self.env.ref(f"loyalty_cinema.taste_{name}") for name in ("horror", "tea"))
        self.partner.write({"loyalty_comes": "alone", "loyalty_taste_ids": horror.ids})
        self.other.write(
            {
                "birthdate_date": "1990-05-01",
                "loyalty_comes": "family",
                "loyalty_taste_ids": (horror | tea).ids,
            }
        )
        self.merge()
        self.assertEqual(str(self.partner.birthdate_date), "1990-05-01")
        self.assertEqual(self.partner.loyalty_comes, "alone")
        self.assertEqual(self.partner.loyalty_taste_ids, horror | tea)

    def test_what_was_learned_without_consent_is_forgotten(self):
        tea = self.env.ref("loyalty_cinema.taste_tea")
        self.other.loyalty_consent_profile = True
        self.other.sudo().loyalty_learned_taste_ids = tea
        self.partner.loyalty_consent_profile = True
        self.partner.loyalty_consent_profile = False
        self.merge()
        self.assertFalse(self.partner.loyalty_consent_profile)
        self.assertFalse(self.partner.loyalty_learned_taste_ids)
