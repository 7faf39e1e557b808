from odoo import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .benefit_common import BenefitDayMixin
from .member_common import MemberCase


@tagged("post_install", "-at_install")
class TestBenefitAnnounce(BenefitDayMixin, MemberCase):
    """Members are told of their vouchers, once, and only those who want to be."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_ladder()
        cls.mai, cls.lan = cls.member("Mai"), cls.member("Lan")
        cls.put_in(cls.gold, cls.mai, cls.lan)

    def voucher_with_mail(self, **values):
        """A voucher of this month, and the mail that goes with it."""
        template = self.env.ref("loyalty.mail_template_loyalty_card").copy(values)
        program = self.coupons()
        plan = {"trigger": "create", "mail_template_id": template.id}
        program.communication_plan_ids = [Command.clear(), Command.create(plan)]
        self.benefit(self.gold, "period", coupon_program_id=program.id)

    def test_mails_go_to_those_who_want_them_and_once(self):
        self.voucher_with_mail()
        (self.mai | self.lan).partner_id.email = "member@example.com"
        self.mai.partner_id.loyalty_consent_email = True
        mails = self.env["mail.mail"]
        before = mails.search([])
        self.night()
        self.assertEqual(mails.search([]), before, "neither tills nor the night wait for mails")
        self.announce()
        self.announce()
        mail = mails.search([]) - before
        self.assertEqual(len(mail), 1)
        self.assertEqual(mail.res_id, self.given(self.mai).coupon_id.id)

    def test_a_mail_that_cannot_be_written_keeps_no_other_back_and_is_tried_again(self):
        self.voucher_with_mail(subject="{{ 1 / (object.partner_id.name != 'Lan') }}")
        for member in self.mai | self.lan:
            values = {"email": "member@example.com", "loyalty_consent_email": True}
            member.partner_id.write(values)
        before = self.env["mail.mail"].search([])
        self.night(self.company._loyalty_day())
        self.announce_in_vain()
        mail = self.env["mail.mail"].search([]) - before
        self.assertEqual(mail.res_id, self.given(self.mai).coupon_id.id)
        missed = self.given(self.lan)
        self.assertEqual(self.given(to_announce=True), missed)
        self.cr.execute("UPDATE loyalty_benefit_issue SET issued_on = issued_on - 2")
        self.announce_in_vain()
        self.assertFalse(missed.to_announce, "not for ever")

    def announce_in_vain(self):
        with mute_logger("odoo.addons.loyalty_cinema.models.loyalty_benefit_announce"):
            self.announce()
