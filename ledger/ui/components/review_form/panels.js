// Panels come up in place of the buttons and are parts of the form itself: a dialog of the page would need a round trip
// to open. One is open at a time, and the fields wait behind it.

function openPanel(form, panel, focused) {
  closePanel(form, { keepFocus: true });
  form.panel = panel;
  panel.hidden = false;
  showActions(form);
  form.fields.inert = true;
  notify(form, "");
  focused?.focus({ preventScroll: true });
}

function closePanel(form, { keepFocus = false } = {}) {
  if (form.panel) form.panel.hidden = true;
  form.panel = null;
  showActions(form);
  form.fields.inert = false;
  if (!keepFocus && form.inputLeft?.isConnected) moveTo(form, form.inputLeft);
}

function showActions(form) {
  form.actions.hidden = form.data.readonly || (form.panel !== null && form.panel !== form.help);
}

function listenToPanel(form, panel, finish, leave = closePanel) {
  panel.addEventListener("keydown", (event) => onChoiceKey(form, panel, event, finish, leave));
  panel.addEventListener("change", () => showMore(panel));
  panel.querySelector(".now").addEventListener("click", () => finish(form));
  panel.querySelector(".back").addEventListener("click", () => leave(form));
}
