// Every change is kept: in this browser at once, and on the server when typing pauses.

const DRAFT_PAUSE_MS = 400;
const DRAFT_PATIENCE_MS = 5000;

// To be called after each change of a value or of the rows.
function changed(form) {
  if (form.data.readonly) return;
  mark(form);
  form.seq += 1;
  showRestorable(form);
  form.touchedAt = now(form);
  form.draftPatience = DRAFT_PATIENCE_MS;
  keepBackup(form.key, backupOf(form));
  form.status.textContent = word(form, "editing");
  form.status.classList.remove("warning");
  sendDraftSoon(form);
}

function sendDraftSoon(form) {
  clearTimeout(form.draftTimer);
  form.draftTimer = setTimeout(() => sendDraft(form), DRAFT_PAUSE_MS);
}

// Later than what this browser stored before, even if its clock was set back since: the newer text must win.
function now(form) {
  const { saved_client, saved_ms } = form.data;
  return saved_client === CLIENT_ID ? Math.max(Date.now(), saved_ms + 1) : Date.now();
}

function payload(form, t, doc) {
  const { receiptId: receipt_id, load, seq } = form;
  const { reading_id, photo } = form.data;
  return { receipt_id, reading_id, load, seq, t, client_id: CLIENT_ID, photo, document: doc };
}

// A server that was restarted loses what was on its way and says nothing: a draft is sent until it is acknowledged.
// While a decision travels nothing else is sent: the server would leave its work on the decision for it.
function sendDraft(form) {
  if (form.left) return sendDraftSoon(form);
  form.setStateValue("draft", payload(form, form.touchedAt, readDocument(form)));
  clearTimeout(form.draftTimer);
  form.draftTimer = setTimeout(() => {
    form.status.textContent = word(form, "draft_not_saved");
    form.status.classList.add("warning");
    form.draftPatience = Math.min(2 * form.draftPatience, 60_000);
    sendDraft(form);
  }, form.draftPatience);
}

function acknowledge(form) {
  const { acked_seq: acked, acked_at: at, conflict } = form.data;
  if (conflict?.seq >= form.seq) sayUnsaved(form, conflict.message);
  if (acked <= form.ackedSeq || acked < form.seq) return;
  form.ackedSeq = acked;
  clearTimeout(form.draftTimer);
  dropBackup(form.key);
  if (form.sending) return;
  form.status.textContent = word(form, "draft_saved", { time: at });
  form.status.classList.remove("warning");
}

// Sent again with the next key; until then there is nothing to wait for.
function sayUnsaved(form, message) {
  clearTimeout(form.draftTimer);
  form.status.textContent = message;
  form.status.classList.add("warning");
}
