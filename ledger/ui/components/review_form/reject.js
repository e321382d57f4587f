// Rejecting, in a panel of the form itself: a dialog of the page would need a round trip to open.

function openReject(form) {
  form.reject.querySelectorAll("input[type=radio]").forEach((radio) => (radio.checked = false));
  form.reject.querySelector(".why").value = "";
  form.reject.querySelector(".problem").textContent = "";
  form.reject.hidden = false;
  form.actions.hidden = true;
  form.fields.inert = true;
  notify(form, "");
  showRejectWords(form);
  form.reject.querySelector("input")?.focus({ preventScroll: true });
}

function closeReject(form, { keepFocus = false } = {}) {
  form.reject.hidden = true;
  form.actions.hidden = form.data.readonly;
  form.fields.inert = false;
  if (!keepFocus && form.inputLeft?.isConnected) moveTo(form, form.inputLeft);
}

function chosenReason(form) {
  return form.reject.querySelector("input[type=radio]:checked")?.value ?? null;
}

function showRejectWords(form) {
  form.reject.querySelector(".words").hidden = chosenReason(form) !== "other";
}

function pickReason(form, index) {
  const radios = [...form.reject.querySelectorAll("input[type=radio]")];
  const radio = radios[(index + radios.length) % radios.length];
  radio.checked = true;
  radio.focus({ preventScroll: true });
  showRejectWords(form);
}

function onRejectKey(form, event) {
  if (event.isComposing || event.keyCode === 229) return;
  const typing = event.target.classList.contains("why");
  const reasons = form.data.reasons;
  const current = reasons.findIndex((reason) => reason.value === chosenReason(form));
  const digit = /^(?:Digit|Numpad)(\d)$/.exec(event.code)?.[1];
  if (event.key === "Escape") closeReject(form);
  else if (event.key === "Enter" && event.target.tagName !== "BUTTON") rejectNow(form);
  else if (typing) return;
  else if (digit >= 1 && digit <= reasons.length) chooseByNumber(form, digit - 1);
  else if (event.key === "ArrowDown" || event.key === "ArrowRight") pickReason(form, current + 1);
  else if (event.key === "ArrowUp" || event.key === "ArrowLeft") pickReason(form, current < 0 ? -1 : current - 1);
  else return;
  event.preventDefault();
  event.stopPropagation();
}

function chooseByNumber(form, index) {
  pickReason(form, index);
  if (chosenReason(form) === "other") form.reject.querySelector(".why").focus({ preventScroll: true });
}

function rejectNow(form) {
  const code = chosenReason(form);
  const words = form.reject.querySelector(".why");
  const missing = code === null ? "reject_choose" : code === "other" && words.value.trim() === "" ? "reject_say" : null;
  form.reject.querySelector(".problem").textContent = missing ? word(form, missing) : "";
  if (missing) return missing === "reject_say" ? words.focus() : undefined;
  const text = code === "other" ? words.value.trim() : "";
  closeReject(form, { keepFocus: true });
  send(form, "reject", readDocument(form), { reason: { code, text } });
}
