// What goes to the server and comes back, and what is kept on this device until it is saved.

const CHECK_AFTER = 500;
const KEEP_AFTER = 800;

export class Talk {
  constructor(root, data) {
    this.data = data;
    this.token = root.querySelector("[name=csrfmiddlewaretoken]").value;
    this.question = null;
    this.asking = false;
    this.timers = {};
  }

  async post(address, version, payload) {
    const body = new FormData();
    body.append("version", version);
    body.append("rows", JSON.stringify(payload));
    const response = await fetch(address, {
      method: "POST",
      body,
      redirect: "manual",
      headers: { "X-CSRFToken": this.token, Accept: "application/json" },
    });
    // Signed out: the portal would lead to the page of signing in, and the words would be lost there.
    if (response.type === "opaqueredirect") {
      return { status: 401, answer: { message: "Сеанс закончился: войдите в соседней вкладке и сохраните снова." } };
    }
    const answer = await response.json().catch(() => ({}));
    return { status: response.status, answer };
  }

  save(version, payload) {
    return this.post(this.data.save, version, payload);
  }

  // Asks the checks when the typing has paused; of several questions only the last is answered.
  check(version, payload, then) {
    this.question = { version, payload, then };
    this.later("check", CHECK_AFTER, () => this.askNow());
  }

  // One question at a time: on a big passport the answer may take longer than the pause, and others use the portal too.
  async askNow() {
    const { question } = this;
    if (!question || this.asking) return;
    this.asking = true;
    const failed = { status: 0, answer: {} };
    const found = await this.post(this.data.check, question.version(), question.payload()).catch(() => failed);
    this.asking = false;
    if (question !== this.question) {
      this.later("check", CHECK_AFTER, () => this.askNow());
      return;
    }
    this.question = null;
    question.then(found.status, found.answer);
  }

  dropCheck() {
    window.clearTimeout(this.timers.check);
    this.question = null;
  }

  later(name, milliseconds, action) {
    window.clearTimeout(this.timers[name]);
    this.timers[name] = window.setTimeout(action, milliseconds);
  }

  keep(content) {
    this.later("keep", KEEP_AFTER, () => this.keepNow(content));
  }

  keepNow(content) {
    window.clearTimeout(this.timers.keep);
    try {
      localStorage.setItem(this.data.kept, JSON.stringify({ at: clock(), ...content() }));
    } catch {
      // Storage is full or switched off: leaving the page asks first.
    }
  }

  kept() {
    try {
      return JSON.parse(localStorage.getItem(this.data.kept));
    } catch {
      return null;
    }
  }

  forget() {
    window.clearTimeout(this.timers.keep);
    try {
      localStorage.removeItem(this.data.kept);
    } catch {
      // There is nothing to remove then.
    }
  }
}

export function clock(date = new Date()) {
  return date.toLocaleTimeString("ru", { hour: "2-digit", minute: "2-digit" });
}
