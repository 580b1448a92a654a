// What every page does. Confirmation: a link with data-confirm="<id>" opens the dialog of that id instead of the
// page of confirmation. Errors of a form: the summary takes the focus, so that a screen reader begins with it.
"use strict";

document.addEventListener("click", (event) => {
  const trigger = event.target.closest("[data-confirm]");
  if (!trigger || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const dialog = document.getElementById(trigger.dataset.confirm);
  if (!dialog || !dialog.showModal) return;
  event.preventDefault();
  dialog.showModal();
});

document.addEventListener("DOMContentLoaded", () => {
  document.querySelector("[data-focus]")?.focus();
  // On a phone the parts of a passport are a strip: begin with the part that is open now.
  document.querySelector(".tabs [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
});

// A form that sends its fields must send them once: a second press on a slow line is ignored.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented || event.submitter?.formMethod === "dialog") return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  window.setTimeout(() => delete form.dataset.sent, 5000);
});

// A button that prints the page is of use only here, and is hidden where there is no script.
document.addEventListener("DOMContentLoaded", () => {
  document.querySelectorAll("[data-print]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  });
});

// Coming back by the «back» button, the form may be sent again.
window.addEventListener("pageshow", () => {
  document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent);
});

// An answer that comes late does not undo what was typed in its place meanwhile: data-keep-typed on what it replaces.
let typed = [];
document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  const fields = detail.target.matches("[data-keep-typed]") ? [...detail.target.querySelectorAll("input")] : [];
  typed = fields.filter((field) => field.value !== field.defaultValue).map(({ name, value }) => [name, value]);
});
document.addEventListener("htmx:afterSwap", ({ detail }) => {
  for (const [name, value] of typed) {
    const field = detail.target.querySelector(`[name="${name}"]`);
    if (field) field.value = value;
  }
  typed = [];
});
