// Words of a spreadsheet on the clipboard: tabs between cells, quotes around cells of several lines.

export function parse(text) {
  const rows = [[]];
  let cell = "";
  let quoted = false;
  const source = text.replace(/\r\n?/g, "\n").replace(/\n$/, "");
  for (let at = 0; at < source.length; at += 1) {
    const sign = source[at];
    if (quoted) {
      if (sign !== '"') cell += sign;
      else if (source[at + 1] === '"') {
        cell += '"';
        at += 1;
      } else quoted = false;
    } else if (sign === '"' && cell === "" && closes(source, at)) quoted = true;
    else if (sign === "\t") {
      rows.at(-1).push(cell);
      cell = "";
    } else if (sign === "\n") {
      rows.at(-1).push(cell);
      rows.push([]);
      cell = "";
    } else cell += sign;
  }
  rows.at(-1).push(cell);
  return rows.map((row) => row.map((words) => words.replace(/\u202f|\u00a0/g, " ").trim()));
}

// A quote that opens a cell is closed before a tab, a new line or the end; a name may simply begin with one.
function closes(source, at) {
  return /^"(?:[^"]|"")*"(?=[\t\n]|$)/.test(source.slice(at));
}

export function format(rows) {
  const cell = (words) => (/[\t\n"]/.test(words) ? `"${words.replaceAll('"', '""')}"` : words);
  return rows.map((row) => row.map(cell).join("\t")).join("\r\n");
}

const plain = (words) => words.toLowerCase().replace(/[^a-zа-яё0-9]+/g, " ").trim();

// Which column of the table each column of the pasted rows is, by the titles in their first row.
export function columnsByTitles(titles, columns) {
  const taken = new Set();
  return titles.map((title) => {
    const words = plain(title);
    const year = /^(?:19|20|21)\d\d/.exec(words)?.[0];
    const found = columns.find((column) => {
      if (!words || taken.has(column.field) || column.field === "label") return false;
      if (year) return column.year === year;
      const known = plain(column.title);
      return known === words || (words.length > 3 && (known.startsWith(words) || words.startsWith(known)));
    });
    if (found) taken.add(found.field);
    return found?.field ?? "";
  });
}

export function looksLikeTitles(row, columns) {
  return columnsByTitles(row, columns).filter(Boolean).length >= Math.min(2, row.length);
}
