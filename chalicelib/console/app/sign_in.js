// The way in: in a sandbox a choice of duties, elsewhere the identity provider.

import { Part, html, nothing } from "./part.js";
import { enterSandbox, leaveForSignIn } from "./session.js";
import { stage } from "./stage.js";
import { t } from "./texts.js";
import { carry } from "./unsent.js";

/** What was written here comes back with who goes to sign in. */
function leave() {
  carry();
  void leaveForSignIn();
}

const DUTIES = ["claims", "deposits", "risk", "payments", "channels", "legal"];

class SignIn extends Part {
  static properties = { why: {}, refused: { state: true } };

  render() {
    return html`<section class="card sign-in"><h1>${t("Officers' console")}</h1>
      ${this.why && !this.refused ? html`<p class="note warn" role="alert">${this.why}</p>` : nothing}
      <problem-note .problem=${this.refused}></problem-note>
      ${stage.sandbox ? this.#sandbox() : stage.sign_in ? html`<p><button class="main" @click=${leave}>${t("Sign in")}</button></p>` : html`<p class="note bad">${t("Nobody can sign in here yet: this stage names no identity provider for the console.")}</p>`}
    </section>`;
  }

  #sandbox() {
    return html`<p>${t("This is a sandbox: choose who you are.")}</p>
      <p class="buttons"><button class="main" @click=${() => this.#enter(["admin"])}>${t("An officer with every duty")}</button></p>
      <form @submit=${this.#chosen}><fieldset><legend>${t("An officer with these duties")}</legend>
        ${DUTIES.map((duty) => html`<label><input type="checkbox" name="duty" value=${duty}> ${duty}</label>`)}</fieldset>
        <div class="field text"><label for="sub">${t("Called")}</label><input id="sub" name="sub" value="me" required pattern="[!-~]{1,100}" autocomplete="off"></div>
        <p class="buttons"><button>${t("Begin")}</button></p></form>`;
  }

  #chosen(event) {
    event.preventDefault();
    const form = new FormData(event.target);
    void this.#enter(form.getAll("duty"), form.get("sub"));
  }

  async #enter(duties, sub = "me") {
    try {
      await enterSandbox(sub, duties);
    } catch (problem) {
      this.refused = problem;
    }
  }
}
customElements.define("sign-in", SignIn);
