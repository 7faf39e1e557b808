import { patch } from "@web/core/utils/patch";
import { PartnerList } from "@point_of_sale/app/screens/partner_list/partner_list";
import { useCardReader } from "@loyalty_cinema/app/hooks/card_reader_hook";
import { isPhoneLike, isSamePhone } from "@loyalty_cinema/app/utils/phone";
import { typedContact } from "@loyalty_cinema/app/utils/typed_contact";

patch(PartnerList.prototype, {
    setup() {
        super.setup(...arguments);
        useCardReader((code) => this.onCard(code));
    },

    /** Whose card it is, is the customer. */
    async onCard(code) {
        const partner = await this.pos.memberCards.holder(code);
        if (partner) {
            this.clickPartner(partner);
        }
    },

    /** Numbers are found however people say them: with and without the country's prefix, or dots. */
    getPartners(partners) {
        const found = super.getPartners(...arguments);
        const query = this.state.query;
        return isPhoneLike(query)
            ? [...new Set([...found, ...partners.filter((p) => isSamePhone(p.phone, query))])]
            : found;
    },

    /** Nobody was found: what was searched for is the newcomer's phone or name. */
    async enrolPartner() {
        // The list waits a moment before it searches; who goes on at once has typed it all.
        const input = this.modalRef.el?.querySelector(".modal-header input");
        const typed = typedContact(input?.value || this.state.query);
        const answer = await this.pos.members.enrol({ typed });
        if (answer) {
            this.clickPartner(this.pos.models["res.partner"].get(answer.partner_id));
        }
    },
});
