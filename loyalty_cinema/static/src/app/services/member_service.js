import { reactive } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { makeAwaitable } from "@point_of_sale/app/utils/make_awaitable_dialog";
import { loyaltyIdsGenerator } from "@pos_loyalty/app/services/pos_store";
import { EnrolPopup } from "@loyalty_cinema/app/components/popups/enrol_popup/enrol_popup";
import { memberSummary } from "@loyalty_cinema/app/utils/points";

/**
 * The members of the shop's membership program, as far as this till has met them: nobody is
 * preloaded, a customer is asked for in one call when chosen or scanned. Shops with discount cards
 * and no membership ask, too.
 *
 * `known` maps a partner's id to the member, or to false for a customer who is none.
 */
export class MemberService {
    constructor(pos) {
        this.pos = pos;
        this.known = reactive({});
        this.asked = new Map();
        window.addEventListener("pos-network-online", () =>
            this.load(this.pos.getOrder()?.getPartner()),
        );
    }

    get till() {
        return this.pos.env.services.loyalty_till;
    }

    /** Where nobody can join anything there is nobody to enrol. */
    get isOffered() {
        return this._programs.length > 0;
    }

    /** A discount card is reason enough to ask who a customer is: prices follow from it. */
    get isAsked() {
        return this.isOffered || Boolean(this.pos.config._loyalty_has_discounts);
    }

    get _programs() {
        return this.pos.models["loyalty.program"].filter((program) => program.is_membership);
    }

    /** The member that a customer is; false for none, undefined while nobody has asked. */
    of(partner) {
        return partner ? this.known[partner.id] : false;
    }

    /**
     * Asks the server once, however many want to know. Without a connection nothing is known.
     *
     * @returns {Promise<Object|false|undefined>} as `of`
     */
    load(partner) {
        if (!partner || !this.isAsked || partner.id in this.known) {
            return Promise.resolve(this.of(partner));
        }
        if (!this.asked.has(partner.id)) {
            const answer = this._load(partner).finally(() => this.asked.delete(partner.id));
            this.asked.set(partner.id, answer);
        }
        return this.asked.get(partner.id);
    }

    async _load(partner) {
        const answer = await this.till.member({ partner_id: partner.id });
        if (answer.ok) {
            this.remember(partner.id, answer.member, answer.panel);
        } else if (answer.code === "offline") {
            this.pos.panels.miss(partner.id);
        }
        return this.of(partner);
    }

    /** What an answer of the server tells of a member; Odoo's own record follows it. */
    remember(partnerId, member, panel) {
        this.known[partnerId] = member || false;
        this.pos.panels.remember(partnerId, member || false, panel);
        const program = member && this.pos.models["loyalty.program"].get(member.program_id);
        if (!program || !member.balance_id) {
            return;
        }
        const balances = this.pos.models["loyalty.card"];
        const balance = balances.get(member.balance_id);
        if (balance) {
            balance.points = member.available;
            return;
        }
        // Odoo invents a record for a customer who has none in the program yet.
        const invented = balances.filter(
            (b) => b.id < 0 && b.partner_id?.id === partnerId && b.program_id?.id === program.id,
        );
        balances.create({
            id: member.balance_id,
            code: null,
            program_id: program,
            partner_id: this.pos.models["res.partner"].get(partnerId),
            points: member.available,
        });
        if (invented.length) {
            this._replaceInvented(invented);
        }
    }

    /** Odoo's notes of rewards on an order concern the balance of its customer only. */
    forgetOthers(order) {
        const changes = order?.uiState.couponPointChanges || {};
        for (const [key, { coupon_id: id }] of Object.entries(changes)) {
            const balance = this.pos.models["loyalty.card"].get(id);
            const isOurs = balance?.program_id?.is_membership;
            if (isOurs && balance.partner_id?.id !== order.getPartner()?.id) {
                delete changes[key];
            }
        }
    }

    /** Open orders forget the invented records, and note the member's balance instead. */
    _replaceInvented(balances) {
        for (const order of this.pos.models["pos.order"].filter((order) => !order.finalized)) {
            balances.forEach(({ id }) => delete order.uiState.couponPointChanges[id]);
        }
        balances.forEach((balance) => balance.delete());
        this.pos.updateRewards();
    }

    /** The server has told what is available on a balance. */
    correct(balanceId, available) {
        for (const member of Object.values(this.known)) {
            if (member?.balance_id === balanceId) {
                member.available = available;
            }
        }
    }

    /** The points have changed on the server: whoever shows them next asks again. */
    forget(partner) {
        if (partner && partner.id !== this.justMet) {
            delete this.known[partner.id];
        }
        this.justMet = null;
    }

    /**
     * The record that Odoo asks for, made from the same single call.
     *
     * @returns {Promise<Object|undefined>} nothing when the program is not the shop's own
     */
    async balanceFor(program, partnerId) {
        const partner = this.pos.models["res.partner"].get(partnerId);
        const member = await this.load(partner);
        if (member) {
            const isOurs = member.program_id === program.id;
            return isOurs ? this.pos.models["loyalty.card"].get(member.balance_id) : undefined;
        }
        return this._programs.length === 1 ? this._invent(program, partner) : undefined;
    }

    /** No member yet, or not known without a connection: nothing to claim with. */
    _invent(program, partner) {
        const balances = this.pos.models["loyalty.card"];
        return (
            balances.find((b) => b.partner_id === partner && b.program_id === program) ||
            balances.create({
                id: loyaltyIdsGenerator(),
                code: null,
                program_id: program,
                partner_id: partner,
                points: 0,
            })
        );
    }

    /**
     * Makes a customer that the server has told of the customer of the order.
     *
     * @param {Object} order
     * @param {{partner_id: number, member?: Object|false, panel?: Object}} answer
     */
    async choose(order, { partner_id: partnerId, member, panel }) {
        const partner = partnerId && (await this.read(partnerId));
        if (!partner) {
            return;
        }
        const isNew = order.getPartner()?.id !== partnerId && !order.getHasRefundLines();
        if (isNew && order === this.pos.getOrder()) {
            this.pos.setPartnerToCurrentOrder(partner);
        } else if (isNew) {
            order.setPartner(partner); // the cashier has gone on to another order meanwhile
        }
        if (member !== undefined) {
            this.remember(partnerId, member, panel);
        }
        if (isNew) {
            await this.pos.updateRewards();
        }
    }

    /** A customer that the server has just told of: choosing them asks no second time. */
    async met({ partner: { id }, member, panel }) {
        const partner = await this.read(id);
        this.remember(id, member, panel);
        this.justMet = id;
        return partner;
    }

    /** The customer's record, fetched when the till does not have it. */
    async read(partnerId) {
        const partners = this.pos.models["res.partner"];
        if (!partners.get(partnerId)) {
            await this.pos.data.read("res.partner", [partnerId]);
        }
        return partners.get(partnerId);
    }

    /**
     * The enrol popup; who is enrolled becomes the customer of the order.
     *
     * @param {{customer?: Object, typed?: {name?: string, phone?: string}}} start a customer who
     *      is no member yet, or what the cashier has typed elsewhere
     * @returns {Promise<Object|undefined>} the server's answer; nothing when the popup was closed
     */
    async enrol({ customer = null, typed = {} } = {}) {
        const order = this.pos.getOrder() || this.pos.addNewOrder();
        const answer = await makeAwaitable(this.pos.dialog, EnrolPopup, {
            customer,
            typed,
            submit: (values, partnerId) => this.till.enrol(values, partnerId),
            findCard: (code) => this._cardToEnrol(code),
        });
        if (answer) {
            await this.choose(order, answer);
            this.pos.notification.add(this._welcome(answer), { type: "success" });
            await this._give(answer);
        }
        return answer;
    }

    /**
     * What a card scanned into the enrol popup means: a member, a customer who is none yet, or a
     * new card for the newcomer.
     *
     * @returns {Promise<{member?: Object, customer?: Object, card?: Object, message?: string}>}
     */
    async _cardToEnrol(code) {
        const answer = await this.till.lookup({ code, pin: false });
        const { card, partner, member } = answer;
        if (!answer.ok || card.problem) {
            return { message: answer.ok ? card.problem : answer.message };
        }
        if (member) {
            const message = _t("%s is a member already.", partner.name);
            return { member: { ...answer, partner_id: partner.id, message } };
        }
        if (partner) {
            return { customer: partner };
        }
        return card.state === "issued"
            ? { card: { code, masked_code: card.masked_code } }
            : { message: _t("Card %s is in use, and names nobody.", card.masked_code) };
    }

    /** The new card that was scanned becomes the newcomer's. */
    async _give({ card_code: code, partner_id: partnerId }) {
        if (code) {
            const values = { partner_id: partnerId };
            const answer = await this.till.cardAction("activate", { code, pin: false }, values);
            if (!answer.ok) {
                this.pos.notification.add(answer.message, { type: "danger" });
            }
        }
    }

    /** Who was known already is the server's to tell. */
    _welcome({ member, message }) {
        return message || _t("Welcome, new member: %s", memberSummary(member));
    }
}
