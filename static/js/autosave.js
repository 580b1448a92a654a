// Autosave of a form: <form data-autosave="address" data-draft="key">, with <p data-saving> where the state is said.
// The address gets the fields by POST and answers with JSON: {"saved": "12:40", "version": 3, "errors": {},
// "warnings": {"field": "sentence"}, "computed": {"id": "words"}}; the version goes into the hidden field of that name. What is refused as a whole
// is answered with {"message": "sentence"}.
// What could not be sent is kept on this device under the key, and offered when the page is opened again.
"use strict";

const SAVE_AFTER = 1200;
const TRY_AGAIN_AFTER = 15000;
const PREFIX = "draft:";
const NOT_KEPT = new Set(["csrfmiddlewaretoken", "version"]);

function clock(date = new Date()) {
  return date.toLocaleTimeString("ru", { hour: "2-digit", minute: "2-digit" });
}

function touched(field) {
  if (field.type === "checkbox" || field.type === "radio") return field.checked !== field.defaultChecked;
  return field.type !== "file" && field.defaultValue !== undefined && field.value !== field.defaultValue;
}

class Autosave {
  constructor(form) {
    this.form = form;
    this.key = PREFIX + form.dataset.draft;
    this.said = form.querySelector("[data-saving]");
    this.timer = 0;
    this.running = false;
    this.changes = 0;
    this.savedChanges = 0;
    this.afterSave = null;
    // Not «change»: it comes when a button is pressed, and words that change then would move the button away.
    form.addEventListener("input", (event) => this.changed(event));
    form.addEventListener("submit", (event) => this.leave(event));
    window.addEventListener("online", () => this.pending && this.save());
    window.addEventListener("offline", () => this.pending && this.keep("offline"));
    window.addEventListener("beforeunload", (event) => this.warn(event));
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "hidden" && this.pending) this.save();
    });
    this.offerDraft();
    // On a slow line people type before this script has arrived.
    const early = [...form.elements].find(touched);
    if (early) this.changed({ target: early });
  }

  get pending() {
    return this.changes !== this.savedChanges;
  }

  changed(event) {
    if (event.target.type === "file" || !event.target.name) return;
    this.changes += 1;
    this.say("dirty", "есть несохранённые изменения");
    this.wait(SAVE_AFTER);
  }

  wait(milliseconds) {
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.save(), milliseconds);
  }

  // Values of the fields without files: those go with the form itself.
  values() {
    return [...new FormData(this.form)].filter(([name, value]) => typeof value === "string" && !NOT_KEPT.has(name));
  }

  async save() {
    window.clearTimeout(this.timer);
    if (this.running) {
      this.wait(SAVE_AFTER);
      return;
    }
    this.running = true;
    const sending = this.changes;
    this.say("saving", "сохраняем…");
    try {
      const body = new FormData();
      for (const [name, value] of this.values()) body.append(name, value);
      if (this.form.elements.version) body.append("version", this.form.elements.version.value);
      const response = await fetch(this.form.dataset.autosave, {
        method: "POST",
        body,
        redirect: "manual",
        headers: { "X-CSRFToken": this.form.elements.csrfmiddlewaretoken.value, Accept: "application/json" },
      });
      await this.answered(response, sending);
    } catch {
      this.keep("offline");
      this.wait(TRY_AGAIN_AFTER);
    } finally {
      this.running = false;
    }
    const afterSave = this.afterSave;
    this.afterSave = null;
    afterSave?.();
  }

  async answered(response, sending) {
    if (response.ok) {
      const answer = await response.json();
      this.savedChanges = sending;
      if (answer.version !== undefined && this.form.elements.version) this.form.elements.version.value = answer.version;
      if (!this.pending && Object.keys(answer.errors ?? {}).length) {
        // What was refused is nowhere but on this page: kept here, it is still there after leaving.
        this.keep("partly", answer.saved ?? clock());
      } else if (!this.pending) {
        this.dropDraft();
        this.say("saved", `сохранено ${answer.saved ?? clock()}`);
      }
      if (answer.warnings) this.showMessages("warning", answer.warnings);
      if (answer.errors) this.showMessages("error", answer.errors);
      this.showComputed(answer);
    } else if (response.status >= 500) {
      this.keep("offline");
      this.wait(TRY_AGAIN_AFTER);
    } else {
      // Signed out, or the form was closed or sent meanwhile: sending it again would not help.
      const refusal = await response.json().catch(() => ({}));
      this.keep("refused", refusal.message);
    }
  }

  keep(state, reason) {
    const words = {
      saving: "отправляем…",
      partly: `сохранено ${reason}, кроме отмеченного красным`,
      offline: "нет связи — черновик сохранён на этом устройстве",
      refused: `${reason ?? "портал не принял сохранение"} Набранное сохранено на этом устройстве, обновите страницу.`,
    };
    try {
      localStorage.setItem(this.key, JSON.stringify({ at: clock(), values: this.values() }));
      this.say(state, words[state]);
    } catch {
      this.say(state, "нет связи — не закрывайте страницу, чтобы не потерять введённое");
    }
  }

  dropDraft() {
    try {
      localStorage.removeItem(this.key);
    } catch {
      // Storage is switched off: there is nothing to remove.
    }
  }

  offerDraft() {
    let draft = null;
    try {
      draft = JSON.parse(localStorage.getItem(this.key));
    } catch {
      return;
    }
    const offer = this.form.querySelector("[data-draft-offer]");
    if (!draft || !offer) return;
    if (JSON.stringify(draft.values) === JSON.stringify(this.values())) {
      this.dropDraft();
      return;
    }
    offer.querySelector("[data-draft-time]").textContent = draft.at;
    this.form.prepend(offer); // above the questions: on a phone nobody scrolls to the end first
    offer.hidden = false;
    offer.querySelector("[data-draft-take]").addEventListener("click", () => {
      this.fill(draft.values);
      offer.hidden = true;
      this.changes += 1;
      this.save();
    });
    offer.querySelector("[data-draft-drop]").addEventListener("click", () => {
      this.dropDraft();
      offer.hidden = true;
    });
  }

  fill(values) {
    for (const name of new Set([...this.form.elements].map((field) => field.name))) {
      const wanted = values.filter(([known]) => known === name).map(([, value]) => value);
      for (const field of name ? this.form.querySelectorAll(`[name="${CSS.escape(name)}"]`) : []) {
        if (field.type === "checkbox" || field.type === "radio") field.checked = wanted.includes(field.value);
        else if (field.type !== "file" && field.type !== "hidden") field.value = wanted[0] ?? "";
      }
    }
  }

  // Puts the server's sentences under their fields, drawn as the component field_message draws them.
  showMessages(kind, messages) {
    const drawn = this.form.querySelector(`template[data-message="${kind}"]`).content;
    for (const place of this.form.querySelectorAll(`[id$="_${kind}"]`)) {
      const words = messages[place.id.slice("id_".length, -`_${kind}`.length)];
      place.replaceChildren();
      place.closest(".field")?.classList.toggle(kind === "error" ? "field-bad" : "field-warned", Boolean(words));
      if (!words) continue;
      const message = drawn.cloneNode(true);
      message.querySelector("span").textContent = words;
      place.append(message);
    }
  }

  // What the figures come to, and room to explain a figure that jumped.
  showComputed({ computed = {}, warnings = {} }) {
    for (const [id, words] of Object.entries(computed)) {
      const place = document.getElementById(id);
      if (place && place.textContent !== words) place.textContent = words;
    }
    for (const room of this.form.querySelectorAll("[data-why]")) {
      room.hidden = !(room.dataset.why in warnings || room.querySelector("textarea").value);
    }
  }

  // What is sent stays on this device as well until a page says it has arrived: the session may have ended meanwhile.
  leave(event) {
    window.clearTimeout(this.timer);
    if (this.running) {
      // The save under way raises the version of the form: sent before it is back, the form would seem outdated.
      event.preventDefault();
      this.afterSave = () => this.form.requestSubmit(event.submitter);
      return;
    }
    this.keep("saving");
    this.savedChanges = this.changes;
  }

  warn(event) {
    if (this.pending) event.preventDefault();
  }

  say(state, words) {
    if (!this.said) return;
    this.said.dataset.state = state;
    this.said.textContent = words;
  }
}

document.addEventListener("DOMContentLoaded", () => {
  // A page with data-draft-done="key" says that what was sent has arrived.
  document.querySelectorAll("[data-draft-done]").forEach((done) => {
    try {
      localStorage.removeItem(PREFIX + done.dataset.draftDone);
    } catch {
      // Storage is switched off: there is nothing to remove.
    }
  });
  document.querySelectorAll("form[data-autosave]").forEach((form) => new Autosave(form));
});
