// What this browser keeps of every text until the server has it, photo by photo.

const memory = new Map(); // Stands in where the browser keeps nothing, as in some private windows.
const CLIENT_ID = clientId();

// Two browsers' clocks cannot be compared; texts of one browser are in the order of its own.
function clientId() {
  const id = randomId();
  try {
    if (!localStorage.getItem("ledger:client")) localStorage.setItem("ledger:client", id);
    return localStorage.getItem("ledger:client") ?? id;
  } catch {
    return id;
  }
}

function storageKey(key) {
  return `ledger:draft:${key}`;
}

function asideKey(key) {
  return `${key}:aside`;
}

function backupOf(form) {
  const { seq, touchedAt: t, load } = form;
  return { seq, t, load, revision: form.data.revision, document: readDocument(form) };
}

function keepBackup(key, backup) {
  memory.set(key, backup);
  try {
    localStorage.setItem(storageKey(key), JSON.stringify(backup));
  } catch {
    // The copy in memory remains.
  }
}

function readBackup(key) {
  try {
    const stored = JSON.parse(localStorage.getItem(storageKey(key)));
    if (stored?.document?.items) return stored;
  } catch {
    // Unreadable storage is the same as none.
  }
  return memory.get(key) ?? null;
}

function dropBackup(key) {
  memory.delete(key);
  try {
    localStorage.removeItem(storageKey(key));
  } catch {
    // Nothing was kept there.
  }
}

// Each closing counts once: a receipt that was skipped and is open again may have a new backup.
function dropClosedBackups(form) {
  for (const key of form.data.closed) {
    if (!form.closedSeen.has(key) && key !== form.data.backup_key) [key, asideKey(key)].forEach(dropBackup);
  }
  form.closedSeen = new Set(form.data.closed);
}

// The photo was replaced under a text that stays: its backup goes with it.
function followPhoto(form) {
  const { backup_key: key } = form.data;
  if (form.key === key) return;
  for (const nameOf of [(name) => name, asideKey]) {
    const backup = readBackup(nameOf(form.key));
    if (backup) keepBackup(nameOf(key), backup);
    dropBackup(nameOf(form.key));
  }
  form.key = key;
}

// The backup if it goes on from what is stored. One that somebody else's text has overtaken is put aside.
function takeBackup(form) {
  const { readonly, fresh, load, revision, saved_client, saved_ms } = form.data;
  const backup = readonly ? null : readBackup(form.key);
  if (backup === null) return null;
  if (fresh && backup.load !== load) dropBackup(form.key);
  else if (revision === 0 || backup.revision === revision) return backup;
  else if (saved_client !== CLIENT_ID) putAside(form, backup);
  else if (backup.t > saved_ms) return backup;
  return null;
}

function putAside(form, backup) {
  keepBackup(asideKey(form.key), backup);
  dropBackup(form.key);
}

// Nothing of another person is overwritten unasked, and nothing typed here is thrown away.
function offerAside(form) {
  const kept = form.data.readonly ? null : readBackup(asideKey(form.key));
  form.aside.hidden = kept === null;
  form.aside.querySelector("span").textContent = word(form, "kept_aside", { operator: form.data.saved_operator });
}

function useAside(form) {
  const kept = readBackup(asideKey(form.key));
  dropBackup(asideKey(form.key));
  offerAside(form);
  if (!kept) return;
  writeDocument(form, kept.document);
  changed(form);
}
