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

const SIZES = [
    [1280, 800],
    [1024, 600],
    [390, 844],
];

/** As `look`, on the screens that tills have; where nobody asked for pictures it costs nothing. */
export const lookAtSizes = (name) => [
    ...SIZES.flatMap(([width, height]) => [
        resizeTo(width, height),
        look(`${name} ${width}x${height}`),
    ]),
    resizeTo(1366, 768),
];
