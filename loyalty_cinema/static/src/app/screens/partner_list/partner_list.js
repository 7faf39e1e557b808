import { patch } from "@web/core/utils/patch";
import { PartnerList } from "@point_of_sale/app/screens/partner_list/partner_list";
import { typedContact } from "@loyalty_cinema/app/utils/typed_contact";

patch(PartnerList.prototype, {
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
