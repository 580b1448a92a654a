// Two dialogs: what to do with rows that came from a spreadsheet, and what to keep where two people wrote.

import { columnsByTitles, looksLikeTitles, parse } from "./clipboard.js";
import { named } from "./merge.js";
import { plural } from "./model.js";

const SHOWN_ROWS = 6;

export class PasteDialog {
  constructor(root, model, { insert }) {
    this.dialog = root.querySelector("[data-paste]");
    this.model = model;
    this.insert = insert;
    this.text = this.dialog.querySelector("textarea");
    this.titles = this.dialog.querySelector("[data-titles]");
    this.preview = this.dialog.querySelector("[data-preview]");
    this.button = this.dialog.querySelector("[data-insert]");
    this.said = this.dialog.querySelector("[data-said]");
    this.text.addEventListener("input", () => this.read());
    this.titles.addEventListener("change", () => this.show());
    this.button.addEventListener("click", () => this.take());
    this.dialog.querySelectorAll("[data-close]").forEach((button) => button.addEventListener("click", () => this.dialog.close()));
  }

  open(text, place) {
    this.place = place;
    this.text.value = text;
    this.read();
    this.dialog.showModal();
    this.text.focus();
  }

  get free() {
    return this.model.columns.filter((column) => column.field !== "label");
  }

  read() {
    this.block = this.text.value.trim() ? parse(this.text.value) : [];
    this.titles.checked = this.block.length > 1 && looksLikeTitles(this.block[0], this.free);
    this.show();
  }

  show() {
    const width = Math.max(0, ...this.block.map((row) => row.length));
    const first = this.free.findIndex((column) => column.field === this.model.columns[this.place.column]?.field);
    this.chosen = this.titles.checked
      ? columnsByTitles(this.block[0], this.free)
      : Array.from({ length: width }, (_, at) => this.free[Math.max(0, first) + at]?.field ?? "");
    while (this.chosen.length < width) this.chosen.push("");
    this.preview.replaceChildren(...(width ? [this.drawn(width)] : []));
    this.tell();
  }

  get rows() {
    return this.titles.checked ? this.block.slice(1) : this.block;
  }

  tell() {
    const lost = this.chosen.filter((field, at) => !field && this.rows.some((row) => row[at])).length;
    const twice = this.chosen.some((field, at) => field && this.chosen.indexOf(field) !== at);
    const words = [];
    if (this.rows.length) words.push(`Будет вставлено: ${plural(this.rows.length, "строка", "строки", "строк")}.`);
    if (lost) words.push(`Без своей графы: ${plural(lost, "столбец", "столбца", "столбцов")} – выберите графу, или он не будет вставлен.`);
    if (twice) words.push("Одна графа выбрана дважды: оставьте её одному столбцу.");
    this.said.textContent = words.join(" ");
    this.button.disabled = !this.rows.length || twice || !this.chosen.some(Boolean);
  }

  drawn(width) {
    const table = document.createElement("table");
    table.className = "table table-dense";
    const head = table.createTHead().insertRow();
    for (let at = 0; at < width; at += 1) {
      const cell = document.createElement("th");
      cell.scope = "col";
      const select = document.createElement("select");
      select.className = "te-select";
      select.setAttribute("aria-label", `Графа для столбца ${at + 1}`);
      select.append(new Option("не вставлять", ""), ...this.free.map((column) => new Option(column.title, column.field)));
      select.value = this.chosen[at];
      select.addEventListener("change", () => {
        this.chosen[at] = select.value;
        this.tell();
      });
      cell.append(select);
      head.append(cell);
    }
    const body = table.createTBody();
    for (const row of this.rows.slice(0, SHOWN_ROWS)) {
      const line = body.insertRow();
      for (let at = 0; at < width; at += 1) line.insertCell().textContent = row[at] ?? "";
    }
    return table;
  }

  take() {
    const at = this.dialog.querySelector("[name=where]:checked").value === "end" ? this.model.rows.length : this.place.row;
    const edits = this.rows.flatMap((row, index) =>
      row.map((words, column) => [at + index, this.chosen[column], words]).filter(([, field]) => field),
    );
    this.dialog.close();
    this.insert(edits, at, this.rows.length);
  }
}

export class MergeDialog {
  constructor(root, { settle }) {
    this.dialog = root.querySelector("[data-merge]");
    this.dialog.querySelector("[data-settle]").addEventListener("click", () => {
      const choices = this.asked.map((_, at) => this.dialog.querySelector(`[name="choice-${at}"]:checked`).value);
      this.dialog.close();
      settle(choices);
    });
    this.dialog.querySelector("[data-all-mine]").addEventListener("click", () => this.choose("mine"));
    this.dialog.querySelector("[data-all-theirs]").addEventListener("click", () => this.choose("theirs"));
  }

  choose(whose) {
    this.dialog.querySelectorAll(`input[value="${whose}"]`).forEach((input) => {
      input.checked = true;
    });
  }

  open(message, { taken, asked }) {
    this.asked = asked;
    this.dialog.querySelector("[data-said]").textContent = message;
    const questions = this.dialog.querySelector("[data-asked]");
    const others = this.dialog.querySelector("[data-taken]");
    questions.closest("section").hidden = !asked.length;
    others.closest("section").hidden = !taken.length;
    questions.replaceChildren(...asked.map((question, at) => this.question(question, at)));
    others.replaceChildren(
      ...taken.map(({ row, title, base, theirs }) => {
        const item = document.createElement("li");
        item.textContent = `${named(row)} · ${title}: ${base ? `«${base}» → ` : ""}${theirs ? `«${theirs}»` : "очищено"}`;
        return item;
      }),
    );
    this.dialog.showModal();
  }

  question({ row, title, base, mine, theirs }, at) {
    const set = document.createElement("fieldset");
    set.className = "te-question";
    const legend = document.createElement("legend");
    legend.textContent = `${named(row)} · ${title}`;
    set.append(legend);
    if (base) {
      const was = document.createElement("p");
      was.className = "soft small";
      was.textContent = `Было: ${base}`;
      set.append(was);
    }
    for (const [value, whose, words] of [
      ["mine", "Оставить моё", mine],
      ["theirs", "Взять у коллеги", theirs],
    ]) {
      const label = document.createElement("label");
      const input = document.createElement("input");
      Object.assign(input, { type: "radio", name: `choice-${at}`, value, checked: value === "mine" });
      label.append(input, ` ${whose}: ${words ? `«${words}»` : "пусто"}`);
      set.append(label);
    }
    return set;
  }
}
