// Asking: what hardly can be is told before it is confirmed, and confirmed all the same with a reason. Never a wall.

const ASKING_GLANCE_MS = 400; // A key that was pressed twice must not answer what nobody has read.
const COMING_BACK_MS = 1500; // Longer where the eyes were on another receipt already.

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
  form.askedUntil = performance.now() + (form.cameBack ? COMING_BACK_MS : ASKING_GLANCE_MS);
  const sentence = ({ why }) => Object.assign(document.createElement("li"), { textContent: why });
  form.asking.querySelector(".sentences").replaceChildren(...asking.warnings.map(sentence));
  clearChoices(form.asking, form.cameBack ? null : 0); // Then the reason has to be chosen, too.
  openPanel(form, form.asking, form.asking.querySelector("input"));
}

// Back to what was asked about, where there is a field for it.
function leaveAsking(form) {
  const named = form.asked.warnings.map(({ field }) => fieldAt(form, field)).find(Boolean);
  closePanel(form, { keepFocus: named !== undefined });
  if (named) moveTo(form, named);
}

function confirmAsked(form) {
  if (performance.now() < form.askedUntil) return;
  const reason = answerOf(form, form.asking);
  if (reason === null) return;
  closePanel(form, { keepFocus: true });
  send(form, "confirm", trimmed(readDocument(form)), { reason, about: form.asked.about });
}
