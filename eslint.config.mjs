// Odoo's own rules for JavaScript (web/tooling), without its plugins.
const globals = (...names) => Object.fromEntries(names.map((name) => [name, "readonly"]));

export default [
    {
        files: ["**/*.js"],
        languageOptions: {
            ecmaVersion: 2022,
            sourceType: "module",
            globals: {
                ...globals("odoo", "luxon", "owl"),
                ...globals("window", "document", "navigator", "location", "console", "browser"),
                ...globals("setTimeout", "clearTimeout", "setInterval", "clearInterval", "fetch"),
                ...globals(
                    "Event",
                    "CustomEvent",
                    "KeyboardEvent",
                    "Blob",
                    "File",
                    "FileReader",
                    "URL",
                ),
                ...globals(
                    "structuredClone",
                    "crypto",
                    "localStorage",
                    "sessionStorage",
                    "BroadcastChannel",
                ),
            },
        },
        linterOptions: { reportUnusedDisableDirectives: "error" },
        rules: {
            "no-undef": "error",
            "no-restricted-globals": ["error", "event", "self"],
            "no-const-assign": "error",
            "no-debugger": "error",
            "no-dupe-class-members": "error",
            "no-dupe-keys": "error",
            "no-dupe-args": "error",
            "no-dupe-else-if": "error",
            "no-unsafe-negation": "error",
            "no-duplicate-imports": "error",
            "no-unreachable": "error",
            "valid-typeof": "error",
            "no-unused-vars": ["error", { vars: "all", args: "none", caughtErrors: "all" }],
            curly: ["error", "all"],
            eqeqeq: ["error", "always"],
            "no-restricted-syntax": ["error", "PrivateIdentifier"],
            "no-var": "error",
            "prefer-const": ["error", { destructuring: "all", ignoreReadBeforeAssign: true }],
            "max-lines": ["error", 600],
        },
    },
];
