// A click on a name puts it into the formula where the cursor stands.
"use strict";

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-insert]");
  const field = document.querySelector("[data-formula] input[type=text]");
  if (!button || !field) return;
  const name = button.dataset.insert;
  const start = field.selectionStart ?? field.value.length;
  const before = field.value.slice(0, start);
  const after = field.value.slice(field.selectionEnd ?? start);
  const text = (before && !/[\s(]$/.test(before) ? " " : "") + name + (after && !/^[\s);]/.test(after) ? " " : "");
  field.value = before + text + after;
  field.focus();
  field.setSelectionRange(start + text.length, start + text.length);
  field.dispatchEvent(new Event("input", { bubbles: true }));
});
