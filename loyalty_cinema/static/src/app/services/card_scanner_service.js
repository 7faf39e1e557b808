import { barcodeService } from "@barcodes/barcode_service";
import { patch } from "@web/core/utils/patch";
import { registry } from "@web/core/registry";
import { isMemberCardCode, isOdooCode } from "@loyalty_cinema/app/utils/member_card_code";

/** So long a digit waits where each one counts at once: a scanner's next key is there by then. */
const WAIT_MS = 80;
const MODIFIERS = ["Shift", "CapsLock", "NumLock"];

/**
 * A scanner is a keyboard: it types wherever the focus is, and Odoo's till takes its digits for
 * an amount, a name or a phone number. Here they are recognised as the number of a card, by their
 * speed and their check digit; then
 *
 * - the field in which they were typed holds again what it held before,
 * - the number pad forgets them, and only them: what the cashier typed before stays,
 * - the Enter at their end presses nothing,
 * - the card goes to whoever expects one (`barcode_reader_service.js`).
 *
 * Cards with a code of Odoo's may be coupons: they go their usual way, past the number pad.
 */
export class CardScanner {
    constructor({ number_buffer: numberBuffer, barcode_reader: barcodeReader }) {
        this.numberBuffer = numberBuffer;
        this.barcodeReader = barcodeReader;
        this.burst = null;
        this.down = new Set();
        this.scanned = new Set();
        this.waiting = [];
        window.addEventListener("keydown", (ev) => this._onKeydown(ev), true);
        window.addEventListener("keyup", (ev) => this.down.delete(keyOf(ev)));
        this._guardNumberBuffer();
    }

    _onKeydown(ev) {
        if (!ev.key || MODIFIERS.includes(ev.key)) {
            return;
        }
        const burst = this.burst;
        this.down.add(keyOf(ev));
        this.scanned.delete(keyOf(ev));
        clearTimeout(this.timeout);
        if (ev.key.length === 1 && !ev.ctrlKey && !ev.altKey && !ev.metaKey) {
            this._add(ev);
            return;
        }
        this.burst = null;
        if (["Enter", "Tab"].includes(ev.key) && burst?.isContinuedBy(ev)) {
            this._end(burst, ev);
        }
    }

    _add(ev) {
        const burst = this.burst?.isContinuedBy(ev) ? this.burst : new KeyBurst(ev.target);
        burst.add(ev);
        this.burst = burst;
        // not every scanner ends with Enter; on a slow machine there may be more keys to come
        this.timeout = setTimeout(
            () => this._end(burst) && (this.burst = null),
            barcodeService.maxTimeBetweenKeysInMs,
        );
    }

    /**
     * All of the keys have come; `ev` is the one at their end, if there is one.
     *
     * @returns {boolean} whether they were a card
     */
    _end(burst, ev) {
        const keys = burst.code();
        if (!keys) {
            return false;
        }
        this._forgetNumbers(keys[0].time);
        const code = textOf(keys);
        if (!isMemberCardCode(code) || !this.barcodeReader) {
            return true;
        }
        ev?.preventDefault();
        ev?.stopImmediatePropagation();
        burst.field && restore(burst.field, keys[0]);
        // Odoo's own service has collected the same keys, unless they went into a field
        this.barcodeReader.scanCard(code, { echo: !burst.field });
        return true;
    }

    //#region The number pad
    _forgetNumbers(start) {
        const buffer = this.numberBuffer;
        const isOurs = (ev) => ev.timeStamp >= start && ev instanceof KeyboardEvent;
        buffer.eventsBuffer = (buffer.eventsBuffer || []).filter((ev) => !isOurs(ev));
        this.waiting = this.waiting.filter(({ ev }) => !isOurs(ev));
        this.down.forEach((key) => this.scanned.add(key)); // released only now: the Enter, mostly
    }

    /**
     * The number pad hears a key when it is released. Screens that expect barcodes wait for more
     * keys by themselves; on the others each key counts at once, and has to wait here.
     */
    _guardNumberBuffer() {
        const scanner = this;
        patch(this.numberBuffer, {
            _bufferEvents(handler) {
                const take = super._bufferEvents(handler);
                return (ev) => {
                    if (!(ev instanceof KeyboardEvent)) {
                        return take(ev);
                    }
                    if (scanner.scanned.delete(keyOf(ev))) {
                        return;
                    }
                    return this.config.useWithBarcode ? take(ev) : scanner._wait(ev, take);
                };
            },
        });
    }

    _wait(ev, take) {
        this.waiting.push({ ev, take });
        clearTimeout(this.waitTimeout);
        this.waitTimeout = setTimeout(() => {
            const waiting = this.waiting;
            this.waiting = [];
            for (const { ev, take } of waiting) {
                take(ev);
                this.numberBuffer.capture(); // one by one: Odoo drops what comes in threes
            }
        }, WAIT_MS);
    }
    //#endregion
}

/** Keys that came quickly one after the other, to the same place. */
class KeyBurst {
    constructor(target) {
        this.target = target;
        this.field = fieldOf(target);
        this.keys = [];
    }

    isContinuedBy({ target, timeStamp }) {
        const gap = timeStamp - this.keys.at(-1).time;
        return target === this.target && gap <= barcodeService.maxTimeBetweenKeysInMs;
    }

    add({ key, timeStamp }) {
        const { value, selectionStart: at } = this.field || {};
        this.keys.push({ key, time: timeStamp, value, at });
    }

    /** The keys of a card's number: all of them, or those after the longest pause. */
    code() {
        const isCode = (keys) => {
            const text = textOf(keys);
            return isMemberCardCode(text) || (!this.field && isOdooCode(text));
        };
        const gaps = this.keys.map(
            ({ time }, place) => time - (this.keys[place - 1]?.time ?? time),
        );
        const scanned = this.keys.slice(gaps.indexOf(Math.max(...gaps)));
        return [this.keys, scanned].find(isCode);
    }
}

const textOf = (keys) => keys.map(({ key }) => key).join("");
const keyOf = (ev) => ev.code || ev.key;

/** Where a key is written; nothing where Odoo listens for barcodes itself. */
function fieldOf(target) {
    const isField = target.matches?.("input, textarea") && !target.matches(".o-barcode-input");
    const isOdoos = target.dataset?.enableBarcode || target.getAttribute?.("barcode_events");
    return isField && !isOdoos ? target : null;
}

/** The field as it was, for its component, too. */
function restore(field, { value, at }) {
    field.value = value;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    if (at !== null && at !== undefined) {
        field.setSelectionRange(at, at);
    }
}

export const cardScannerService = {
    dependencies: ["number_buffer", "barcode_reader"],
    start(env, services) {
        return new CardScanner(services);
    },
};

registry.category("services").add("loyalty_card_scanner", cardScannerService);
