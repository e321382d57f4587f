// The claim on the receipt: renewed while this tab lives, let go when it closes. Whoever loses the receipt is told at
// once and keeps the text.

const RENEW_MS = 30_000; // A claim holds for two minutes at least, and browsers slow the clocks of hidden tabs to one.
const RENEW_AGAIN_MS = 5000; // When nobody answered.

function listenToClaim(form) {
  form.claimBar.addEventListener("click", (event) => onClaimClick(form, event.target));
  form.onPageHide = () => letGo(form);
  form.onPageSeen = () => !document.hidden && form.claimTimer && tendClaim(form);
  window.addEventListener("pagehide", form.onPageHide);
  window.addEventListener("pageshow", form.onPageSeen);
  document.addEventListener("visibilitychange", form.onPageSeen);
}

function forgetClaim(form) {
  stopTending(form);
  window.removeEventListener("pagehide", form.onPageHide);
  window.removeEventListener("pageshow", form.onPageSeen);
  document.removeEventListener("visibilitychange", form.onPageSeen);
}

function followClaim(form) {
  const { claim, holder, readonly } = form.data;
  if (claim) form.claimLost = false;
  if (form.panel && form.panel !== form.help && readonly) closePanel(form, { keepFocus: true });
  showActions(form);
  form.element.classList.toggle("readonly", readonly);
  drawClaim(form);
  if (claim || holder) form.claimTimer ??= setTimeout(() => tendClaim(form), RENEW_MS);
  else stopTending(form);
}

function stopTending(form) {
  clearTimeout(form.claimTimer);
  form.claimTimer = null;
}

function tendSoon(form, ms) {
  stopTending(form);
  form.claimTimer = setTimeout(() => tendClaim(form), ms);
}

async function tendClaim(form) {
  const { load } = form;
  tendSoon(form, RENEW_MS);
  const { ahead } = form;
  if (ahead && (await renewClaim(ahead)).status === 409 && form.ahead === ahead) form.ahead = null; // Taken by others.
  if (!form.claimTimer) return; // Nothing is tended any more: the page was left.
  if (!form.data.claim) return document.hidden || form.claimLost ? undefined : askAboutClaim(form, "look");
  const { status, version } = await renewClaim(form.data);
  if (!form.claimTimer || load !== form.load || !form.data.claim) return; // Left, or another receipt by now.
  if (status === 200) form.data.claim.version = version;
  else if (status === 409) loseClaim(form);
  else tendSoon(form, RENEW_AGAIN_MS);
}

async function renewClaim({ claim: { address, version }, load: token }) {
  const body = JSON.stringify({ token, version });
  try {
    const answer = await fetch(`${address}/renew`, { method: "POST", body, keepalive: true });
    return { status: answer.status, ...(answer.ok ? await answer.json() : {}) };
  } catch {
    return { status: 0 };
  }
}

// Nothing can be typed from here on; who has the receipt now is for the page to say, which is asked at once.
function loseClaim(form) {
  form.claimLost = true;
  form.data = { ...form.data, claim: null, readonly: true };
  if (hasTyped(form)) keepBackup(form.key, backupOf(form));
  clearTimeout(form.draftTimer);
  applyWords(form);
  followClaim(form);
  askAboutClaim(form, "look");
}

function askAboutClaim(form, kind) {
  if (form.left) return; // Asked with the next turn, when the decision has arrived.
  const { receiptId: receipt_id, load } = form;
  form.setTriggerValue("claim", { id: randomId(), kind, receipt_id, load });
}

// A page that is left lets go. One that the browser brings back from where it keeps left pages takes hold again.
function letGo(form) {
  for (const { claim, load: token } of [form.data, form.ahead ?? {}]) {
    if (claim) navigator.sendBeacon(`${claim.address}/release`, JSON.stringify({ token, version: claim.version }));
  }
}

function hasTyped(form) {
  return form.seq > form.seqAtLoad || (form.data.revision > 0 && form.data.saved_client === CLIENT_ID);
}

function drawClaim(form) {
  const { holder, readonly } = form.data;
  const kept = readonly && keptDocument(form) !== null;
  const show = (kind, shown) => (form.claimBar.querySelector(`[data-claim=${kind}]`).hidden = !shown);
  const said = holder?.sentence ?? (form.claimLost ? word(form, "lost") : kept ? word(form, "text_kept") : "");
  form.claimBar.hidden = said === "";
  if (form.claimBar.firstElementChild.textContent !== said) form.claimBar.firstElementChild.textContent = said;
  show("again", holder?.may_go_on);
  show("take_over", holder?.may_take_over);
  show("copy", kept);
}

// What was typed here: it stands in the form still, or the browser kept it when the form was filled with another text.
function keptDocument(form) {
  if ((form.claimLost || form.data.holder) && hasTyped(form)) return readDocument(form);
  return readBackup(form.key)?.document ?? readBackup(asideKey(form.key))?.document ?? null;
}

function onClaimClick(form, target) {
  const kind = target.closest("[data-claim]")?.dataset.claim;
  if (kind === "copy") copyKept(form, target.closest("button"));
  else if (kind) askAboutClaim(form, kind);
}

// As a spreadsheet takes it: a line for the head, one for each item, one for the total.
function asLines({ date, location, items, total_amount: total, currency }) {
  const lines = items.map(({ name, count, price, category }) => [name, count, price, category]);
  return [[date, location], ...lines, [total, currency]].map((line) => line.join("\t")).join("\n");
}

async function copyKept(form, button) {
  const text = asLines(keptDocument(form));
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    copyByHand(form, text); // Without HTTPS browsers have no clipboard.
  }
  button.textContent = word(form, "copied");
}

function copyByHand(form, text) {
  const area = Object.assign(document.createElement("textarea"), { value: text });
  form.claimBar.append(area);
  area.select();
  document.execCommand("copy");
  area.remove();
}
