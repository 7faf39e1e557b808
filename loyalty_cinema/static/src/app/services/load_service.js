import { _t } from "@web/core/l10n/translation";
import { AlertDialog } from "@web/core/confirmation_dialog/confirmation_dialog";
import { deserializeDate, formatDate } from "@web/core/l10n/dates";
import { makeAwaitable } from "@point_of_sale/app/utils/make_awaitable_dialog";
import { LoadPopup } from "@loyalty_cinema/app/components/popups/load_popup/load_popup";

/**
 * Selling value: a gift card or a top-up becomes one order line for one balance. The server
 * says which balance, which limits and which bonus; it says so again when the order is paid.
 */
export class LoadService {
    constructor(pos) {
        this.pos = pos;
        // How each line's card was found. In memory only: codes stay out of the order's data.
        this.credentials = new Map();
    }

    get till() {
        return this.pos.env.services.loyalty_till;
    }

    /** The load product among line values, or nothing for any other product. */
    loadProduct({ product_tmpl_id: template, product_id: product }) {
        const models = this.pos.models;
        const record =
            (typeof template === "number" ? models["product.template"].get(template) : template) ||
            product?.product_tmpl_id;
        return record?.loyalty_load_type ? record : null;
    }

    /** The product that loads balances of a program type ("gift_card" or "ewallet"). */
    productFor(programType) {
        return this.pos.models["product.template"].find(
            (product) => product.loyalty_load_type === programType,
        );
    }

    /** Asks card and amount, then adds the line. */
    async sell(product, credential = null) {
        const order = this.pos.getOrder() || this.pos.addNewOrder();
        if (order.isRefund) {
            this.pos.dialog.add(AlertDialog, {
                title: _t("Refund in progress"),
                body: _t("Finish the refund before you load a card."),
            });
            return;
        }
        const load = await this._ask(product, credential || this._known(order, product));
        if (!load) {
            return;
        }
        const line = await this.pos.addLineToCurrentOrder(
            {
                product_tmpl_id: product,
                product_id: product.product_variant_ids[0],
                price_unit: load.amount,
                qty: 1,
                loyalty_balance_id: load.answer.balance_id,
            },
            {},
            false,
        );
        if (line) {
            this._describe(line, load);
        }
        return line;
    }

    /** Another amount for the card of an existing line. */
    async change(line) {
        const credential = this.credentials.get(line.uuid) || null;
        const load = await this._ask(line.product_id.product_tmpl_id, credential, line.price_unit);
        if (load) {
            line.setUnitPrice(load.amount);
            line.loyalty_balance_id = load.answer.balance_id;
            this._describe(line, load);
        }
    }

    /** A finished order: nobody's card number stays in the memory of the till. */
    forget(order) {
        order.lines.forEach(({ uuid }) => this.credentials.delete(uuid));
    }

    /** What the order shows below a load line: whose card, and the bonus to come. */
    notes(line) {
        const { maskedCode, holder, bonus } = line.uiState?.loyaltyLoad || {};
        const notes = [[maskedCode, holder].filter(Boolean).join(" · ")];
        if (bonus) {
            const amount = this.pos.env.utils.formatCurrency(bonus.amount);
            notes.push(
                bonus.expires_on
                    ? _t("Bonus %(amount)s until %(date)s", {
                          amount,
                          date: formatDate(deserializeDate(bonus.expires_on)),
                      })
                    : _t("Bonus %s", amount),
            );
        }
        return notes.filter(Boolean);
    }

    _known(order, product) {
        const card = this.pos.storedValue.cardOf(order);
        const type = product.loyalty_load_type;
        if (card && (!card.types.length || card.types.includes(type))) {
            return card.credential;
        }
        const partner = order.getPartner();
        return type === "ewallet" && partner ? { partner_id: partner.id } : null;
    }

    _ask(product, credential, amount = 0) {
        return makeAwaitable(this.pos.dialog, LoadPopup, {
            title: product.display_name || product.name,
            credential,
            amount,
            prepare: (amount, credential) =>
                this.till.prepareLoad(product.product_variant_ids[0].id, amount, credential),
        });
    }

    _describe(line, { answer, credential }) {
        this.credentials.set(line.uuid, credential);
        line.uiState.loyaltyLoad = {
            maskedCode: answer.masked_code,
            holder: answer.holder,
            bonus: answer.bonus,
        };
    }
}
