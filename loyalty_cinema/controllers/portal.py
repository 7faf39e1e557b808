from odoo.addons.loyalty.controllers.portal import CustomerPortalLoyalty
from odoo.http import request, route
from odoo.tools import format_date


class CustomerPortalMembers(CustomerPortalLoyalty):
    """Odoo's own loyalty pages, with what a member wants to know: what comes, and what goes.

    Everything is read in sudo, because portal users have no rights on balances, and only of the
    user's own contact. Numbers that open a balance are masked: a screen is easily looked at.
    """

    def _own_balance(self, card_id):
        """The user's own balance with this id, in sudo, or an empty recordset."""
        balances = request.env["loyalty.card"].sudo()  # sudo: see the class
        return balances.search(
            [("id", "=", int(card_id)), ("partner_id", "=", request.env.user.partner_id.id)]
        )

    def _prepare_home_portal_values(self, counters):
        """Beside Odoo's balances on the home page, what they tell a member."""
        values = super()._prepare_home_portal_values(counters)
        if "cards_per_programs" in values:
            balances = request.env["loyalty.card"].union(*values["cards_per_programs"].values())
            values["loyalty_told"] = balances._portal_told()
        return values

    @route()
    def portal_my_loyalty_card_history(self, card_id, page=1, sortby="date", **kw):
        """Odoo's list of movements, with the balance, the tier and the vouchers above it."""
        if sortby not in self._get_loyalty_searchbar_sortings():
            sortby = "date"
        response = super().portal_my_loyalty_card_history(card_id, page, sortby, **kw)
        if hasattr(response, "qcontext"):
            balance = self._own_balance(card_id)
            response.qcontext["loyalty_balance"] = balance
            response.qcontext["loyalty_told"] = balance._portal_told()
        return response

    @route(website=True)
    def portal_get_card_history_values(self, card_id):
        """What Odoo's dialog shows of a balance, with what a member's points will do.

        ``website``: in the language of the page, which need not be the user's.
        """
        values = super().portal_get_card_history_values(card_id)
        balance = self._own_balance(card_id)
        if not values or not balance:
            return values
        if balance.program_id.is_stored_value:
            values["card"]["code"] = balance.masked_code
        if not balance.program_id.is_membership:
            return values
        env = request.env
        told = balance._portal_told()[balance.id]
        values["card"]["code"] = balance._member_card_code()
        values["card"]["told"] = told
        if not told["has_points"]:
            values["card"]["points_display"] = ""
        values["card"]["outlook"] = {
            "available": balance._format_points(balance.available),
            "pending": balance.pending and balance._format_points(balance.pending),
            "pending_on": format_date(env, balance.pending_on),
            "expiring": balance.next_expiry_points
            and balance._format_points(balance.next_expiry_points),
            "expires_on": format_date(env, balance.next_expiry_on),
            "qualifying": balance._format_points(balance.qualifying_points),
        }
        return values
