import { reactive } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { makeAwaitable } from "@point_of_sale/app/utils/make_awaitable_dialog";
import { displayed } from "@loyalty_cinema/app/utils/member_panel";
import { ProfilePopup } from "@loyalty_cinema/app/components/popups/profile_popup/profile_popup";

const { DateTime } = luxon;

/** So many customers are remembered for the time without a connection. */
const REMEMBERED_MAX = 200;

/**
 * What the cashier sees about the customer: tier, vouchers, habits. It comes with the member, in
 * the same call, and is kept so that something can be shown without a connection.
 *
 * `known` maps a partner's id to `{member, panel, at}`, `missed` to true when the last question
 * about this customer did not reach the server.
 */
export class MemberPanelService {
    constructor(pos) {
        this.pos = pos;
        this.known = reactive({});
        this.missed = reactive({});
        this.ui = reactive({ isFolded: undefined });
        this.display = new BroadcastChannel("UPDATE_CUSTOMER_DISPLAY");
    }

    get till() {
        return this.pos.env.services.loyalty_till;
    }

    /** Small screens start with the one line; the cashier's choice holds for the session. */
    get isFolded() {
        return this.ui.isFolded ?? this.pos.env.services.ui.isSmall;
    }

    fold() {
        this.ui.isFolded = !this.isFolded;
    }

    /** The server has told who a customer is. */
    remember(partnerId, member, panel) {
        if (!panel) {
            return;
        }
        const others = Object.keys(this.known).filter((id) => Number(id) !== partnerId);
        if (others.length >= REMEMBERED_MAX) {
            others
                .sort((a, b) => this.known[a].at - this.known[b].at)
                .slice(0, others.length - REMEMBERED_MAX + 1)
                .forEach((id) => delete this.known[id]);
        }
        delete this.missed[partnerId];
        this.known[partnerId] = { member, panel, at: DateTime.now() };
        this._display(partnerId);
        this._follow(partnerId, panel.pricelist_id);
    }

    /**
     * Odoo tells the customer's display of changes of the order; who the customer is comes later.
     * The display beside this till hears it at once, without a request; others with the next line.
     */
    _display(partnerId) {
        const order = this.pos.getOrder();
        if (order?.getPartner()?.id === partnerId) {
            this.display.postMessage({ loyalty: this.forDisplay(order) });
        }
    }

    /** For the customer's display; false for nobody, and while the server is asked. */
    forDisplay(order) {
        const partner = order?.getPartner();
        const member = partner && this.pos.members.of(partner);
        const entry = member && this.known[partner.id];
        return entry ? displayed(member, entry.panel, this.pos.env.utils.formatCurrency) : false;
    }

    /** The server was not reached: what is shown is old. */
    miss(partnerId) {
        this.missed[partnerId] = true;
    }

    /**
     * A tier gives a price list, and may have changed since Odoo's till has loaded the customer. A
     * list that this till does not have is not the tier's: the till's own prices are theirs then.
     * A list that the cashier has chosen by hand stays.
     */
    _follow(partnerId, pricelistId) {
        const { models, config } = this.pos;
        const pricelists = models["product.pricelist"];
        const partner = models["res.partner"].get(partnerId);
        const before = pricelists.get(partner?.property_product_pricelist?.id);
        const now = pricelistId ? pricelists.get(pricelistId) : undefined;
        if (!partner || before?.id === now?.id) {
            return;
        }
        partner.property_product_pricelist = now || false;
        const order = this.pos.getOrder();
        const [was, is] = [before || config.pricelist_id, now || config.pricelist_id];
        const isUntouched = order?.pricelist_id?.id === was?.id;
        const isPreset = config.use_presets && order?.preset_id?.pricelist_id;
        const isTheirs = order?.getPartner()?.id === partnerId && !order.finalized;
        if (isTheirs && isUntouched && !isPreset && order.pricelist_id?.id !== is?.id) {
            order.setPricelist(is);
            this.pos.updateRewards();
        }
    }

    /** A member of the staff has done what a tier promises: the photo hangs on the wall. */
    async done(partner, task) {
        const answer = await this.till.benefitDone(task.issue_id);
        const { panel } = this.known[partner.id] || {};
        if (!answer.ok) {
            this.pos.notification.add(answer.message, { type: "warning" });
        } else if (panel) {
            // that it leaves the panel is what the cashier sees
            panel.tasks = panel.tasks.filter((other) => other.issue_id !== task.issue_id);
        }
    }

    /**
     * The popup in which birthday, tastes and consents are noted in passing.
     *
     * @returns {Promise<boolean>} whether something was saved
     */
    async editProfile(partner) {
        const answer = await this.till.profile(partner.id);
        if (!answer.ok) {
            this.pos.notification.add(answer.message, { type: "warning" });
            return false;
        }
        const saved = await makeAwaitable(this.pos.dialog, ProfilePopup, {
            name: partner.name,
            profile: answer.profile,
            choices: answer.choices,
            submit: (values) => this.till.saveProfile(partner.id, values),
        });
        if (saved) {
            this.remember(partner.id, this.known[partner.id]?.member || false, saved.panel);
            this.pos.data.read("res.partner", [partner.id]);
            this.pos.notification.add(_t("Saved: %s", partner.name), { type: "success" });
        }
        return Boolean(saved);
    }
}
