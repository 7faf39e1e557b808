"""Views and filters that ask for the last activity ask for the last visit, which replaces it."""


def migrate(cr, version):
    """Before the views are loaded: those built upon them would not find their place."""
    cr.execute(
        """
        UPDATE ir_ui_view
           SET arch_db = replace(arch_db::text, 'last_activity_on', 'last_visit_on')::jsonb
         WHERE model = 'loyalty.member' AND arch_db::text LIKE '%last_activity_on%'
        """
    )
    cr.execute(
        """
        UPDATE ir_filters
           SET domain = replace(domain, 'last_activity_on', 'last_visit_on'),
               context = replace(context, 'last_activity_on', 'last_visit_on'),
               sort = replace(sort, 'last_activity_on', 'last_visit_on')
         WHERE model_id = 'loyalty.member'
           AND concat(domain, context, sort) LIKE '%last_activity_on%'
        """
    )
