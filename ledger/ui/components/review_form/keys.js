// Keys: shortcuts of the whole page, and keys in the fields.

const COMPOSITION_END_MS = 30;
const LIST_PATIENCE_MS = 2000;
const FOCUS_SETTLES_MS = 100;
const DECISIONS = ["confirm", "skip", "reject", "postpone", "undo"];

// `code` is the key itself: while a Hangul syllable is being composed, `key` only says "Process".
function actionOf(event) {
  const enter = event.code === "Enter" || event.code === "NumpadEnter";
  if ((event.ctrlKey || event.metaKey) && enter) return "confirm";
  if (event.ctrlKey || event.metaKey) return null;
  if (!event.altKey) return event.key === "?" && !isTyped(event) ? "help" : null;
  if (/^Digit[1-6]$/.test(event.code)) return `offer ${event.code.at(-1)}`; // With Alt the number pad types signs.
  const decision = { ArrowRight: "skip", KeyX: "reject", KeyP: "postpone", KeyZ: "undo" };
  const rowWork = { KeyN: "add", KeyS: "split", ArrowUp: "up", ArrowDown: "down", KeyU: "restore" };
  return { ...decision, ...rowWork, Slash: "help", KeyL: "list" }[event.code] ?? null;
}

function isTyped(event) {
  return event.composedPath()[0].matches?.("input:not([type=radio]), textarea, select, [contenteditable]");
}

function isElsewhere(form, event) {
  return !event.composedPath().includes(form.root) && isTyped(event);
}

// A dialog of the page, history or look-alikes, takes the focus and does not give it back. It stands beside the page,
// in the body itself, and when it is gone the page still moves the focus for a moment.
function watchDialogs(form) {
  const isDialog = (node) => node.dataset?.testid === "stDialog";
  const observer = new MutationObserver((changes) => {
    const closed = changes.some((change) => [...change.removedNodes].some(isDialog));
    if (closed) form.returning = setTimeout(() => returnFocus(form), FOCUS_SETTLES_MS);
  });
  observer.observe(document.body, { childList: true });
  return observer;
}

function returnFocus(form) {
  if (document.activeElement !== document.body) return;
  if (form.inputLeft?.isConnected) moveTo(form, form.inputLeft);
  else focusFirst(form);
}

function onPageKey(form, event) {
  const isInside = event.composedPath().includes(form.root);
  if (form.panel && event.key === "Escape" && !isInside) return form.panel.querySelector(".back").click();
  const action = actionOf(event);
  const allowed = !form.data.readonly || ["help", "undo", "list"].includes(action);
  if (!action || !allowed || dialogIsOpen() || isElsewhere(form, event)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  if (event.repeat && action !== "up" && action !== "down") return;
  if (form.panel) return performInPanel(form, action);
  if (!event.isComposing && event.keyCode !== 229) return perform(form, action);
  form.root.activeElement?.blur(); // Ends the composition, so that the last syllable is part of the value.
  setTimeout(() => perform(form, action), COMPOSITION_END_MS);
}

// To undo is to leave the question as it is: nothing was decided here, and what is typed stays.
function performInPanel(form, action) {
  if (action === "help") return toggleHelp(form);
  if (action === "undo") return undoFromPanel(form);
  if (action === "confirm" && form.panel === form.asking) confirmAsked(form);
}

function undoFromPanel(form) {
  closePanel(form);
  begin(form, "undo");
}

function perform(form, action) {
  if (action === "help") return toggleHelp(form);
  if (DECISIONS.includes(action)) return begin(form, action);
  if (form.sending) return;
  if (action === "list") return goToList(form);
  if (action.startsWith("offer")) return takeOffer(form, Number(action.split(" ")[1]) - 1);
  const input = fieldInHand(form);
  if (form.root.activeElement !== input) input?.focus({ preventScroll: true });
  if (action === "restore") restoreLast(form);
  else workOnRow(form, action, input);
}

// By the link of the page, so that the session stays, and once the server has what was typed: a draft that is sent with
// the click would bring this page back. A server that does not answer keeps nobody; the browser has the text.
function goToList(form) {
  if (form.seq > form.ackedSeq) sendDraft(form);
  const begun = performance.now();
  const leave = () => {
    const isSaved = (!form.left && form.ackedSeq >= form.seq) || performance.now() - begun > LIST_PATIENCE_MS;
    if (isSaved) document.querySelector('a[href*="/inbox"]')?.click();
    else form.leaving = setTimeout(leave, 50);
  };
  leave();
}

function workOnRow(form, action, input) {
  const row = input && rowOf(input);
  if (action === "add") insertRow(form, row);
  else if (!row) return;
  else if (action === "split") splitRow(form, row);
  else moveRow(form, row, action, input);
}

function onFieldKey(form, event) {
  const input = event.target;
  if (!input.dataset.field || event.isComposing || event.keyCode === 229) return;
  if (event.altKey || event.metaKey) return;
  if (isHeldEnter(event)) return event.preventDefault();
  const row = rowOf(input);
  const inSelect = input.tagName === "SELECT"; // Its own arrows choose.
  let handled = true;
  if (event.key === "Enter" && event.shiftKey) stepBack(form, input);
  else if (event.key === "Enter" && !event.ctrlKey) stepOn(form, input);
  else if (event.key === "ArrowDown" && !inSelect) stepTo(form, below(form, input));
  else if (event.key === "ArrowUp" && !inSelect) stepTo(form, above(form, input));
  else if (event.key === "Delete" && event.ctrlKey && row) deleteRow(form, row, input.dataset.column);
  else handled = false;
  if (handled) event.preventDefault();
}

// On a button Enter presses it; with Shift it goes back to the fields.
function onActionKey(form, event) {
  if (isHeldEnter(event)) return event.preventDefault();
  if (event.key !== "Enter" || !event.shiftKey) return;
  event.preventDefault();
  stepBack(form, event.target);
}
