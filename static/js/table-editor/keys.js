// The keyboard of the table. Letters are known by their place, so that the Russian layout works as the Latin one.

const PAGE = 15;

export function bindKeys(view, actions) {
  view.body.addEventListener("keydown", (event) => {
    const done = view.editing ? editingKey(event, view) : movingKey(event, view, actions);
    if (done) event.preventDefault();
  });
}

// Tells whether the key was taken.
function editingKey(event, view) {
  const { row, column } = view.at;
  const steps = { Enter: [event.shiftKey ? -1 : 1, 0], Tab: [0, event.shiftKey ? -1 : 1] };
  if (event.key === "Escape") {
    view.commit({ keep: false });
    view.focus();
    return true;
  }
  // In a field of several lines Alt+Enter begins a new one.
  if (event.key === "Enter" && event.altKey && event.target.tagName === "TEXTAREA") {
    event.target.setRangeText("\n", event.target.selectionStart, event.target.selectionEnd, "end");
    view.grow(event.target);
    return true;
  }
  if (!steps[event.key] || event.isComposing) return false;
  view.commit();
  view.go(row + steps[event.key][0], column + steps[event.key][1]);
  return true;
}

function movingKey(event, view, actions) {
  const control = event.ctrlKey || event.metaKey;
  const name = `${control ? "Ctrl+" : ""}${event.altKey ? "Alt+" : ""}${event.shiftKey ? "Shift+" : ""}${event.code}`;
  const action = {
    "Ctrl+KeyZ": actions.undo,
    "Ctrl+KeyY": actions.redo,
    "Ctrl+Shift+KeyZ": actions.redo,
    "Ctrl+KeyS": actions.save,
    "Ctrl+KeyA": () => chooseAll(view),
    "Ctrl+KeyD": actions.fillDown,
    "Ctrl+BracketRight": () => actions.indent(1),
    "Ctrl+BracketLeft": () => actions.indent(-1),
    "Alt+ArrowUp": () => actions.move(-1),
    "Alt+ArrowDown": () => actions.move(1),
    "Ctrl+Delete": actions.removeRows,
    "Shift+Enter": () => actions.insert(),
    Delete: actions.clear,
    Backspace: actions.clear,
    Enter: () => view.edit(),
    NumpadEnter: () => view.edit(),
    F2: () => view.edit(),
    Escape: actions.leave,
  }[name];
  if (action) {
    action();
    return true;
  }
  if (event.code === "Tab") return tab(event, view);
  if (walk(event, view, control)) return true;
  if (event.key.length === 1 && !control && !event.altKey) {
    view.edit({ typed: event.key });
    return true;
  }
  return false;
}

function chooseAll(view) {
  view.from = { row: 0, column: 0 };
  view.at = { row: view.model.rows.length - 1, column: view.columns.length - 1 };
  view.drawChoice();
  view.focus();
}

// Along the row and on to the next one; out of the table at its ends.
function tab(event, view) {
  const { row, column } = view.at;
  const width = view.columns.length;
  const next = row * width + column + (event.shiftKey ? -1 : 1);
  if (next < 0 || next >= width * view.model.rows.length) return false;
  view.go(Math.floor(next / width), next % width);
  return true;
}

function walk(event, view, control) {
  const { row, column } = view.at;
  const [lastRow, lastColumn] = [view.model.rows.length - 1, view.columns.length - 1];
  const to = {
    ArrowUp: control ? [0, column] : [row - 1, column],
    ArrowDown: control ? [lastRow, column] : [row + 1, column],
    ArrowLeft: control ? [row, 0] : [row, column - 1],
    ArrowRight: control ? [row, lastColumn] : [row, column + 1],
    Home: [control ? 0 : row, 0],
    End: [control ? lastRow : row, lastColumn],
    PageUp: [row - PAGE, column],
    PageDown: [row + PAGE, column],
  }[event.key];
  if (!to || event.altKey) return false;
  view.go(to[0], to[1], { extend: event.shiftKey });
  return true;
}
