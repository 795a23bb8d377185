// Firms that stand for each other: the groups, the calls that run, claims between members, and where the next failure would spread worst.

import { Hub, brief, itemsOf } from "./hub.js";
import { html } from "./part.js";
import { pill } from "./status.js";
import { t } from "./texts.js";
import { placeAt } from "./things.js";

class ScreenGroups extends Hub {
  async load() {
    const [groups, calls, stressed] = await Promise.all(["/v1/guarantee-groups?limit=50", "/v1/guarantee-calls?limit=50", "/v1/contagion"].map(itemsOf));
    return { groups, calls, stressed };
  }

  show({ groups, calls, stressed }) {
    const names = Object.fromEntries(groups.map(({ id, name }) => [id, name]));
    return html`<h1>${t("Groups")}</h1>
      ${brief(t("Calls on guarantors"), calls, [
        [t("Call"), ({ group_id: id }) => names[id] ?? id],
        [t("Status"), ({ status }) => pill(status)],
        [t("Called for"), ({ net }) => net],
        [t("Paid"), ({ paid }) => paid],
        [t("Covered by nobody"), ({ shortfall }) => shortfall],
        [t("Next"), ({ deadlines: [first] }) => first?.due_at ?? ""],
      ], { place: ({ id }) => placeAt(`/v1/guarantee-calls/${id}`), all: "#/guarantee-calls", none: t("No call runs.") })}
      ${brief(t("Groups"), groups, [
        [t("Group"), ({ name }) => name],
        [t("Status"), ({ status }) => pill(status)],
        [t("Members"), ({ seats }) => seats.filter(({ joined_at: joined, left_at: left }) => joined && !left).length],
        [t("Bank"), ({ bank_id: bank }) => bank],
        [t("Draws"), ({ takes_draws: takes }) => takes],
        [t("Sealed"), ({ sealed_at: at }) => at ?? ""],
      ], { place: ({ id }) => placeAt(`/v1/guarantee-groups/${id}`), all: "#/guarantee-groups", none: t("A group stands here from when its first firm invites others.") })}
      ${brief(t("Where failures would spread"), stressed, [
        [t("Group"), ({ group_id: id }) => names[id] ?? id],
        [t("Outstanding"), ({ outstanding }) => outstanding],
        [t("If these seats fail"), ({ failures: [worst] }) => worst?.defaulting.join(", ") ?? ""],
        [t("Seats that fall with them"), ({ failures: [worst] }) => worst?.falling.join(", ") ?? ""],
        [t("Covered by nobody"), ({ failures: [worst] }) => worst?.uncovered ?? ""],
      ], { place: ({ group_id: id }) => placeAt(`/v1/guarantee-groups/${id}`), none: t("A group stands here once the nightly run has found that one failure would bring down others.") })}`;
  }
}
customElements.define("screen-groups", ScreenGroups);
