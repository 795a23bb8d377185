// The fields of a form, each as its schema wants it. `form` is what they stand in: `{definitions, currency, problem, set(path, value)}`.
//
// A path is the one by which the API names a field when it refuses it: `lines[0].amount`.

import { html, nothing, withNames } from "./part.js";
import { VARIANT, isAbout, isFixed, kindOf, mayBeNull, plainOf, variantsOf } from "./schema.js";
import { codeWord, fieldName, t } from "./texts.js";
import { withoutUnit } from "./units.js";

/** A field for each property of an object. */
export function fields(form, schema, path, value) {
  const plain = plainOf(schema, form.definitions);
  return Object.entries(plain.properties ?? {})
    .filter(([, inner]) => !isFixed(inner))
    .map(([name, inner]) => field(form, inner, path ? `${path}.${name}` : name, labelOf(name), value?.[name], Boolean(plain.required?.includes(name))));
}

/** The name of a field that is filled in: in which parts its number counts, where it does. */
export function labelOf(name) {
  const [, unit] = withoutUnit(name);
  const parts = { bp: t("hundredths of a percent"), ppm: t("millionths"), minor: t("smallest units of the currency"), hundredths: t("hundredths"), milli: t("thousandths"), micro: t("millionths") };
  return unit ? t("{name}, in {parts}", { name: fieldName(name), parts: parts[unit] }) : fieldName(name);
}

export function field(form, schema, path, label, value, isRequired) {
  const kind = kindOf(schema, form.definitions);
  const one = { form, kind, path, label, value, schema: plainOf(schema, form.definitions), isRequired: isRequired && !mayBeNull(schema), says: schema.description };
  return (GROUPS[kind] ?? leaf)(one);
}

const GROUPS = { parts, variants, list };

function parts(one) {
  const { form, path, label, value, schema, isRequired } = one;
  const isThere = isRequired || value !== undefined;
  return html`<fieldset><legend>${label}</legend>${about(one)}
    ${isRequired ? nothing : html`<button type="button" @click=${() => form.set(path, isThere ? undefined : {})}>${isThere ? t("Leave out") : t("Add")}</button>`}
    ${isThere ? fields(form, schema, path, value) : nothing}</fieldset>`;
}

function variants(one) {
  const { form, path, label, value, schema, isRequired } = one;
  const choices = variantsOf(schema, form.definitions);
  const chosen = choices[value?.[VARIANT]];
  const choose = (event) => form.set(path, event.target.value === "" ? undefined : { [VARIANT]: Number(event.target.value) });
  return html`<fieldset><legend>${label}</legend>${about(one)}
    <select aria-label=${label} ?required=${isRequired} @change=${choose}><option value="">—</option>
      ${choices.map(({ name }, place) => html`<option value=${place} ?selected=${value?.[VARIANT] === place}>${codeWord(name)}</option>`)}</select>
    ${chosen ? fields(form, chosen.schema, path, value) : nothing}</fieldset>`;
}

function list(one) {
  const { form, path, label, value = [], schema } = one;
  const first = kindOf(schema.items, form.definitions) === "parts" ? {} : "";
  const isFull = value.length >= (schema.maxItems ?? Infinity);
  return html`<fieldset><legend>${label}</legend>${about(one)}
    ${value.map((each, place) => html`<div class="of-list">${field(form, schema.items, `${path}[${place}]`, `${label} ${place + 1}`, each, true)}
      <button type="button" @click=${() => form.set(path, value.filter((_, other) => other !== place))}>${t("Remove {name}", { name: `${label} ${place + 1}` })}</button></div>`)}
    <button type="button" ?disabled=${isFull} @click=${() => form.set(path, [...value, first])}>${t("Add to {name}", { name: label })}</button></fieldset>`;
}

function leaf(one) {
  const { kind, path, label, isRequired } = one;
  return html`<div class="field ${kind}">
    ${kind === "flag" ? nothing : html`<label for="field-${path}">${label}${isRequired ? nothing : html` <span class="faint">${t("(optional)")}</span>`}</label>`}
    ${INPUTS[kind](one)}${about(one)}${errorNote(one)}</div>`;
}

const INPUTS = { text, prose, json: prose, choice, flag, number: text, day: text, moment: text, money };
const TYPES = { number: "number", day: "date", moment: "datetime-local" };

function text(one) {
  const { kind, schema, value } = one;
  return html`<input id="field-${one.path}" type=${TYPES[kind] ?? "text"} step=${schema.type === "number" ? "any" : nothing} min=${schema.minimum ?? nothing} max=${schema.maximum ?? nothing}
    minlength=${schema.minLength ?? nothing} maxlength=${schema.maxLength ?? nothing} ?required=${one.isRequired} aria-describedby=${described(one)} aria-invalid=${isInvalid(one)}
    autocomplete="off" .value=${value ?? ""} @input=${(event) => one.form.set(one.path, event.target.value)}>`;
}

function prose(one) {
  return html`<textarea id="field-${one.path}" rows="4" maxlength=${one.schema.maxLength ?? nothing} ?required=${one.isRequired} aria-describedby=${described(one)} aria-invalid=${isInvalid(one)}
    .value=${one.value ?? ""} @input=${(event) => one.form.set(one.path, event.target.value)}></textarea>`;
}

function choice(one) {
  return html`<select id="field-${one.path}" ?required=${one.isRequired} aria-describedby=${described(one)} aria-invalid=${isInvalid(one)} @change=${(event) => one.form.set(one.path, event.target.value)}>
    <option value="">—</option>${one.schema.enum.map((code) => html`<option value=${code} ?selected=${one.value === code}>${codeWord(code)}</option>`)}</select>`;
}

function flag(one) {
  return html`<label><input id="field-${one.path}" type="checkbox" aria-describedby=${described(one)} .checked=${Boolean(one.value)} @change=${(event) => one.form.set(one.path, event.target.checked)}> ${one.label}</label>`;
}

function money(one) {
  const { form, path, label, isRequired, value = {} } = one;
  const currency = value.currency ?? form.currency ?? "";
  const set = (part) => form.set(path, { currency, ...value, ...part });
  return html`<span class="pair"><input id="field-${path}" inputmode="decimal" autocomplete="off" ?required=${isRequired} aria-describedby=${described(one)} aria-invalid=${isInvalid(one)}
      .value=${value.amount ?? ""} @input=${(event) => set({ amount: event.target.value })}>
    <input aria-label=${t("Currency of {name}", { name: label })} size="3" maxlength="3" autocomplete="off" ?required=${isRequired} .value=${currency} @input=${(event) => set({ currency: event.target.value.toUpperCase() })}></span>`;
}

const about = (one) => (says(one) ? html`<small class="faint" id="about-${one.path}">${withNames(says(one))}</small>` : nothing);
const says = ({ says, schema }) => [says ?? schema.description, schema.written_as && t("Written as: {form}.", { form: schema.written_as })].filter(Boolean).join(" ");
const isInvalid = (one) => (isRefused(one) ? "true" : nothing);

/** Whether the problem is about this field, or about one in it. */
function isRefused({ form, path }) {
  const param = form.problem?.document.param ?? "";
  return isAbout(param, path) || param.startsWith(`${path}.`);
}

function errorNote(one) {
  if (!isRefused(one)) return nothing;
  const { detail, title, fix } = one.form.problem.document;
  return html`<p class="refused" id="refused-${one.path}" role="alert">${withNames(`${detail ?? title} ${fix ?? ""}`)}</p>`;
}

function described(one) {
  const ids = [says(one) ? `about-${one.path}` : "", isRefused(one) ? `refused-${one.path}` : ""].filter(Boolean);
  return ids.length ? ids.join(" ") : nothing;
}
