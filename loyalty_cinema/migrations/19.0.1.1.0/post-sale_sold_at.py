"""Orders that were confirmed before keep the day that they had: it was Odoo's, at confirmation."""


def migrate(cr, version):
    """Note when confirmed orders were sold; nobody can move that day any more."""
    cr.execute(
        """
        UPDATE sale_order
           SET loyalty_sold_at = LEAST(GREATEST(date_order, create_date), now() AT TIME ZONE 'UTC')
         WHERE state = 'sale' AND loyalty_sold_at IS NULL
        """
    )
