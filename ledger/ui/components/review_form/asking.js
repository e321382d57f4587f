// Asking: what hardly can be is told before it is confirmed, and confirmed all the same with a reason. Never a wall.

const ASKING_GLANCE_MS = 400; // A key that was pressed twice must not answer what nobody has read.

// The server decides what is worth asking, about the document as it was sent.
function acceptAsking(form) {
  const { asking } = form.data;
  if (!asking || asking.id !== form.actionId || asking.attempt !== form.attempt) return;
  if (form.askedAttempt === asking.attempt) return;
  form.askedAttempt = asking.attempt;
  form.unanswered = null;
  unlock(form);
  openAsking(form, asking);
}

function openAsking(form, asking) {
  form.asked = asking;
  form.askedSince = performance.now();
  const sentence = ({ why }) => Object.assign(document.createElement("li"), { textContent: why });
  form.asking.querySelector(".sentences").replaceChildren(...asking.warnings.map(sentence));
  clearChoices(form.asking, 0);
  openPanel(form, form.asking, form.asking.querySelector("input"));
}

// Back to what was asked about, where there is a field for it.
function leaveAsking(form) {
  const named = form.asked.warnings.map(({ field }) => fieldAt(form, field)).find(Boolean);
  closePanel(form, { keepFocus: named !== undefined });
  if (named) moveTo(form, named);
}

function confirmAsked(form) {
  if (performance.now() - form.askedSince < ASKING_GLANCE_MS) return;
  const reason = answerOf(form, form.asking);
  if (reason === null) return;
  closePanel(form, { keepFocus: true });
  send(form, "confirm", trimmed(readDocument(form)), { reason, about: form.asked.about });
}
