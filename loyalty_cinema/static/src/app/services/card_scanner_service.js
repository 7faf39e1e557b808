import { barcodeService } from "@barcodes/barcode_service";
import { patch } from "@web/core/utils/patch";
import { registry } from "@web/core/registry";
import { isMemberCardCode, isOdooCode } from "@loyalty_cinema/app/utils/member_card_code";

/** So long the number pad waits for a scanner's next key, where it does not wait by itself. */
const WAIT_MS = 80;
/** So long it waits after keys that no person types so fast: a busy machine may be late. */
const WAIT_FOR_SCANNER_MS = 400;
const SCANNER_GAP_MS = 30;
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
        if (!ev.key || MODIFIERS.includes(ev.key) || this.isEnding) {
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
        const mayEnd = ["Enter", "Tab"].includes(ev.key) && burst?.isContinuedBy(ev);
        const isEnd = mayEnd && this._end(burst, ev);
        if (!isEnd && !this.numberBuffer.config?.useWithBarcode) {
            this._takeWaiting(); // Enter confirms a popup at once: its number must be there
        }
    }

    _add(ev) {
        const burst = this.burst?.isContinuedBy(ev) ? this.burst : new KeyBurst();
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
        restoreFields(keys);
        this._endForOdoo();
        this.barcodeReader.scanCard(code);
        return true;
    }

    /** Odoo's own service has collected the same keys, unless they went into a field. */
    _endForOdoo() {
        this.isEnding = this.barcodeReader.isDeaf = true;
        document.body.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter" }));
        this.isEnding = this.barcodeReader.isDeaf = false;
    }

    //#region The number pad
    _forgetNumbers(start) {
        this.waiting = this.waiting.filter(({ ev }) => ev.timeStamp < start);
        this.down.forEach((key) => this.scanned.add(key)); // released only now: the Enter, mostly
    }

    /**
     * The number pad hears a key when it is released. Where barcodes are expected it waits for more
     * of them, and elsewhere each one counts at once: here all of them wait. What comes in threes
     * and faster than people type is a barcode, and no number.
     */
    _guardNumberBuffer() {
        const scanner = this;
        patch(this.numberBuffer, {
            _bufferEvents(handler) {
                const take = super._bufferEvents(handler);
                return (ev) => {
                    if (!(ev instanceof KeyboardEvent && ev.isTrusted)) {
                        return take(ev);
                    }
                    if (!scanner.scanned.delete(keyOf(ev))) {
                        scanner._wait(ev, take);
                    }
                };
            },
            capture() {
                if (!scanner.isTaking && !isBarcode(scanner.waiting)) {
                    scanner._takeWaiting();
                }
                return super.capture(...arguments);
            },
        });
    }

    _wait(ev, take) {
        this.waiting.push({ ev, take });
        clearTimeout(this.waitTimeout);
        const usual = this.numberBuffer.config.useWithBarcode
            ? barcodeService.maxTimeBetweenKeysInMs
            : WAIT_MS;
        const pause = isFast(this.waiting) ? WAIT_FOR_SCANNER_MS : usual;
        this.waitTimeout = setTimeout(() => this._takeWaiting(), pause);
    }

    _takeWaiting() {
        const { waiting } = this;
        this.waiting = [];
        if (this.numberBuffer.config?.useWithBarcode && isBarcode(waiting)) {
            return;
        }
        this.isTaking = true;
        for (const { ev, take } of waiting) {
            take(ev);
            this.numberBuffer.capture(); // one by one: Odoo drops what comes in threes
        }
        this.isTaking = false;
    }
    //#endregion
}

/** Keys that came quickly one after the other. */
class KeyBurst {
    keys = [];

    isContinuedBy({ timeStamp }) {
        return timeStamp - this.keys.at(-1).time <= barcodeService.maxTimeBetweenKeysInMs;
    }

    /** With each key, where it is written, and what stood there before: the focus may move. */
    add({ key, timeStamp, target }) {
        const field = fieldOf(target);
        const { value, selectionStart: at } = field || {};
        this.keys.push({ key, time: timeStamp, field, value, at });
    }

    /** The keys of a card's number: all of them, or those after the longest pause. */
    code() {
        const isCode = (keys) => {
            const text = textOf(keys);
            return isMemberCardCode(text) || (!keys[0].field && isOdooCode(text));
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

/** Whether keys of the number pad came faster than people type. */
function isFast(waiting) {
    const times = waiting.map(({ ev }) => ev.timeStamp);
    const gaps = times.length - 1;
    return gaps > 0 && times.at(-1) - times[0] <= gaps * SCANNER_GAP_MS;
}

/** One or two keys may be a number that somebody typed with two fingers. */
const isBarcode = (waiting) => waiting.length > 2 && isFast(waiting);

/** Where a key is written; nothing where Odoo listens for barcodes itself. */
function fieldOf(target) {
    const isField = target.matches?.("input, textarea") && !target.matches(".o-barcode-input");
    const isOdoos = target.dataset?.enableBarcode || target.getAttribute?.("barcode_events");
    return isField && !isOdoos ? target : null;
}

/** The fields as they were, for their components, too. */
function restoreFields(keys) {
    const first = new Map();
    for (const key of keys.filter(({ field }) => field)) {
        first.has(key.field) || first.set(key.field, key);
    }
    for (const [field, { value, at }] of first) {
        field.value = value;
        field.dispatchEvent(new Event("input", { bubbles: true }));
        if (at !== null && at !== undefined) {
            field.setSelectionRange(at, at);
        }
    }
}

export const cardScannerService = {
    dependencies: ["number_buffer", "barcode_reader"],
    start(env, services) {
        return new CardScanner(services);
    },
};

registry.category("services").add("loyalty_card_scanner", cardScannerService);
