import { _t } from "@web/core/l10n/translation";
import { AlertDialog } from "@web/core/confirmation_dialog/confirmation_dialog";
import { askApproval } from "@loyalty_cinema/app/components/popups/approval_popup/approval_popup";
import { needsApproval, plannedFor } from "@loyalty_cinema/app/utils/tender_amounts";

/**
 * Refunds of sales that stored value paid for: the value goes back to the card it came from,
 * and a manager must agree before it leaves the till as money.
 */
export class StoredValueRefundService {
    constructor(pos) {
        this.pos = pos;
        this.plans = new Map();
        this.approved = new Set();
    }

    get till() {
        return this.pos.env.services.loyalty_till;
    }

    /** Did stored value pay any of the sale this order refunds? */
    concerns(order) {
        const original = order?.isRefund && order.refunded_order_id;
        return Boolean(original && original.payment_ids.some((p) => p.isStoredValue()));
    }

    /** On arrival at the payment screen: one line per card that gets value back. */
    async preset(order) {
        if (!this.concerns(order) || order.payment_ids.length) {
            return;
        }
        const plan = await this._plan(order);
        for (const method of this.pos.config.payment_method_ids) {
            if (plan && plannedFor(plan, method.id).amount) {
                this._addLine(order, method, plan);
            }
        }
    }

    /** The cashier chose a stored-value method on a refund. */
    async choose(order, method) {
        const plan = await this._plan(order);
        if (!plan) {
            return false;
        }
        if (!this._addLine(order, method, plan)) {
            this._alert(
                _t("Refund"),
                _t("Nothing of this sale goes back through %s.", method.name),
            );
            return false;
        }
        return true;
    }

    /** Was the sale invoiced? The office may have credited it, and paid it back. */
    invoiced(order) {
        return Boolean(order?.isRefund && order.refunded_order_id?.raw.account_move);
    }

    /** Before a refund is validated: more money out than money in needs a manager. */
    async allowMoneyBack(order) {
        const moneyBack = -order.payment_ids
            .filter((p) => p.isDone() && !p.isStoredValue())
            .reduce((sum, p) => sum + p.getAmount(), 0);
        if (!order.currency.isPositive(moneyBack) || this.approved.has(order.uuid)) {
            return true;
        }
        const original = order.lines.some((line) => line.refunded_orderline_id);
        if (original && !this.concerns(order) && !this.invoiced(order)) {
            return true;
        }
        const plan = original ? await this._plan(order) : { cash: 0 };
        if (!plan) {
            return false;
        }
        if (!needsApproval(moneyBack, plan, (amount) => order.currency.isPositive(amount))) {
            return true;
        }
        return this._askManager(order, moneyBack - plan.cash, original);
    }

    /** A load that is partly spent: its refund is lowered to what is left, and the cashier told. */
    async lowerLoads(lines) {
        if (!lines.length) {
            return;
        }
        const answer = await this.till.refundableLoads(
            lines.map((line) => line.refunded_orderline_id.id),
        );
        for (const line of answer.ok ? lines : []) {
            const left = answer.amounts[line.refunded_orderline_id.id];
            if (!line.currency.isPositive(left)) {
                line.order_id.removeOrderline(line);
                this._alert(
                    _t("Refund"),
                    _t("Nothing of this value is left to refund: it has been spent."),
                );
            } else if (left < line.price_unit) {
                line.setUnitPrice(left);
                this._alert(
                    _t("Refund"),
                    _t(
                        "Part of this value has been spent already. %s can be refunded.",
                        this.pos.env.utils.formatCurrency(left),
                    ),
                );
            }
        }
    }

    /** A finished order: its plan and approval are used. */
    forget({ uuid }) {
        this.plans.delete(uuid);
        this.approved.delete(uuid);
    }

    async _askManager(order, excess, original) {
        const amount = this.pos.env.utils.formatCurrency(excess);
        const answer = await askApproval(this.pos, {
            title: _t("Refund in money"),
            text: original
                ? _t(
                      "%s of this sale was paid with cards or has been given back already. To give it out in money, a manager must agree and say why.",
                      amount,
                  )
                : _t(
                      "%s goes out in money, and no sale is named that it was paid for. A manager must agree and say why.",
                      amount,
                  ),
            submit: (values) => this.till.approveCashRefund(order.uuid, values),
        });
        if (answer?.ok) {
            this.approved.add(order.uuid);
        }
        return Boolean(answer?.ok);
    }

    _addLine(order, method, plan) {
        const planned = plannedFor(plan, method.id);
        const given = -order.payment_ids
            .filter((p) => p.payment_method_id.id === method.id)
            .reduce((sum, p) => sum + p.getAmount(), 0);
        const amount = Math.min(planned.amount - given, -order.remainingDue);
        if (!order.currency.isPositive(amount)) {
            return false;
        }
        const { status, data } = order.addPaymentline(method);
        if (!status) {
            this._alert(_t("Refund"), data);
            return false;
        }
        data.setAmount(-amount);
        this.pos.storedValue.markRefund(data, planned);
        return true;
    }

    async _plan(order) {
        const amount = -order.totalDue;
        const cached = this.plans.get(order.uuid);
        if (cached?.amount === amount) {
            return cached.plan;
        }
        const plan = await this.till.refundPlan(order.refunded_order_id?.id, amount);
        if (plan.ok === false) {
            this._alert(_t("Refund"), plan.message);
            return null;
        }
        this.plans.set(order.uuid, { amount, plan });
        return plan;
    }

    _alert(title, body) {
        this.pos.dialog.add(AlertDialog, { title, body });
    }
}
