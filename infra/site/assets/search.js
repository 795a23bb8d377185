// Puts what the site has in order for what somebody typed: names before words, whole words before beginnings.

const WEIGHT = { guide: 8, endpoint: 6, error: 6, states: 5, event: 5, field: -6 };

/** The best `most` of `rows` (kind, title, words, place) in which every word of the query is found. */
export function rank(rows, query, most = 12) {
  const asked = words(query);
  if (!asked.length) return [];
  const whole = asked.join(" ");
  const scored = [];
  for (const row of rows) {
    const score = scoreOf(row, asked, whole);
    if (score > 0) scored.push([score, row]);
  }
  scored.sort((one, other) => other[0] - one[0] || one[1][1].length - other[1][1].length);
  return scored.slice(0, most).map(([, row]) => row);
}

function scoreOf([kind, title, text], asked, whole) {
  const named = words(title);
  const told = words(text);
  let score = 0;
  for (const word of asked) {
    const found = Math.max(inName(word, named), inText(word, told));
    if (!found) return 0;
    score += found;
  }
  const covered = asked.filter((word) => named.includes(word)).length / named.length;
  return score + asWhole(whole, kind, named.join(" "), told.join(" ")) + 12 * covered + WEIGHT[kind];
}

/** What was typed, taken together: all of a name, what an endpoint does, a part of a name, a part of a sentence. */
function asWhole(whole, kind, name, text) {
  if (name === whole) return 60;
  if (name.endsWith(` ${whole}`)) return kind === "endpoint" ? 40 : 20;
  if (name.startsWith(`${whole} `)) return 20;
  return whole.includes(" ") && ` ${text} `.includes(` ${whole} `) ? 30 : 0;
}

function inName(word, named) {
  if (named.includes(word)) return 20;
  return named.some((name) => name.startsWith(word)) ? 12 : 0;
}

function inText(word, told) {
  if (told.includes(word)) return 6;
  return told.some((each) => each.startsWith(word)) ? 3 : 0;
}

/** Words in small letters and without the s of many, so that `Orders` finds `order_id`. */
function words(text) {
  return (text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []).map((word) => (word.length > 3 ? word.replace(/s$/, "") : word));
}
