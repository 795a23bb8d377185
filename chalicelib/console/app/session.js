// Who has signed in. The token is kept in this page's memory and nowhere else: it is gone with the page.
//
// In a sandbox anybody chooses a role. Elsewhere: OAuth 2.0, authorization code with PKCE (RFC 7636) and an OpenID Connect nonce; what must
// outlive the way to the identity provider and back (verifier, state, nonce) is in sessionStorage, and removed as soon as it is read.

import { answered, read, stage } from "./stage.js";
import { t } from "./texts.js";

const ON_THE_WAY = "surety-sign-in";
export const changed = new EventTarget();

let held = null;
let ending = 0;

/** `{token, sub, role, duties, until}` of who is signed in, else null. */
export const session = () => held;

/** Whether who is signed in has one of these duties; an admin has all but `act`. No duty asked for: anybody has. */
export const holds = (duties) =>
  duties.length === 0 || duties.some((duty) => held?.duties.includes(duty)) || Boolean(held?.duties.includes("admin"));

/** Sign in to a sandbox as an officer with these duties. */
export async function enterSandbox(sub, duties) {
  const body = JSON.stringify({ role: "officer", sub, duties });
  const answer = await answered("v1/sandbox/tokens", posted(body, "application/json"));
  begin((await read(answer)).token);
}

/** Go to the identity provider; it comes back to this page. */
export async function leaveForSignIn() {
  const kept = { verifier: chance(), state: chance(), nonce: chance(), hash: location.hash };
  sessionStorage.setItem(ON_THE_WAY, JSON.stringify(kept));
  const url = new URL(stage.sign_in.authorize);
  const query = {
    response_type: "code",
    client_id: stage.sign_in.client,
    redirect_uri: ownAddress(),
    scope: "openid",
    state: kept.state,
    nonce: kept.nonce,
    code_challenge: base64url(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(kept.verifier))),
    code_challenge_method: "S256",
  };
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  location.assign(url);
}

/** Where the identity provider has sent us back, take the token it has for us. Throws what went wrong, in words. */
export async function comeBack() {
  const query = new URLSearchParams(location.search);
  if (!query.has("state")) return;
  const kept = JSON.parse(sessionStorage.getItem(ON_THE_WAY) ?? "{}");
  sessionStorage.removeItem(ON_THE_WAY);
  history.replaceState(null, "", ownAddress() + (kept.hash ?? ""));
  if (!kept.state || query.get("state") !== kept.state) throw new Error(t("That sign-in was not begun here. Begin again."));
  if (!query.has("code")) throw new Error(t("The identity provider did not sign you in: {reason}.", { reason: query.get("error") ?? "" }));
  const tokens = await exchanged(query.get("code"), kept.verifier);
  if (claimsOf(tokens.id_token ?? "").nonce !== kept.nonce) throw new Error(t("The identity provider answered another sign-in. Begin again."));
  begin(tokens.access_token);
}

export function signOut(why = "") {
  clearTimeout(ending);
  held = null;
  changed.dispatchEvent(new CustomEvent("change", { detail: why }));
}

async function exchanged(code, verifier) {
  const body = new URLSearchParams({ grant_type: "authorization_code", code, code_verifier: verifier, client_id: stage.sign_in.client, redirect_uri: ownAddress() });
  try {
    return await read(await answered(stage.sign_in.token, posted(body.toString(), "application/x-www-form-urlencoded")));
  } catch ({ status }) {
    throw new Error(t("The identity provider did not sign you in: {reason}.", { reason: status || t("it does not answer") }));
  }
}

function begin(token) {
  const claims = claimsOf(token);
  const names = stage.claims;
  if (claims[names.role] !== "officer") throw new Error(t("The console is for officers; this is the token of another role."));
  held = { token, sub: claims[names.sub], role: claims[names.role], duties: claims[names.duties] ?? [], until: claims.exp * 1000 };
  const left = Math.min(held.until - Date.now(), 2 ** 31 - 1);
  ending = setTimeout(() => signOut(t("Your session is over. Sign in again.")), left);
  changed.dispatchEvent(new CustomEvent("change", { detail: "" }));
}

/** What a token says. Whether it may be believed is judged where it is sent, not here. */
function claimsOf(token) {
  const middle = token.split(".")[1];
  if (!middle) return {};
  const bytes = Uint8Array.from(atob(middle.replace(/-/g, "+").replace(/_/g, "/")), (each) => each.charCodeAt(0));
  return JSON.parse(new TextDecoder().decode(bytes));
}

const posted = (body, media) => ({ method: "POST", body, headers: { "Content-Type": media } });
const ownAddress = () => location.origin + location.pathname;
const chance = () => base64url(crypto.getRandomValues(new Uint8Array(32)));
const base64url = (bytes) =>
  btoa(String.fromCharCode(...new Uint8Array(bytes))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
