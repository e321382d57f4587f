// What the operator decides: confirm, skip and undo at once, reject and postpone by way of their panels. One action at a
// time travels.

const ANSWER_PATIENCE_MS = 5000;

function onActionClick(form, target) {
  const kind = target.closest("[data-action]")?.dataset.action;
  if (kind) begin(form, kind);
  if (target.closest(".keys")) toggleHelp(form);
}

function begin(form, kind) {
  if (form.sending || form.panel || (form.data.readonly && kind !== "undo")) return;
  if (kind === "reject") openReject(form);
  else if (kind === "postpone") openPostpone(form);
  else if (kind === "confirm") confirmNow(form);
  else send(form, kind, readDocument(form));
}

function confirmNow(form) {
  if (!hasBeenSeen(form)) return;
  // Removed on the screen too, so that the server's row numbers are the operator's.
  rows(form).filter(isBlank).forEach((row) => row.remove());
  renumber(form);
  inputs(form).forEach((input) => {
    delete input.dataset.refused; // The server may think otherwise by now, or because another field has changed.
    tidy(form, input);
    judge(form, input, "confirming");
  });
  mark(form);
  const wrong = inputs(form).find((input) => input.dataset.problem);
  if (!wrong) return send(form, "confirm", trimmed(readDocument(form)));
  notify(form, word(form, "correct_first"), "warning");
  moveTo(form, wrong);
}

function trimmed(doc) {
  const items = doc.items.map((item) => ({ ...item, name: item.name.trim() }));
  return { ...doc, location: doc.location.trim(), items };
}

// One decision travels at a time; the next one is taken as the form stands when it can go.
function holdBack(form, kind, extra) {
  form.status.textContent = word(form, "sending");
  form.held = () => {
    const doc = readDocument(form);
    send(form, kind, kind === "confirm" ? trimmed(doc) : doc, extra);
  };
}

function send(form, kind, doc, extra = {}) {
  if (form.left) return holdBack(form, kind, extra);
  clearTimeout(form.draftTimer);
  form.cameBack = false;
  nameAction(form, JSON.stringify([kind, doc, extra]));
  setSending(form, true);
  notify(form, "");
  form.status.textContent = word(form, "sending");
  const { actionId: id, attempt } = form;
  const effort = effortByField(form);
  const action = { id, attempt, kind, ...payload(form, now(form), doc), effort, ...extra };
  form.setTriggerValue("action", action);
  if (kind !== "undo") goAhead(form, doc);
  form.answerTimer = setTimeout(() => sendAgain(form, action), ANSWER_PATIENCE_MS / 2);
}

// The same click: where it went through and only the answer was lost, it does nothing and is answered. To undo once
// more would be another decision.
function sendAgain(form, action) {
  form.answerTimer = setTimeout(() => giveUpWaiting(form), ANSWER_PATIENCE_MS / 2);
  if (action.kind === "undo") return;
  form.attempt += 1;
  if (form.left) form.left.attempt = form.attempt;
  form.setTriggerValue("action", { ...action, attempt: form.attempt });
}

// Until an answer comes the same decision is the same click, so that one that went through is not done twice.
function nameAction(form, decision) {
  form.attempt = (form.attempt ?? 0) + 1;
  if (form.unanswered === decision) return;
  form.unanswered = decision;
  form.actionId = `${form.receiptId}-${randomId()}`;
}

function giveUpWaiting(form) {
  if (form.left) comeBack(form);
  else unlock(form);
  notify(form, word(form, "no_answer"), "warning");
}

function unlock(form) {
  clearTimeout(form.answerTimer);
  setSending(form, false);
  form.status.textContent = "";
  if (form.seq > form.ackedSeq) sendDraftSoon(form);
  if (form.inputLeft?.isConnected) moveTo(form, form.inputLeft);
}

function setSending(form, sending) {
  form.sending = sending;
  form.element.inert = sending;
  for (const element of [form.element, form.root.host]) {
    element.dataset.state = sending ? "sending" : "idle";
    element.dataset.receiptId = form.receiptId;
    element.dataset.filledAt = form.filledAt;
  }
}

// Only the answer to the action that this form sent last: an older one says nothing about what stands here now.
function acceptDenial(form) {
  const { denied } = form.data;
  if (!denied || denied.id !== form.actionId || denied.attempt !== form.attempt) return;
  if (form.deniedAttempt === denied.attempt) return;
  form.deniedAttempt = denied.attempt;
  if (!denied.unsure) form.unanswered = null;
  unlock(form);
  const refused = denied.problems.map((problem) => refuse(form, problem)).filter(Boolean);
  notify(form, denied.message, "warning");
  const first = inputs(form).find((input) => refused.includes(input));
  if (first) moveTo(form, first);
}

function refuse(form, { field, why }) {
  const input = fieldAt(form, field);
  if (!input) return null;
  input.dataset.refused = why;
  showProblem(form, input, why);
  return input;
}

function notify(form, text, tone = "") {
  form.notice.textContent = text;
  form.notice.className = `notice said ${tone}`;
}
