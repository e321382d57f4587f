// What typing in a field, coming to it and leaving it mean for the form.

function onTyping(form, input, event) {
  spendEffort(form);
  groupWhileTyping(form, input, event);
  forgetVerdicts(input);
  if (input.dataset.column === "currency") judgeAmounts(form);
  judge(form, input, "typing");
  const row = rowOf(input);
  if (row) judge(form, cell(row, "name"), "typing"); // A row that is emptied needs no name any more.
  if (row) shareRest(form, input);
  notify(form, "");
  changed(form);
}

// The server judged another value, and another one was looked at.
function forgetVerdicts(input) {
  delete input.dataset.refused;
  delete input.dataset.checked;
}

// A press on a button leaves the focus where it is: what is said below the focused field would go with it, and the
// button would be gone from under the mouse before it is let go.
function keepFocus(event) {
  if (event.target.closest("button")) event.preventDefault();
}

// A click on a number or a date selects all of it, like a cell of a spreadsheet; a second click sets the caret.
function onPress(form, event) {
  const input = event.target;
  if (!input.dataset.kind || input.disabled || input === form.root.activeElement) return;
  event.preventDefault();
  input.focus();
}

function onEntering(form, input) {
  if (!input.dataset.field) return;
  form.inputLeft = input;
  input.dataset.before = input.value;
  beginEffort(form, input);
  if (input.dataset.kind) input.select();
  sayDoubt(form, input);
  showOffers(form);
  const detail = { photoId: String(form.receiptId), field: modelPath(input) };
  window.dispatchEvent(new CustomEvent("ledger:focus", { detail }));
}

function onLeaving(form, input, next) {
  if (!input.dataset.field) return;
  endEffort(form);
  hushDoubt(input);
  tidy(form, input);
  judge(form, input, "leaving");
  const row = rowOf(input);
  if (row && next && !row.contains(next)) judge(form, cell(row, "name"), "leaving");
}

function onFieldClick(form, target) {
  if (target.closest(".add")) insertRow(form);
  if (target.closest(".restore")) restoreLast(form);
  const remove = target.closest(".delete");
  if (remove) deleteRow(form, rowOf(remove));
}

function moveTo(form, input) {
  input.focus({ preventScroll: true });
  reveal(form, input);
}

// Scrolls the rows, never the page, and keeps clear of the heading above and the total below them.
function reveal(form, input) {
  const row = rowOf(input);
  if (!row) return;
  const above = form.table.tHead.offsetHeight;
  const below = form.box.querySelector(".foot").offsetHeight;
  const top = row.offsetTop - above;
  const bottom = Math.min(top, row.offsetTop + row.offsetHeight + below - form.box.clientHeight);
  if (form.box.scrollTop > top) form.box.scrollTop = top;
  else if (form.box.scrollTop < bottom) form.box.scrollTop = bottom;
}
