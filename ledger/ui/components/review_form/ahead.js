// The next receipt ahead. Its form is in this browser while the one before is still worked on, so a decision shows it at
// once and travels behind it. Until the server has answered, what it says of the receipt that was left is not shown; if
// it refuses or asks, that receipt comes back with every character.

function expectAhead(form, { form: next }) {
  form.ahead = next;
  form.root.host.dataset.ahead = next?.receipt_id ?? ""; // For who looks from outside.
}

function goAhead(form, doc) {
  const next = form.ahead;
  if (!next || next.receipt_id === form.receiptId || next.readonly) return;
  const { data, actionId, attempt, unanswered, seq, ackedSeq } = form;
  form.left = { data, document: doc, ahead: next, actionId, attempt, unanswered, seq, ackedSeq };
  form.data = { ...data, ...next };
  form.ahead = null;
  fillAnew(form);
  followClaim(form);
  tellViewer("ledger:show", { photoId: String(next.receipt_id) });
}

// Whether the server has not yet answered the decision that this form sent last.
function isOnItsWay(form, data) {
  return form.left && data.answered !== answerTo(form.left);
}

function answerTo({ actionId, attempt }) {
  return `${actionId}:${attempt}`;
}

// The server's answer: the receipt that was left is done with, or it is here again. What was held ahead may have become
// somebody else's meanwhile.
function settle(form) {
  const { left, held, data } = form;
  if (!left) return;
  clearTimeout(form.answerTimer);
  Object.assign(form, { left: null, held: null, replaced: false });
  const again = data.receipt_id === left.data.receipt_id;
  const closed = again && data.readonly && data.load !== left.data.load; // By somebody else: theirs is shown.
  if (closed) keepBackup(data.backup_key, { ...left, t: now(form), load: left.data.load, revision: 0 });
  else if (again) putBack(form, left);
  form.cameBack = again;
  form.replaced = !again && data.receipt_id !== form.receiptId;
  tellViewer("ledger:answered", { back: again });
  if (held && !again && !form.replaced) setTimeout(held);
}

function sayReplaced(form) {
  if (form.replaced) notify(form, word(form, "replaced"), "warning");
  form.replaced = false;
}

// No answer: what was left is here again, with its text. The other one is let go of, so that it comes next again
// wherever this operator goes on.
function comeBack(form) {
  const { left } = form;
  letGo(form);
  Object.assign(form, { left: null, held: null, data: left.data });
  putBack(form, left);
  followClaim(form);
  tellViewer("ledger:answered", { back: true });
}

function putBack(form, left) {
  const { ahead, actionId, attempt, unanswered, seq, ackedSeq } = left;
  fillAnew(form, left);
  Object.assign(form, { ahead, actionId, attempt, unanswered, seq, ackedSeq });
  if (seq > ackedSeq) sendDraftSoon(form);
}

function tellViewer(name, detail) {
  window.dispatchEvent(new CustomEvent(name, { detail }));
}
