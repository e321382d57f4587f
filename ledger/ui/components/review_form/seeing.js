// Whether anybody can have seen what is about to be confirmed: a key that is pressed twice must not confirm the next
// receipt as well, and a photo that never came must not pass unnoticed.

const GLANCE_MS = 500; // Shorter than any look at a photo, longer than between two presses of an impatient finger.

function hasBeenSeen(form) {
  if (form.seq > form.seqAtLoad) return true; // Somebody has typed into it.
  const photo = document.querySelector("[data-photo-id]");
  if (!photo) return true; // No photo is shown beside this form at all.
  const now = performance.now();
  // For a moment the photo of the receipt before may still stand beside this form.
  const shown = photo.dataset.state === "shown" && photo.dataset.photoId === String(form.receiptId);
  const since = shown ? Math.max(form.filledAt, Number(photo.dataset.shownAt)) : (form.askedAt ?? now);
  if (now - since >= GLANCE_MS) return true;
  form.askedAt ??= now;
  notify(form, word(form, shown ? "too_quick" : "photo_not_shown"), "warning");
  return false;
}

// A key that is held down repeats its Enter: that walks on, or presses the button, without anybody looking.
function isHeldEnter(event) {
  return event.repeat && (event.key === "Enter" || event.key === " ");
}
