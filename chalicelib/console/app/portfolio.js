// What banks have lent by the ends of months: how much of it was how late, and what became of the loans of each month.

import { ifAny, itemsOf, table, today } from "./hub.js";
import { html, nothing } from "./part.js";
import { t } from "./texts.js";
import { sumOf } from "./units.js";

const MONTHS = 6;
const LATE = [["par_1", () => t("1 day late or more")], ["par_30", () => t("31 days late or more")], ["par_90", () => t("91 days late or more")]];

/** The last months that were reported, of these banks together; by vintage, the last of them. */
export async function reported(banks) {
  const periods = (await itemsOf(`/v1/runs?job=portfolio-monthly&limit=${MONTHS}`)).map(({ period }) => period);
  const months = monthsBefore(await today()).filter((month) => periods.includes(month));
  const [whole, vintages] = await Promise.all(["product", "vintage"].map((by) => Promise.all(months.map((month) => portfolios(banks, month, by)))));
  const place = vintages.findLastIndex((some) => some.length);
  return { months: months.map((month, number) => ({ month, some: whole[number] })).filter(({ some }) => some.length), month: months[place], vintages: vintages[place]?.flatMap(({ groups }) => groups) ?? [] };
}

export function plots({ months, month, vintages }) {
  if (!months.length) return nothing;
  const share = (some, name) => sum(some, name) / (sum(some, "outstanding") || 1);
  const rows = [...Map.groupBy(vintages, ({ name }) => name)].map(([name, some]) => ({ name, some }));
  return html`<section class="card"><figure-chart kind="line" caption=${t("Of what is outstanding, how much is late")} unit="%" .labels=${months.map((each) => each.month)}
      .series=${LATE.map(([name, title]) => ({ name: title(), values: months.map(({ some }) => Math.round(1e4 * share(some.map(({ total }) => total), name)) / 100) }))}></figure-chart></section>
    <section class="card"><h2>${t("By the month in which they were lent, at the end of {month}", { month })}</h2>${table(rows, [
      [t("Lent in"), ({ name }) => name],
      [t("Loans"), ({ some }) => some.reduce((count, { loans }) => count + loans, 0)],
      [t("Outstanding"), ({ some }) => money(some, "outstanding")],
      ...LATE.map(([name, title]) => [title(), ({ some }) => ({ share: share(some, name) })]),
      [t("Written off"), ({ some }) => money(some, "written_off")],
    ])}</section>`;
}

const portfolios = async (banks, month, by) => (await Promise.all(banks.map((bank) => ifAny(`/v1/portfolio?month=${month}&bank=${bank}&by=${by}`)))).filter(Boolean);
const sum = (some, name) => some.reduce((all, each) => all + Number(each[name].amount), 0);
const money = (some, name) => sumOf(some.map((each) => each[name]));

/** The months before that of a day, the earliest first. */
function monthsBefore(day) {
  const [year, month] = day.split("-").map(Number);
  return Array.from({ length: MONTHS }, (_, place) => new Date(Date.UTC(year, month - 1 - MONTHS + place, 1)).toISOString().slice(0, 7));
}
