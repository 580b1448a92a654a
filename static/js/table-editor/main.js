// The table editor of a change request. <div data-table-editor> holds the toolbar and an empty grid; the table itself
// comes as JSON beside it. The server reads every cell, checks the whole and keeps it; the page keeps what was typed.

import { format, looksLikeTitles, parse } from "./clipboard.js";
import { MergeDialog, PasteDialog } from "./dialogs.js";
import { bindKeys } from "./keys.js";
import { merge, settled } from "./merge.js";
import { Model, plural } from "./model.js";
import { Talk, clock } from "./talk.js";
import { View } from "./view.js";

class Editor {
  constructor(root) {
    const data = JSON.parse(document.getElementById("table-data").textContent);
    this.root = root;
    this.data = data;
    this.model = new Model(data);
    this.talk = new Talk(root, data);
    this.view = new View(root, this.model, { onEdit: () => this.moved() });
    this.paster = new PasteDialog(root, this.model, { insert: (edits, at, count) => this.insertPasted(edits, at, count) });
    this.merger = new MergeDialog(root, { settle: (choices) => this.settle(choices) });
    this.said = [];
    this.actions = {
      undo: () => this.model.undo() || this.say("Отменять больше нечего."),
      redo: () => this.model.redo() || this.say("Возвращать больше нечего."),
      save: () => this.save(),
      insert: (kind) => this.insert(kind),
      removeRows: () => this.removeRows(),
      move: (step) => this.move(step),
      indent: (step) => this.indent(step),
      clear: () => this.clear(),
      fillDown: () => this.fillDown(),
      renumber: () => this.model.renumber() || this.say("Номера уже идут по порядку."),
      addYear: () => this.addYear(),
      removeYear: () => this.removeYear(),
      paste: () => this.paster.open("", { ...this.view.at }),
      leave: () => root.querySelector("[data-action=save]").focus(),
    };
    bindKeys(this.view, this.actions);
    this.bind();
    this.model.onChange(() => this.changed());
    this.view.draw();
    this.showFindings(this.model.rows, data);
    this.drawYears();
    this.drawState();
    this.moved();
    this.offerKept();
    root.hidden = false;
  }

  bind() {
    this.root.addEventListener("click", (event) => {
      const button = event.target.closest("[data-action]");
      if (button) this.actions[button.dataset.action]?.(button.dataset.kind || Number(button.dataset.step) || undefined);
      const jump = event.target.closest("[data-jump]");
      if (jump) this.jump(jump.dataset.jump, jump.dataset.field);
    });
    for (const name of ["copy", "cut", "paste"]) document.addEventListener(name, (event) => this.clipboard(event));
    window.addEventListener("beforeunload", (event) => {
      if (!this.model.isDirty) return;
      this.talk.keepNow(() => this.content());
      event.preventDefault();
    });
    document.addEventListener("keydown", (event) => {
      if (event.code === "KeyS" && (event.ctrlKey || event.metaKey) && !event.defaultPrevented) {
        event.preventDefault();
        this.view.commit();
        this.save();
      }
    });
  }

  changed() {
    this.view.draw();
    this.drawYears();
    this.drawState();
    this.moved();
    if (this.model.isDirty) this.talk.keep(() => this.content());
    else this.talk.forget();
    this.ask();
  }

  // --- What is said about the table --------------------------------------------------------------------------

  ask() {
    let sent = null;
    this.talk.check(
      () => this.model.version,
      () => {
        sent = this.model.state;
        return this.model.toSend();
      },
      (status, answer) => {
        if (status !== 200) {
          this.drawState(status ? answer.message : "нет связи – правки хранятся на этом устройстве");
          return;
        }
        this.model.settleKinds(sent, answer.rows);
        this.showFindings(sent.rows, answer);
        if (answer.meanwhile) this.drawState(`запрос тем временем изменён (${answer.meanwhile}): при сохранении правки сложатся`);
      },
    );
  }

  showFindings(rows, answer) {
    const all = [...(answer.refusals ?? []), ...answer.findings];
    this.said = all.map((item) => ({ ...item, key: item.row === null ? null : rows[item.row]?.key }));
    this.view.mark(this.said);
    const list = this.root.querySelector("[data-findings]");
    list.replaceChildren(...this.said.map((item) => this.findingLine(item)));
    const title = this.root.querySelector("[data-findings-title]");
    title.textContent = this.said.length ? plural(this.said.length, "замечание", "замечания", "замечаний") : "Замечаний к разделу нет";
    this.root.querySelector("[data-elsewhere]").textContent = answer.elsewhere.length ? `В других разделах: ${answer.elsewhere.join("; ")}.` : "";
    this.showGone(answer.gone);
    this.moved();
  }

  findingLine({ key, field, severity, message }) {
    const item = document.createElement("li");
    item.className = `te-finding te-finding-${severity}`;
    const word = document.createElement("span");
    word.className = "te-severity";
    word.textContent = { refused: "не сохранится", error: "ошибка", warning: "предупреждение", notice: "замечание" }[severity];
    item.append(word, " ");
    if (key) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "button-link";
      button.dataset.jump = key;
      button.dataset.field = field;
      button.textContent = message;
      item.append(button);
    } else item.append(message);
    return item;
  }

  showGone(gone) {
    const box = this.root.querySelector("[data-gone]");
    box.hidden = !gone.count;
    const more = gone.count - gone.names.length;
    const names = gone.names.map((name) => {
      const item = document.createElement("li");
      item.textContent = name;
      return item;
    });
    if (more > 0) names.push(Object.assign(document.createElement("li"), { textContent: `и ещё ${plural(more, "строка", "строки", "строк")}` }));
    box.querySelector("[data-names]").replaceChildren(...names);
  }

  jump(key, field) {
    const row = this.model.rows.findIndex((known) => known.key === key);
    const column = this.model.columns.findIndex((known) => known.field === field);
    if (row >= 0) this.view.go(row, Math.max(column, this.data.fixed ? 1 : 0));
  }

  // The line over the table: where one stands, and what is said about this cell.
  moved() {
    const { row, column } = this.view.at;
    const line = this.model.rows[row];
    const bar = this.root.querySelector("[data-here]");
    const title = this.model.columns[column]?.title ?? "";
    bar.querySelector("[data-place]").textContent = line ? `Строка ${row + 1}, «${this.data.fixed ? line.cells.label : title}»` : "Строк пока нет";
    bar.querySelector("[data-note]").textContent = this.view.saidAt(row, column).map((item) => item.message).join(" ");
    const year = this.model.columns[column]?.year;
    const button = this.root.querySelector("[data-action=removeYear]");
    if (button) {
      button.disabled = !year;
      button.textContent = year ? `Убрать ${year} год` : "Убрать год";
    }
  }

  say(words) {
    this.root.querySelector("[data-live]").textContent = words;
  }

  drawState(words) {
    const state = this.root.querySelector("[data-state]");
    const { isDirty } = this.model;
    state.textContent = words ?? (isDirty ? "есть несохранённые правки" : this.savedAt ? `сохранено ${this.savedAt}` : "изменений нет");
    state.dataset.state = isDirty ? "dirty" : "saved";
    this.root.querySelector("[data-action=undo]").disabled = !this.model.past.length;
    this.root.querySelector("[data-action=redo]").disabled = !this.model.future.length;
  }

  // --- Rows and cells ------------------------------------------------------------------------------------------

  insert(kind) {
    const { bottom } = this.view.range;
    const at = this.model.rows.length ? bottom + 1 : 0;
    const place = this.data.fixed ? this.model.rows.length : at;
    this.model.insert(place, kind ?? this.model.rows[bottom]?.kind);
    this.view.go(place, this.firstEmpty(place));
    this.say("Добавлена строка.");
  }

  firstEmpty(row) {
    const found = this.model.columns.findIndex((column) => column.field !== "label" && !this.model.rows[row].cells[column.field]);
    return Math.max(0, found);
  }

  removeRows() {
    const { top, bottom } = this.view.range;
    if (!this.model.rows.length) return;
    if (!this.model.remove(top, bottom)) {
      this.say("Эту строку требует форма паспорта: её можно очистить, но не удалить.");
      return;
    }
    this.view.go(Math.min(top, this.model.rows.length - 1), this.view.at.column);
    if (!this.model.rows.length) this.root.querySelector("[data-action=insert]").focus();
    this.say(`Удалено: ${plural(bottom - top + 1, "строка", "строки", "строк")}. Вернуть: Ctrl+Z.`);
  }

  move(step) {
    const { top, bottom } = this.view.range;
    if (!this.model.move(top, bottom, step)) {
      this.say("Дальше двигать некуда.");
      return;
    }
    this.view.from.row += step;
    this.view.go(this.view.at.row + step, this.view.at.column, { extend: true });
    this.say(`Строка теперь ${this.view.at.row + 1}-я.`);
  }

  indent(step) {
    const { top, bottom } = this.view.range;
    if (!this.model.indent(top, bottom, step)) {
      this.say(step > 0 ? "Глубже уровня нет." : "Выше уровня нет.");
      return;
    }
    const kind = this.model.kindOf(this.model.rows[top].kind);
    this.say(`Теперь это ${kind.name}.`);
    if (this.data.numbered !== "sources" || top !== bottom) return;
    this.view.go(top, this.model.columns.findIndex((column) => column.field === "name"));
    this.view.edit({ replace: true });
    this.say(`Теперь это ${kind.name}: выберите название. Прежнее вернёт Ctrl+Z.`);
  }

  clear() {
    const { top, bottom, left, right } = this.view.range;
    const edits = [];
    for (let row = top; row <= bottom; row += 1) {
      for (const column of this.model.columns.slice(left, right + 1)) edits.push([row, column.field, ""]);
    }
    this.model.setCells(edits);
  }

  fillDown() {
    const { top, bottom, left, right } = this.view.range;
    const edits = [];
    for (let row = top + 1; row <= bottom; row += 1) {
      for (const { field } of this.model.columns.slice(left, right + 1)) edits.push([row, field, this.model.rows[top].cells[field] ?? ""]);
    }
    this.model.setCells(edits);
  }

  // --- Years ------------------------------------------------------------------------------------------------------

  drawYears() {
    const select = this.root.querySelector("[data-year]");
    if (!select) return;
    const [first, last] = this.data.term;
    const known = this.model.years.map(Number);
    const from = Math.min(first ?? Infinity, ...known.map((year) => year - 1));
    const to = Math.max(last ?? -Infinity, ...known.map((year) => year + 1));
    const now = new Date().getFullYear();
    const [begin, end] = Number.isFinite(from) && Number.isFinite(to) ? [from, to] : [now - 1, now + 6];
    const free = [];
    for (let year = begin; year <= end && free.length < 60; year += 1) if (!known.includes(year)) free.push(year);
    const outside = (year) => (first && year < first) || (last && year > last);
    const chosen = select.value;
    select.replaceChildren(...free.map((year) => new Option(outside(year) ? `${year} – вне срока проекта` : `${year}`, year)));
    const within = free.find((year) => !outside(year));
    select.value = free.includes(Number(chosen)) ? chosen : `${within ?? free.at(-1) ?? ""}`;
  }

  addYear() {
    const { value } = this.root.querySelector("[data-year]");
    if (!value) return;
    this.model.addYear(value);
    this.view.go(this.view.at.row, this.model.columns.findIndex((column) => column.year === value));
    this.say(`Добавлена графа ${value} года.`);
  }

  removeYear() {
    const { year } = this.model.columns[this.view.at.column] ?? {};
    if (!year) return;
    this.model.removeYear(year);
    this.say(`Убрана графа ${year} года. Вернуть: Ctrl+Z.`);
  }

  // --- Clipboard --------------------------------------------------------------------------------------------------

  clipboard(event) {
    if (this.view.editing || !this.view.hasFocus) return;
    event.preventDefault();
    if (event.type === "paste") {
      this.paste(event.clipboardData.getData("text/plain"));
      return;
    }
    const { top, bottom, left, right } = this.view.range;
    const columns = this.model.columns.slice(left, right + 1);
    const rows = this.model.rows.slice(top, bottom + 1);
    event.clipboardData.setData("text/plain", format(rows.map((row) => columns.map(({ field }) => row.cells[field] ?? ""))));
    if (event.type === "cut") this.clear();
    this.say(`${event.type === "cut" ? "Вырезано" : "Скопировано"}: ${plural(rows.length * columns.length, "клетка", "клетки", "клеток")}.`);
  }

  paste(text) {
    if (!text) return;
    const block = parse(text);
    const { top, bottom, left, right } = this.view.range;
    const columns = this.model.columns;
    const width = Math.max(...block.map((row) => row.length));
    // More columns than there are to the right, or a row of titles: a person says which is which, and nothing is lost.
    if (left + width > columns.length || (block.length > 1 && looksLikeTitles(block[0], columns))) {
      this.paster.open(text, { row: top, column: left });
      return;
    }
    if (block.length === 1 && width === 1 && (top !== bottom || left !== right)) {
      const edits = [];
      for (let row = top; row <= bottom; row += 1) {
        for (const { field } of columns.slice(left, right + 1)) edits.push([row, field, block[0][0]]);
      }
      this.model.setCells(edits);
      return;
    }
    const edits = block.flatMap((row, at) => row.map((words, column) => [top + at, columns[left + column].field, words]));
    const lost = this.data.fixed ? Math.max(0, top + block.length - this.model.rows.length) : 0;
    this.insertPasted(edits, top, block.length - lost);
    if (lost) this.say(`Не поместилось: ${plural(lost, "строка", "строки", "строк")}. Они остались в буфере обмена.`);
  }

  insertPasted(edits, at, count) {
    this.model.setCells(edits);
    this.view.go(at, this.view.at.column);
    this.say(`Вставлено: ${plural(count, "строка", "строки", "строк")}. Вернуть как было: Ctrl+Z.`);
  }

  // --- Saving ------------------------------------------------------------------------------------------------------

  async save() {
    this.view.commit();
    if (this.saving) return;
    this.saving = true;
    this.drawState("сохраняем…");
    const sent = this.model.state;
    try {
      const { status, answer } = await this.talk.save(this.model.version, this.model.toSend());
      this.answered(status, answer, sent);
    } catch {
      this.talk.keepNow(() => this.content());
      this.drawState("нет связи – правки хранятся на этом устройстве");
    } finally {
      this.saving = false;
    }
  }

  answered(status, answer, sent) {
    if (status === 200) {
      const empty = sent.years.filter((year) => !answer.years.includes(year)).join(", ");
      this.savedAt = empty ? `${answer.saved}, без пустой графы ${empty}: она войдёт в паспорт с первым числом` : answer.saved;
      this.model.saved(sent, answer);
      this.talk.dropCheck();
      this.showFindings(sent.rows, answer);
      this.say(`Сохранено в ${answer.saved}.`);
      return;
    }
    this.talk.keepNow(() => this.content());
    this.drawState(answer.message ?? "портал не принял сохранение – правки хранятся на этом устройстве");
    if (answer.grid) this.meet(answer.message, answer.grid);
    else if (answer.refusals) {
      this.showFindings(sent.rows, { ...answer, findings: [], elsewhere: [], gone: { count: 0, names: [] } });
      this.jump(this.said[0].key, this.said[0].field);
    }
  }

  // Somebody saved meanwhile: her table is laid beside this one.
  meet(message, grid) {
    const years = [...new Set([...grid.years, ...this.model.years])].sort();
    const columns = [
      ...grid.columns.filter((column) => !grid.yearly || !column.field.startsWith(`${grid.yearly}.`)),
      ...years.map((year) => ({ field: `${grid.yearly}.${year}`, title: year })),
    ];
    const known = new Map();
    const lay = (mine) => {
      const idOf = (row) => this.model.ids.get(row.key) ?? row.key;
      return merge({ base: this.model.base.rows, mine, theirs: grid.rows, columns, idOf, known });
    };
    const found = lay(this.model.rows);
    this.meeting = { grid, found, lay };
    this.merger.open(message, found);
  }

  settle(choices) {
    const { grid, found, lay } = this.meeting;
    this.model.merged(grid, settled(found.rows, found.asked, choices), (rows) => lay(rows).rows);
    this.save();
  }

  // --- What is kept on this device ---------------------------------------------------------------------------------

  content() {
    const { base, version, ids } = this.model;
    const keyed = (rows) => rows.map((row) => ({ ...row, key: ids.get(row.key) ?? row.key }));
    return {
      version,
      base: { rows: keyed(base.rows), years: base.years },
      rows: keyed(this.model.rows),
      years: this.model.years,
    };
  }

  offerKept() {
    const kept = this.talk.kept();
    const offer = this.root.querySelector("[data-kept]");
    if (!kept?.rows) return;
    offer.hidden = false;
    offer.querySelector("[data-kept-time]").textContent = kept.at ?? clock();
    offer.querySelector("[data-kept-take]").addEventListener("click", () => {
      offer.hidden = true;
      this.takeKept(kept);
    });
    offer.querySelector("[data-kept-drop]").addEventListener("click", () => {
      offer.hidden = true;
      this.talk.forget();
    });
  }

  takeKept(kept) {
    this.model.made += kept.rows.length; // a new row of then must not be taken for one of now
    const rows = kept.rows.map((row, at) => (row.key.startsWith("new-") ? { ...row, key: `new-kept-${at}` } : row));
    if (kept.version === this.model.version) {
      this.model.change(rows, kept.years);
      return;
    }
    const { data } = this;
    const grid = { ...data, version: this.model.version, rows: this.model.base.rows, years: this.model.base.years };
    this.model.rebase({ ...kept.base, version: kept.version });
    this.model.show({ rows, years: kept.years });
    this.meet("Пока правки лежали на этом устройстве, запрос изменили.", grid);
  }
}

const root = document.querySelector("[data-table-editor]");
if (root) new Editor(root);
