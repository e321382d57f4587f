// The photo ahead: fetched while the one before is looked at, and shown as soon as the form goes on, before the server
// has answered. What arrives meanwhile waits until the form knows the answer.

function expect(viewer, { photo, preload }) {
  viewer.ahead = photo;
  const urls = photo ? [photo.url, ...preload] : preload;
  urls.forEach((url) => decoded(url).catch(() => {})); // Said when the photo is opened, not before.
}

function showAhead(viewer, photoId) {
  if (viewer.ahead?.photo_id !== photoId) return;
  Object.assign(viewer, { left: viewer.data, arrived: null });
  take(viewer, { ...viewer.data, ...viewer.ahead });
}

// The decision went through, or it has come to nothing and the photo from before is wanted `back`.
function settle(viewer, back) {
  if (!viewer.left) return;
  const data = viewer.arrived ?? (back ? viewer.left : viewer.data);
  Object.assign(viewer, { left: null, arrived: null });
  take(viewer, data);
}
