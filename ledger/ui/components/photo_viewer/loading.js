// Fetching photos, and saying why one cannot be shown.

const KEPT_PHOTOS = 6;
const KEPT_VIEWS = 200;
const photos = new Map(); // Address -> promise of the decoded picture, the latest last.
const views = new Map(); // Photo -> how it is looked at.

function decoded(url) {
  const known = photos.get(url);
  if (known) return known;
  const image = new Image();
  image.src = url;
  image.draggable = false;
  const promise = image.decode().then(() => image);
  promise.catch(() => photos.delete(url)); // A failure is asked for anew the next time.
  keep(photos, url, promise, KEPT_PHOTOS);
  return promise;
}

async function show(viewer) {
  const { photo_id: photoId, url } = viewer.data;
  Object.assign(viewer, { photoId, url, failed: null });
  viewer.failure.hidden = true;
  setState(viewer, "loading");
  drawPlaces(viewer);
  try {
    const image = await decoded(url);
    if (viewer.photoId === photoId && viewer.url === url) swapIn(viewer, image);
  } catch {
    const reason = await reasonOfFailure(url);
    if (viewer.photoId === photoId && viewer.url === url) sayFailure(viewer, reason);
  }
}

function swapIn(viewer, image) {
  image.alt = viewer.data.labels.photo;
  viewer.image = image;
  viewer.layer.replaceChildren(image);
  viewer.view = views.get(viewer.photoId) ?? freshView(image);
  keep(views, viewer.photoId, viewer.view, KEPT_VIEWS);
  setState(viewer, "shown");
  draw(viewer);
  drawPlaces(viewer);
}

// An <img> does not tell why it failed; asking for the address again does.
async function reasonOfFailure(url) {
  const asking = new AbortController();
  try {
    const { status } = await fetch(url, { signal: asking.signal });
    asking.abort(); // The answer's first line is enough.
    if (status === 404 || status === 410) return "gone";
    if (status === 401) return "ended";
    if (status === 403) return "refused";
    return status >= 400 && status !== 422 ? "failed" : "not_a_picture"; // 422: the server could not open it either.
  } catch {
    return "unreachable";
  }
}

// The photo of another receipt must not stay beside this one.
function sayFailure(viewer, reason) {
  viewer.failed = reason;
  viewer.image = null;
  viewer.layer.replaceChildren();
  viewer.percent.textContent = "";
  viewer.failure.querySelector("p").textContent = viewer.data.labels[reason];
  viewer.failure.hidden = false;
  setState(viewer, "failed");
}

function setState(viewer, state) {
  viewer.stage.setAttribute("aria-busy", String(state === "loading"));
  for (const element of [viewer.element, viewer.root.host]) {
    element.dataset.state = state;
    element.dataset.photoId = viewer.photoId;
    element.dataset.shownAt = performance.now(); // The form asks whether anybody can have seen the photo.
  }
}
