from odoo.tests import TransactionCase, tagged


@tagged("post_install", "-at_install")
class TestIndexes(TransactionCase):
    """Tables that grow are found by what they belong to."""

    def test_what_points_to_a_contact_is_found_by_an_index(self):
        """Contacts are deleted and merged, entries never; without an index each reads all rows."""
        self.env.cr.execute(
            """
            SELECT c.conrelid::regclass::text, a.attname
              FROM pg_constraint c
              JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
             WHERE c.contype = 'f'
               AND c.conrelid::regclass::text LIKE 'loyalty\\_%'
               AND c.confrelid IN ('res_partner'::regclass, 'loyalty_ledger_entry'::regclass,
                                   'loyalty_card'::regclass, 'loyalty_member'::regclass,
                                   'loyalty_member_card'::regclass)
               AND NOT EXISTS (SELECT FROM pg_index i
                                WHERE i.indrelid = c.conrelid AND i.indkey[0] = a.attnum)
            """
        )
        wizards = {m._table for m in self.env.values() if m.is_transient()}
        slow = [row for row in self.env.cr.fetchall() if row[0] not in wizards]
        self.assertEqual(slow, [])
