// The review form. All typing stays in native inputs, because only they work with every Hangul input method, and
// because nothing that arrives from the server may overwrite what a person is typing.
//
// Three nets hold what is typed: every keystroke is backed up in this browser, a pause of 400 ms sends the draft to the
// server, and every action carries the whole document, so that no order of arrival can lose an edit.

const ON_APPLE = /Mac|iPhone|iPad/.test(navigator.platform);
const forms = new WeakMap(); // One form per place in the page; the function below runs again with every answer.

export default function showReviewForm({ data, parentElement: root, setStateValue, setTriggerValue }) {
  const form = forms.get(root) ?? build(root);
  Object.assign(form, { setStateValue, setTriggerValue });
  if (isOnItsWay(form, data)) return () => dismantle(form);
  form.data = data;
  settle(form);
  applyWords(form);
  dropClosedBackups(form);
  if (form.receiptId !== data.receipt_id || form.load !== data.load) fillAnew(form);
  sayReplaced(form);
  followPhoto(form);
  followClaim(form);
  acknowledge(form);
  acceptDenial(form);
  acceptAsking(form);
  fitWindow(form);
  return () => dismantle(form);
}

function build(root) {
  const find = (selector) => root.querySelector(selector);
  const form = {
    root,
    element: find(".form"),
    fields: find(".fields"),
    box: find(".items"),
    table: find("table"),
    currencyField: find("[data-field=currency]"), // Asked for with each amount.
    template: find(".row-template"),
    sum: find(".sum"),
    notice: find(".said"),
    aside: find(".aside"),
    status: find(".status"),
    toCheck: find(".to-check"),
    actions: find(".actions"),
    claimBar: find(".claim"),
    reject: find(".reject"),
    asking: find(".asking"),
    postpone: find(".postpone"),
    help: find(".help"),
    restoreButton: find(".restore"),
    balance: find(".balance"),
    panel: null,
    restorable: [],
    seq: 0,
    ackedSeq: 0,
    touchedAt: 0,
    closedSeen: new Set(),
    ahead: null, // The receipt that comes next.
    left: null, // What was decided and is not answered yet, while the next receipt is shown.
    held: null, // What is to be decided as soon as it is.
    offering: [SUGGESTED, BALANCE], // Sources of what Alt+1 to Alt+6 take, in the order of the numbers.
  };
  forms.set(root, form);
  root.querySelectorAll("kbd").forEach(showAppleKeys);
  listen(form);
  return form;
}

function showAppleKeys(key) {
  if (ON_APPLE) key.textContent = key.textContent.replace("Ctrl+Enter", "⌘↩").replaceAll("Alt+", "⌥");
}

function listen(form) {
  form.fields.addEventListener("input", (event) => onTyping(form, event.target, event));
  form.fields.addEventListener("paste", (event) => onPaste(form, event));
  form.element.addEventListener("mousedown", (event) => keepFocus(event));
  form.fields.addEventListener("mousedown", (event) => onPress(form, event));
  form.fields.addEventListener("focusin", (event) => onEntering(form, event.target));
  form.fields.addEventListener("focusout", (event) => onLeaving(form, event.target, event.relatedTarget));
  form.fields.addEventListener("keydown", (event) => onFieldKey(form, event));
  form.fields.addEventListener("click", (event) => onFieldClick(form, event.target));
  form.actions.addEventListener("keydown", (event) => onActionKey(form, event));
  form.actions.addEventListener("click", (event) => onActionClick(form, event.target));
  listenToPanel(form, form.reject, rejectNow);
  listenToPanel(form, form.postpone, postponeNow);
  listenToPanel(form, form.asking, confirmAsked, leaveAsking);
  form.help.querySelector(".back").addEventListener("click", () => closePanel(form));
  form.help.addEventListener("keydown", (event) => event.key === "Escape" && closePanel(form));
  form.aside.querySelector("button").addEventListener("click", () => useAside(form));
  listenToClaim(form);
  form.onKey = (event) => onPageKey(form, event);
  form.onPick = (event) => goToPicked(form, event.detail);
  window.addEventListener("ledger:pick", form.onPick);
  form.observer = watchPage(form, () => fitWindow(form));
  form.dialogs = watchDialogs(form);
  form.onAhead = (event) => expectAhead(form, event.detail);
  window.addEventListener("ledger:ahead", form.onAhead);
  if (window.ledgerAhead) expectAhead(form, window.ledgerAhead);
  document.addEventListener("keydown", form.onKey, true); // Capture: Streamlit's own shortcuts must not come first.
}

function dismantle(form) {
  document.removeEventListener("keydown", form.onKey, true);
  window.removeEventListener("ledger:ahead", form.onAhead);
  window.removeEventListener("ledger:pick", form.onPick);
  form.observer.disconnect();
  form.dialogs.disconnect();
  clearTimeout(form.returning);
  clearTimeout(form.leaving);
  stopTimers(form);
  forgetClaim(form);
}

function stopTimers(form) {
  clearTimeout(form.draftTimer);
  clearTimeout(form.answerTimer);
}

// With what the server sent, or with what it was `left` with when its decision has come to nothing.
function fillAnew(form, left = null) {
  const { data } = form;
  stopTimers(form);
  closePanel(form, { keepFocus: true });
  if (form.key?.split(":")[0] === data.backup_key.split(":")[0]) followPhoto(form);
  Object.assign(form, { receiptId: data.receipt_id, load: data.load, key: data.backup_key });
  Object.assign(form, { actionId: null, unanswered: null });
  // Counting on from there: an old acknowledgement must not cover what is typed from here.
  form.seq = form.ackedSeq = data.acked_seq;
  Object.assign(form, { seqAtLoad: form.seq, filledAt: performance.now(), askedAt: null });
  form.inputLeft = null;
  const backup = left ? null : takeBackup(form);
  const restored = backup !== null;
  forgetFields(form);
  writeDocument(form, (left ?? backup ?? data).document);
  form.box.scrollTop = 0;
  showRestorable(form);
  setSending(form, false);
  notify(form, restored ? word(form, "restored") : "", "calm");
  form.status.textContent = "";
  offerAside(form);
  if (restored) changed(form);
  focusFirst(form);
}

// What was known of the receipt before: its problems, what was looked at, how long, and what was taken away.
function forgetFields(form) {
  clearProblems(form);
  forgetEffort(form);
  inputs(form).forEach((input) => delete input.dataset.checked);
  form.restorable = [];
}
