/**
 * What a tour cannot do from inside its page. A console line asks `tests/browser_hands.py`, which
 * does it through DevTools; each step then waits until it sees that it was done.
 */

/** Asks for `order`, then waits until `done()`. */
async function ask(order, done, seconds = 5) {
    console.log(`loyalty-hands:${JSON.stringify(order)}`);
    for (const end = Date.now() + seconds * 1000; !done();) {
        if (Date.now() > end) {
            throw new Error(`not done: ${JSON.stringify(order)}`);
        }
        await new Promise((resolve) => setTimeout(resolve, 10));
    }
}

/** Trusted key presses, `interval` ms apart, wherever the focus is; then the named keys. */
export async function pressKeys(text, { then = [], interval = 30 } = {}) {
    let pressed = 0;
    const count = (event) => event.isTrusted && pressed++;
    window.addEventListener("keyup", count, true);
    try {
        await ask(
            { type: { keys: text, then, interval } },
            () => pressed === text.length + then.length,
        );
    } finally {
        window.removeEventListener("keyup", count, true);
    }
}

/** The cashier types, with real keys, wherever the focus is. */
export const typeKeys = (text, ...then) => ({
    content: `type ${text} ${then.join(" ")}`,
    trigger: "body",
    run: () => pressKeys(text, { then }),
});

/** One key as people press it, with a pause after it. */
export const typeSlowly = (key, pause = 250) => ({
    content: `type ${key}`,
    trigger: "body",
    run: async () => {
        await pressKeys(key);
        await new Promise((resolve) => setTimeout(resolve, pause));
    },
});

/** A scanner's keys: as fast as one sends them, with Enter at the end, or what else it sends. */
export const scanKeys = (code, then = ["Enter"]) => ({
    content: `the scanner types ${code}`,
    trigger: "body",
    run: () => pressKeys(code, { then, interval: 5 }),
});

export const resizeTo = (width, height) => ({
    content: `a screen of ${width} × ${height}`,
    trigger: "body",
    run: () =>
        ask(
            { size: [width, height] },
            () => window.innerWidth === width && window.innerHeight === height,
        ),
});

/**
 * What becomes of requests whose address holds `match`:
 * `{ delay: ms, lose: "request" | "answer", twice: true, times: n }`; all of them without `times`.
 */
export const disturbNetwork = (match, rule) => networkIs({ match, ...rule });
export const healNetwork = () => networkIs(null);

/** From here on the tour does not fail for what Odoo logs of a lost connection. */
export const expectLostConnection = () => ({
    content: "a lost connection is expected",
    trigger: "body",
    run: () => {
        const { error } = console;
        console.error = (...args) => {
            const isLost = /ConnectionLostError|couldn't be established/.test(String(args[0]));
            (isLost ? console.info : error).apply(console, args);
        };
    },
});

const networkIs = (rule) => ({
    content: `network: ${JSON.stringify(rule)}`,
    trigger: "body",
    run: async () => {
        console.log(`loyalty-hands:${JSON.stringify({ network: rule })}`);
        await new Promise((resolve) => setTimeout(resolve, 200)); // nothing in the page shows it
    },
});

/** A picture for human eyes, if somebody asked for pictures. */
export const look = (name) => ({
    content: `look: ${name}`,
    trigger: "body",
    run: async () => {
        console.log(`loyalty-hands:${JSON.stringify({ look: name })}`);
        await new Promise((resolve) => setTimeout(resolve, 600));
    },
});

const OURS = '[class*="o_loyalty"]';
const FAULTS = ["serious", "critical"];

/** Is it of this addon: below a node of ours, or the frame of a popup of ours? */
function isOurs(selector) {
    const node = document.querySelector(selector);
    return Boolean(node?.closest(OURS) || (node?.matches(".modal") && node.querySelector(OURS)));
}

/** What axe-core finds wrong in nodes of ours, noted; `nothingIsWrong` says all of it. */
export const audit = (name) => ({
    content: `audit: ${name}`,
    trigger: "body",
    timeout: 60000, // it reads the whole page, on a machine that may be busy
    run: async () => {
        await ask({ audit: name }, () => window.loyaltyAudit?.name === name, 60);
        const found = window.loyaltyAudit.found.violations
            .filter(({ impact }) => FAULTS.includes(impact))
            .flatMap(({ id, nodes }) => nodes.map(({ target, any }) => ({ id, target, any })))
            .filter(({ target }) => isOurs(target.at(-1)));
        window.loyaltyFaults = [
            ...(window.loyaltyFaults || []),
            ...found.map(
                ({ id, target, any }) => `${name}: ${id} ${target} ${any[0]?.message || ""}`,
            ),
        ];
    },
});

export const nothingIsWrong = () => ({
    content: "axe-core has found nothing serious in nodes of ours",
    trigger: "body",
    run: () => {
        if (window.loyaltyFaults.length) {
            throw new Error(window.loyaltyFaults.join("\n"));
        }
    },
});

/** The three sizes that a till has: a counter, a small counter, a telephone. */
const SIZES = [
    [1280, 800],
    [1024, 600],
    [390, 844],
];

/** Popups slide, and letters fade in: no eye and no axe-core judges them half-way. */
const settle = () => ({
    content: "wait until nothing moves",
    trigger: "body",
    run: () =>
        Promise.all(document.getAnimations().map(({ finished }) => finished.catch(() => {}))),
});

/** A screen as it is, at each size: a picture, and what axe-core says; then the first size again. */
export const inspect = (name) => [
    ...SIZES.flatMap(([width, height]) => [
        resizeTo(width, height),
        settle(),
        look(`${name} ${width}`),
        audit(`${name} ${width}`),
    ]),
    resizeTo(...SIZES[0]),
];

/** As `look`, on the screens that tills have; where nobody asked for pictures it costs nothing. */
export const lookAtSizes = (name) => [
    ...SIZES.flatMap(([width, height]) => [
        resizeTo(width, height),
        look(`${name} ${width}x${height}`),
    ]),
    resizeTo(1366, 768),
];
