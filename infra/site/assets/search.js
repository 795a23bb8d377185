// Puts what the site has in order for what somebody typed: names before words, whole words before beginnings.

const WEIGHT = { guide: 8, endpoint: 6, error: 6, states: 5, event: 5, field: -6 };

/** The best `most` of `rows` (kind, title, words, place) in which every word of the query is found. */
export function rank(rows, query, most = 12) {
  const terms = words(query);
  if (!terms.length) return [];
  const whole = terms.join(" ");
  const scored = [];
  for (const row of rows) {
    const score = scoreOf(row, terms, whole);
    if (score > 0) scored.push([score, row]);
  }
  scored.sort((one, other) => other[0] - one[0] || one[1][1].length - other[1][1].length);
  return scored.slice(0, most).map(([, row]) => row);
}

function scoreOf([kind, title, text], terms, whole) {
  const inTitle = words(title);
  const inText = words(text);
  let score = 0;
  for (const term of terms) {
    const points = Math.max(pointsIn(inTitle, term, 20, 12), pointsIn(inText, term, 6, 3));
    if (!points) return 0;
    score += points;
  }
  const covered = terms.filter((term) => inTitle.includes(term)).length / inTitle.length;
  return score + asWhole(whole, kind, inTitle.join(" "), inText.join(" ")) + 12 * covered + WEIGHT[kind];
}

/** What was typed, taken together: all of a name, what an endpoint does, a part of a name, a part of a sentence. */
function asWhole(whole, kind, name, text) {
  if (name === whole) return 60;
  if (name.endsWith(` ${whole}`)) return kind === "endpoint" ? 40 : 20;
  if (name.startsWith(`${whole} `)) return 20;
  return whole.includes(" ") && ` ${text} `.includes(` ${whole} `) ? 30 : 0;
}

/** What it is worth that a term is a word of a place, or begins one. */
function pointsIn(place, term, ifWhole, ifBeginning) {
  if (place.includes(term)) return ifWhole;
  return place.some((word) => word.startsWith(term)) ? ifBeginning : 0;
}

/** Words in small letters and without the s of many, so that `Orders` finds `order_id`. */
function words(text) {
  return (text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []).map((word) => (word.length > 3 ? word.replace(/s$/, "") : word));
}
