// Effort: how long each field was worked on and how often it was changed, so that it can be seen where a reading costs
// people time. Nobody is timed while nothing happens.

const IDLE_MS = 30_000;

function beginEffort(form, input) {
  form.attention = { input, since: performance.now(), text: input.value };
}

// Called with each key, so that of a long silence only its beginning counts.
function spendEffort(form) {
  const { attention } = form;
  if (!attention) return;
  const now = performance.now();
  const effort = effortIn(attention.input);
  effort.ms += Math.min(now - attention.since, IDLE_MS);
  attention.since = now;
}

// A visit in which the text was changed is one edit, however many keys it took.
function settleEffort(form) {
  spendEffort(form);
  const { attention } = form;
  if (attention && attention.input.value !== attention.text) countEdit(form, attention.input);
}

function endEffort(form) {
  settleEffort(form);
  form.attention = null;
}

function effortIn(input) {
  return (input.effort ??= { ms: 0, edits: 0 });
}

function countEdit(form, input) {
  effortIn(input).edits += 1;
  if (form.attention?.input === input) form.attention.text = input.value;
}

function forgetEffort(form) {
  form.attention = null;
  inputs(form).forEach((input) => delete input.effort);
}

function effortByField(form) {
  settleEffort(form);
  const touched = inputs(form).filter((input) => input.effort);
  const rounded = ({ ms, edits }) => ({ ms: Math.round(ms), edits });
  return Object.fromEntries(touched.map((input) => [input.dataset.field, rounded(input.effort)]));
}
