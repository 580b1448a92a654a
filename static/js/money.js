// Down, up and Enter move within a column of the table that figures are typed into, as in a spreadsheet.
"use strict";

document.querySelectorAll("[data-grid]").forEach((table) => {
  table.addEventListener("keydown", (event) => {
    const cell = event.target.closest("td");
    if (!cell || event.target.type !== "text") return;
    const steps = { ArrowDown: 1, ArrowUp: -1, Enter: event.shiftKey ? -1 : 1 };
    const step = steps[event.key];
    if (!step) return;
    event.preventDefault();
    const rows = [...table.tBodies[0].rows];
    const next = rows[rows.indexOf(cell.parentElement) + step];
    const field = next && next.cells[cell.cellIndex].querySelector("input[type=text]");
    if (field) {
      field.focus();
      field.select();
    }
  });
});
