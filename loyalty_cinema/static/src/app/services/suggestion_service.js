import { makeAwaitable } from "@point_of_sale/app/utils/make_awaitable_dialog";
import { SelectionPopup } from "@point_of_sale/app/components/popups/selection_popup/selection_popup";
import { computeComboItems } from "@point_of_sale/app/models/utils/compute_combo_items";
import { bestCombo } from "@loyalty_cinema/app/utils/combos";
import { fitting } from "@loyalty_cinema/app/utils/suggestions";

/** What goes well with what is on the order: a drink for a dish, and the combo that saves money. */
export class SuggestionService {
    constructor(pos) {
        this.pos = pos;
    }

    /** Products that the shop's suggestions name for this order. */
    products(order) {
        const model = this.pos.models["loyalty.suggestion"];
        // a product that is no longer sold is not loaded
        const records = model ? model.filter((record) => record.product_id) : [];
        if (!records.length || this._isClosed(order)) {
            return [];
        }
        const cart = order.lines
            .filter((line) => line.qty > 0 && !line.is_reward_line)
            .map(({ product_id: product }) => ({
                product: product.id,
                categories: categoriesOf(product),
            }));
        records.sort((a, b) => a.sequence - b.sequence || a.id - b.id);
        return fitting(records.map(asRule), cart);
    }

    /** @returns {Object|null} as `bestCombo` */
    combo(order) {
        if (this._isClosed(order)) {
            return null;
        }
        const gifts = new Set(order._get_reward_lines().map((line) => line._reward_product_id));
        const goods = order.lines
            .filter((line) => this._isFree(line) && !gifts.has(line.product_id))
            .map((line) => ({ line, product: line.product_id.id, qty: line.qty }));
        if (!goods.length) {
            return null;
        }
        const wanted = new Set(goods.map((good) => good.product));
        const combos = this._menu.filter((template) => offersAny(template, wanted));
        if (!combos.length) {
            return null;
        }
        const price = this._pricing(order);
        goods.forEach((good) => (good.price = price(good.line.product_id)));
        return bestCombo(
            goods,
            combos.map((template) => this._asCombo(template, order, price)),
        );
    }

    /** The suggested thing comes on the order. */
    addProduct(product) {
        return this.pos.addLineToCurrentOrder({
            product_id: product,
            product_tmpl_id: product.product_tmpl_id,
        });
    }

    /** The combo in place of what it contains; what is missing is asked for. */
    async takeCombo(order, { template, taken, missing }) {
        const extra = missing && (await this._choose(missing));
        if (missing && !extra) {
            return;
        }
        const items = [...taken.map(({ choice }) => choice.item), ...(extra ? [extra.item] : [])];
        const line = await this.pos.addLineToCurrentOrder({
            product_tmpl_id: template,
            payload: [configuration(items), []],
        });
        if (!line) {
            return;
        }
        for (const { good } of taken) {
            if (good.line.qty > 1) {
                good.line.setQuantity(good.line.qty - 1);
            } else {
                order.removeOrderline(good.line);
            }
        }
        order.selectOrderline(line);
        this.pos.updateRewards();
    }

    get _menu() {
        return this.pos.models["product.template"].filter(
            (template) => template.combo_ids?.length && template.available_in_pos,
        );
    }

    _isClosed(order) {
        return !order || order.finalized || order.getHasRefundLines();
    }

    /** A good at its own price, which a combo may take in. */
    _isFree(line) {
        return (
            line.qty >= 1 &&
            line.price_type === "original" &&
            !line.is_reward_line &&
            !line.combo_parent_id &&
            !line.combo_line_ids?.length &&
            !line.getDiscount() &&
            !line.isLoad() &&
            !line.product_id.product_tmpl_id.isConfigurable()
        );
    }

    /** What one of a product costs on this order, tax included; or at a price of its own. */
    _pricing({ pricelist_id: pricelist, fiscal_position_id: fiscalPosition }) {
        return (product, price) => {
            const terms = { pricelist, fiscalPosition, ...(price === undefined ? {} : { price }) };
            return product.getTaxDetails({ overridedValues: terms }).total_included;
        };
    }

    _asCombo(template, order, price) {
        const groups = template.combo_ids.map((combo) => ({
            name: combo.name,
            count: combo.qty_free,
            choices: combo.combo_item_ids
                .filter(
                    (item) => item.product_id && !item.product_id.product_tmpl_id.isConfigurable(),
                )
                .map((item) => ({
                    product: item.product_id.id,
                    price: price(item.product_id),
                    item,
                })),
        }));
        const isWhole = groups.every(({ choices }) => choices.length);
        return {
            template,
            groups: isWhole ? groups : [],
            priceOf: (items) => this._comboPrice(template, order, items, price),
        };
    }

    /** Odoo spreads the combo's price over its parts, each with its own tax. */
    _comboPrice(template, order, items, price) {
        const models = this.pos.data.models;
        const parts = computeComboItems(
            template.product_variant_ids[0],
            configuration(items),
            order.pricelist_id,
            models["decimal.precision"].getAll(),
            models["product.template.attribute.value"].getAllBy("id"),
            [],
            this.pos.currency,
        );
        return parts.reduce(
            (sum, part) => sum + part.qty * price(part.combo_item_id.product_id, part.price_unit),
            0,
        );
    }

    _choose({ name, choices }) {
        if (choices.length === 1) {
            return choices[0];
        }
        return makeAwaitable(this.pos.dialog, SelectionPopup, {
            title: name,
            list: choices.map((choice) => ({
                id: choice.item.id,
                label: choice.item.product_id.display_name,
                description: choice.item.extra_price
                    ? `+ ${this.pos.env.utils.formatCurrency(choice.item.extra_price)}`
                    : "",
                item: choice,
            })),
        });
    }
}

/** What the combo's own popup would answer: each choice once, with its number. */
function configuration(items) {
    const counts = new Map();
    items.forEach((item) => counts.set(item, (counts.get(item) || 0) + 1));
    return [...counts].map(([item, qty]) => ({ combo_item_id: item, qty }));
}

function offersAny(template, wanted) {
    return template.combo_ids.some((combo) =>
        combo.combo_item_ids.some((item) => wanted.has(item.product_id?.id)),
    );
}

/** A product's till categories and those above them. */
function categoriesOf({ product_tmpl_id: template }) {
    return [
        ...template.pos_categ_ids.map((category) => category.id),
        ...template.parentPosCategIds,
    ];
}

function asRule(suggestion) {
    const ids = (records) => new Set((records || []).map((record) => record.id));
    return {
        record: suggestion,
        products: ids(suggestion.product_ids),
        categories: ids(suggestion.pos_category_ids),
        except: ids(suggestion.without_product_ids),
        exceptCategories: ids(suggestion.without_pos_category_ids),
        suggested: suggestion.product_id.id,
    };
}
