from odoo import api, models

from .loyalty_member import WITH_MEMBER


class LoyaltyMember(models.Model):
    """How customers become members: many at once, twice without harm, from two tills at a time."""

    _inherit = "loyalty.member"

    @api.model
    @api.private
    def _enrol(self, program, partners, channel, referrer=None, joined_on=None):
        """Make ``partners`` members of ``program``; a constant number of statements.

        Who is a member already stays as he is. Who has left is a member again, with the same
        balance, unless ``channel`` is "automatic": a purchase does not undo leaving.

        :param channel: one of :data:`~loyalty_member.ENROL_CHANNELS`
        :param referrer: the member who recommended the program, for those who are new
        :param joined_on: ``{partner id: date}`` of those who did not join today
        :return: the members, without those that have left and stay away; in sudo, for the callers
            have checked who asks
        """
        program.ensure_one()
        members = self.sudo().with_context(active_test=False)
        found = members.search(
            [("program_id", "=", program.id), ("partner_id", "in", partners.ids)]
        )
        today = program._today()
        left = found.filtered(lambda member: not member.active)
        if channel == "automatic":
            found -= left
        elif left:
            asked = {} if channel == "import" else {"last_visit_on": today}
            left.write({"active": True, **asked})
        new = partners - found.partner_id - left.partner_id
        common = {"program_id": program.id, "channel": channel}
        if referrer and referrer.partner_id not in new:
            common["referrer_id"] = referrer.id
        joined_on = joined_on or {}
        return found | members.create(
            [
                dict(
                    common,
                    partner_id=partner.id,
                    joined_on=joined_on.get(partner.id) or today,
                )
                for partner in new
            ]
        )

    def _give_balances(self, vals_list):
        """Put into each of ``vals_list`` the balance that the partner has in the program, or a new.

        Two tills that meet a customer at the same moment must not make two members: the UPDATE
        takes the partners' rows; the second transaction is refused by PostgreSQL, runs again and
        finds what the first has made.
        """
        # what is missing is refused by the ORM, in its own words
        vals_list = [v for v in vals_list if v.get("program_id") and v.get("partner_id")]
        if not vals_list:
            return
        self._take_partners([vals["partner_id"] for vals in vals_list])
        # sudo: members are made by the right to make members; balances are made with them.
        balances = self.env["loyalty.card"].sudo().with_context(loyalty_member=WITH_MEMBER)
        found = balances.search(
            [
                ("program_id", "in", list({vals["program_id"] for vals in vals_list})),
                ("partner_id", "in", [vals["partner_id"] for vals in vals_list]),
            ],
            order="id desc",
        )
        known = {(b.program_id.id, b.partner_id.id): b for b in found}
        missing = [v for v in vals_list if (v["program_id"], v["partner_id"]) not in known]
        made = balances.create(
            [{name: vals[name] for name in ("program_id", "partner_id")} for vals in missing]
        )
        known.update({(b.program_id.id, b.partner_id.id): b for b in made})
        for vals in vals_list:
            vals["balance_id"] = known[vals["program_id"], vals["partner_id"]].id

    def _take_partners(self, partner_ids):
        self.env.cr.execute(
            """
            UPDATE res_partner SET write_date = write_date WHERE id IN (
                SELECT id FROM res_partner WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE
            )
            """,
            (sorted(partner_ids),),
        )
