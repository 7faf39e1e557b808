import { patch } from "@web/core/utils/patch";
import { PartnerList } from "@point_of_sale/app/screens/partner_list/partner_list";
import { typedContact } from "@loyalty_cinema/app/utils/typed_contact";

patch(PartnerList.prototype, {
    /** Nobody was found: what was searched for is the newcomer's phone or name. */
    async enrolPartner() {
        const answer = await this.pos.members.enrol({ typed: typedContact(this.state.query) });
        if (answer) {
            this.clickPartner(this.pos.models["res.partner"].get(answer.partner_id));
        }
    },
});
