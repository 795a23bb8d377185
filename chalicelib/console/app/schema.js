// JSON Schema as a form needs it: which kind of field a schema is, and the body that comes of what was filled in.

/** What a schema says when references are followed and "or null" is left out. */
export function plainOf(schema, definitions) {
  let plain = schema;
  while (plain.$ref) plain = { ...definitions[plain.$ref.split("/").pop()], ...without(plain, "$ref") };
  const choices = choicesOf(plain);
  return choices.length === 1 ? plainOf({ ...without(plain, "anyOf", "oneOf"), ...choices[0] }, definitions) : plain;
}

export const mayBeNull = (schema) => (schema.anyOf ?? []).some((choice) => choice.type === "null");

/** money, choice, flag, number, day, moment, text, prose, list, parts (an object), variants (one of several), or json (of any form). */
export function kindOf(schema, definitions) {
  const plain = plainOf(schema, definitions);
  if (plain.anyOf ?? plain.oneOf) return variantsOf(plain, definitions).length ? "variants" : "json";
  if (plain.enum) return "choice";
  if (plain.properties) return plain.properties.amount && plain.properties.currency && Object.keys(plain.properties).length === 2 ? "money" : "parts";
  if (plain.type === "boolean") return "flag";
  if (plain.type === "integer" || plain.type === "number") return "number";
  if (plain.type === "array") return plain.items && plain.items !== true ? "list" : "json";
  if (plain.type !== "string") return "json";
  if (plain.format === "date") return "day";
  if (plain.format === "date-time") return "moment";
  return (plain.maxLength ?? 0) > 200 ? "prose" : "text";
}

/** Which of its variants a filled-in value is, kept beside its fields. */
export const VARIANT = "(variant)";

/** The objects that a value may be one of: `{name, schema}`, named by what tells them apart. */
export function variantsOf(schema, definitions) {
  const objects = choicesOf(schema).map((choice) => ({ name: choice.$ref?.split("/").pop() ?? choice.title ?? "", schema: plainOf(choice, definitions) }));
  return objects.every(({ schema: each }) => each.properties) ? objects.map((each) => ({ ...each, name: constantOf(each.schema) ?? each.name })) : [];
}

/** The value that a field of a variant always has. */
function constantOf(schema) {
  const fixed = Object.values(schema.properties).find(isFixed);
  return fixed && valueOf(fixed);
}

/** What was filled in, as the API takes it: numbers are numbers, moments have a zone, and what was left empty is left out. */
export function bodyOf(schema, definitions, filled) {
  const plain = plainOf(schema, definitions);
  switch (kindOf(plain, definitions)) {
    case "flag": return filled === undefined ? undefined : Boolean(filled);
    case "number": return isEmpty(filled) ? undefined : Number(filled);
    case "moment": return isEmpty(filled) ? undefined : new Date(filled).toISOString();
    case "json": return isEmpty(filled) ? undefined : JSON.parse(filled);
    case "list": return filled === undefined ? undefined : filled.map((each) => bodyOf(plain.items, definitions, each) ?? "");
    case "money": return isEmpty(filled?.amount) ? undefined : { amount: filled.amount.trim(), currency: filled.currency };
    case "variants": return filled?.[VARIANT] === undefined ? undefined : partsOf(variantsOf(plain, definitions)[filled[VARIANT]].schema, definitions, filled);
    case "parts": return filled === undefined ? undefined : partsOf(plain, definitions, filled);
    default: return isEmpty(filled) ? undefined : filled;
  }
}

function partsOf(schema, definitions, filled) {
  const parts = {};
  for (const [name, inner] of Object.entries(schema.properties)) {
    const value = isFixed(inner) ? valueOf(inner) : bodyOf(inner, definitions, filled[name]);
    if (value !== undefined) parts[name] = value;
  }
  return parts;
}

/** Whether a field that a problem names is this one: msgspec writes `[...]` where it does not say which of a list. */
export const isAbout = (param, path) => Boolean(param) && (param === path || param === path.replace(/\[\d+\]/g, "[...]"));

/** Whether a field has the one value it can have, so that nobody needs to fill it in. */
export const isFixed = (schema) => schema.enum?.length === 1 || schema.const !== undefined;
const valueOf = (fixed) => fixed.enum?.[0] ?? fixed.const;

/** What a value may be one of, but for null. */
const choicesOf = (schema) => (schema.anyOf ?? schema.oneOf ?? []).filter((choice) => choice.type !== "null");

const isEmpty = (value) => value === undefined || value === null || value === "";
const without = (schema, ...names) => Object.fromEntries(Object.entries(schema).filter(([name]) => !names.includes(name)));
