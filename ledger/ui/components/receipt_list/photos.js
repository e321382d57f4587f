// Photos fetched ahead: whoever points at a line opens it next, and then its photo is there already.

const KEPT_PHOTOS = 8;
const photos = new Map(); // Address -> picture, the latest last. A picture that is held stays decoded in the browser.

function fetchAhead(line) {
  if (!line?.photo) return;
  const image = photos.get(line.photo) ?? Object.assign(new Image(), { src: line.photo });
  image.decode().catch(() => photos.delete(line.photo)); // Said when the photo is opened, not before.
  keep(photos, line.photo, image, KEPT_PHOTOS);
}
