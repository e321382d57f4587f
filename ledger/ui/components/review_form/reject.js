// Rejecting with a reason, and postponing until a time.

function openReject(form) {
  clearChoices(form.reject);
  openPanel(form, form.reject, form.reject.querySelector("input"));
}

function rejectNow(form) {
  const reason = answerOf(form, form.reject);
  if (reason === null) return;
  closePanel(form, { keepFocus: true });
  send(form, "reject", readDocument(form), { reason });
}

function openPostpone(form) {
  clearChoices(form.postpone, 0);
  openPanel(form, form.postpone, form.postpone.querySelector("input"));
}

function postponeNow(form) {
  const answer = answerOf(form, form.postpone);
  if (answer === null) return;
  closePanel(form, { keepFocus: true });
  send(form, "postpone", readDocument(form), { until: answer.text || answer.code });
}
