import { _t } from "@web/core/l10n/translation";
import { formatPoints } from "@loyalty_cinema/app/utils/points";

/**
 * What the payment screen shows under a line that a card or points pay, in the cashier's words.
 *
 * @param {{amount: number, status: string, card: string, method: string, answer?: Object}} line
 *      `card` is masked; `answer` is the server's, as far as it is still remembered
 * @param {(amount: number) => string} formatCurrency
 * @returns {string}
 */
export function tenderStatus(line, formatCurrency) {
    if (line.amount < 0) {
        return line.answer?.points
            ? _t("%(points)s %(unit)s go back", inPoints(line.answer, line.answer.points))
            : _t("Goes back to %s", line.card || line.method);
    }
    switch (line.status) {
        case "done":
            return reserved(line, formatCurrency);
        case "pending":
            return _t("Not taken yet");
        case "retry":
            return _t("Nothing was taken");
        default:
            return _t("Asking the server…");
    }
}

function reserved({ card, answer }, formatCurrency) {
    if (answer?.points) {
        return _t("%(points)s %(unit)s taken, %(left)s left", {
            ...inPoints(answer, answer.points),
            left: formatPoints(answer.available),
        });
    }
    return answer
        ? _t("Reserved on %(card)s, %(amount)s left", {
              card,
              amount: formatCurrency(answer.available),
          })
        : _t("Reserved on %s", card);
}

function inPoints({ point_name: unit }, points) {
    return { points: formatPoints(points), unit: unit || _t("points") };
}
