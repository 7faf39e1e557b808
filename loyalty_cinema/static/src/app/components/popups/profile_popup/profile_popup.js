import { Component, onMounted, useRef, useState } from "@odoo/owl";
import { Dialog } from "@web/core/dialog/dialog";

/** What is typed or chosen as one value; tastes and consents are lists of their own. */
const FIELDS = ["birthdate_date", "phone", "email", "comes", "preferred_channel"];
const TASTE_KINDS = ["film", "food", "drink"];

/**
 * Birthday, tastes and consents, noted while the popcorn is filled: chips to touch, Enter to save.
 *
 * Only what was changed is sent: what consent keeps from the cashier is not overwritten by empty
 * fields. `submit(values)` returns the server's answer; a refusal is shown in the popup.
 */
export class ProfilePopup extends Component {
    static template = "loyalty_cinema.ProfilePopup";
    static components = { Dialog };
    static props = {
        name: String,
        profile: Object,
        choices: Object,
        submit: Function,
        getPayload: Function,
        close: Function,
    };

    setup() {
        // not useAutofocus: it selects the text, and dates have none
        const first = useRef("first");
        onMounted(() => first.el.focus());
        const { profile } = this.props;
        this.state = useState({
            ...Object.fromEntries(FIELDS.map((name) => [name, profile[name] || ""])),
            tastes: new Set(profile.taste_ids || []),
            consents: { ...profile.consents },
            message: "",
            isBusy: false,
        });
    }

    /** Tastes by what they are about: films, food, drinks. */
    get tasteGroups() {
        const { tastes } = this.props.choices;
        return TASTE_KINDS.map((category) => ({
            category,
            tastes: tastes.filter((taste) => taste.category === category),
        })).filter((group) => group.tastes.length);
    }

    toggleTaste(id) {
        const { tastes } = this.state;
        tastes[tastes.has(id) ? "delete" : "add"](id);
    }

    /** Touched again, a choice is taken back. */
    choose(name, key) {
        this.state[name] = this.state[name] === key ? "" : key;
    }

    toggleConsent(channel) {
        this.state.consents[channel] = !this.state.consents[channel];
    }

    onKeydown(ev) {
        if (ev.key === "Enter" && ev.target.tagName !== "BUTTON") {
            ev.preventDefault();
            ev.stopPropagation();
            this.confirm();
        }
    }

    async confirm() {
        if (this.state.isBusy) {
            return;
        }
        Object.assign(this.state, { isBusy: true, message: "" });
        const answer = await this.props.submit(this._changes());
        this.state.isBusy = false;
        if (answer.ok) {
            this.props.getPayload(answer);
            this.props.close();
        } else {
            this.state.message = answer.message;
        }
    }

    _changes() {
        const { profile } = this.props;
        const values = {};
        for (const name of FIELDS) {
            const typed = this.state[name].trim();
            if (typed !== (profile[name] || "")) {
                values[name] = typed || false;
            }
        }
        const [shown, chosen] = [new Set(profile.taste_ids || []), this.state.tastes];
        const add = [...chosen].filter((id) => !shown.has(id));
        const remove = [...shown].filter((id) => !chosen.has(id));
        if (add.length || remove.length) {
            values.tastes = { add, remove };
        }
        const changed = Object.entries(this.state.consents).filter(
            ([channel, given]) => given !== Boolean(profile.consents[channel]),
        );
        if (changed.length) {
            values.consents = Object.fromEntries(changed);
        }
        return values;
    }
}
