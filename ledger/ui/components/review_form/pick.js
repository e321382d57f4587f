// A place that was clicked on the photo: its field is gone to.

function goToPicked(form, { photoId, field }) {
  if (photoId !== String(form.receiptId) || form.panel || form.sending) return;
  const input = inputs(form).find((each) => modelPath(each) === field);
  if (!input) return; // Its row was deleted.
  if (!form.data.readonly) return enterByKey(form, input);
  reveal(form, input); // Nothing is typed here, but what belongs together can be looked at.
  window.dispatchEvent(new CustomEvent("ledger:focus", { detail: { photoId, field } }));
}
