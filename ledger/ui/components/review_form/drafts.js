// Every change is kept: in this browser at once, and on the server when typing pauses.

const DRAFT_PAUSE_MS = 400;
const DRAFT_PATIENCE_MS = 5000;

// Every change: show what it means, keep it in this browser at once, and send it when typing pauses.
function changed(form) {
  if (form.data.readonly) return;
  mark(form);
  form.seq += 1;
  form.touchedAt = now(form);
  form.draftPatience = DRAFT_PATIENCE_MS;
  keepBackup(form.receiptId, { seq: form.seq, t: form.touchedAt, document: readDocument(form) });
  form.status.textContent = word(form, "editing");
  form.status.classList.remove("warning");
  sendDraftSoon(form);
}

function sendDraftSoon(form) {
  clearTimeout(form.draftTimer);
  form.draftTimer = setTimeout(() => sendDraft(form), DRAFT_PAUSE_MS);
}

// Later than the stored draft even if that came from a computer whose clock is ahead: the newer text must win.
function now(form) {
  return Math.max(Date.now(), form.data.saved_ms + 1);
}

function payload(form, t, doc) {
  const { receiptId: receipt_id, load, seq } = form;
  return { receipt_id, reading_id: form.data.reading_id, load, seq, t, document: doc };
}

// A server that was restarted loses what was on its way and says nothing: a draft is sent until it is acknowledged.
function sendDraft(form) {
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
  const { acked_seq: acked, acked_at: at } = form.data;
  if (acked <= form.ackedSeq || acked < form.seq) return;
  form.ackedSeq = acked;
  clearTimeout(form.draftTimer);
  dropBackup(form.receiptId);
  if (form.sending) return;
  form.status.textContent = word(form, "draft_saved", { time: at });
  form.status.classList.remove("warning");
}

const memory = new Map(); // Stands in where the browser keeps nothing, as in some private windows.

function backupKey(receiptId) {
  return `ledger:draft:${receiptId}`;
}

function keepBackup(receiptId, backup) {
  memory.set(receiptId, backup);
  try {
    localStorage.setItem(backupKey(receiptId), JSON.stringify(backup));
  } catch {
    // The copy in memory remains.
  }
}

function readBackup(receiptId) {
  try {
    const stored = JSON.parse(localStorage.getItem(backupKey(receiptId)));
    if (stored?.document?.items) return stored;
  } catch {
    // Unreadable storage is the same as none.
  }
  return memory.get(receiptId) ?? null;
}

function dropBackup(receiptId) {
  memory.delete(receiptId);
  try {
    localStorage.removeItem(backupKey(receiptId));
  } catch {
    // Nothing was kept there.
  }
}

// Each closing counts once: a receipt that was skipped and is open again may have a new backup.
function dropClosedBackups(form) {
  for (const id of form.data.closed) {
    if (!form.closedSeen.has(id) && id !== form.data.receipt_id) dropBackup(id);
  }
  form.closedSeen = new Set(form.data.closed);
}
