// The photo beside the form. A photo is swapped in only when it is decoded, so that nothing flickers, and what the
// operator did to it (zoom, place, rotation) is kept per photo while the tab is open.

const SMALLEST_ZOOM = 0.02;
const LARGEST_ZOOM = 12;
const ZOOM_STEP = 1.25;
const PAN_STEP_PX = 60;
const KEPT_IN_SIGHT_PX = 80;
const KEPT_PHOTOS = 6;
const KEPT_VIEWS = 200;
const BOTTOM_MARGIN_PX = 16;

const viewers = new WeakMap(); // One viewer per place in the page; the function below runs again with every answer.
const photos = new Map(); // Address -> promise of the decoded picture, the latest last.
const views = new Map(); // Photo -> how it is looked at.

export default function showPhotoViewer({ data, parentElement: root }) {
  const viewer = viewers.get(root) ?? build(root);
  viewer.data = data;
  applyWords(viewer);
  if (viewer.photoId !== data.photo_id || viewer.url !== data.url) show(viewer);
  data.preload.forEach((url) => decoded(url).catch(() => {})); // Said when the photo is opened, not before.
  fitWindow(viewer);
  return () => dismantle(viewer);
}

// ---- Building, once per place in the page

function build(root) {
  const find = (selector) => root.querySelector(selector);
  const viewer = {
    root,
    element: find(".viewer"),
    stage: find(".stage"),
    layer: find(".layer"),
    percent: find(".percent"),
    failure: find(".failure"),
    pointers: new Map(),
    view: freshView(),
    image: null,
  };
  viewers.set(root, viewer);
  listen(viewer);
  return viewer;
}

function listen(viewer) {
  const { stage, root } = viewer;
  stage.addEventListener("wheel", (event) => onWheel(viewer, event), { passive: false });
  stage.addEventListener("pointerdown", (event) => onPointerDown(viewer, event));
  stage.addEventListener("pointermove", (event) => onPointerMove(viewer, event));
  for (const end of ["pointerup", "pointercancel"]) stage.addEventListener(end, (event) => onPointerEnd(viewer, event));
  stage.addEventListener("dblclick", () => DEEDS.showWhole(viewer));
  stage.addEventListener("keydown", (event) => onStageKey(viewer, event));
  root.querySelector(".again").addEventListener("click", () => show(viewer));
  root.querySelectorAll("[data-do]").forEach((button) => {
    button.addEventListener("click", () => act(viewer, button.dataset.do));
  });
  viewer.onKey = (event) => onPageKey(viewer, event);
  document.addEventListener("keydown", viewer.onKey);
  viewer.observer = new ResizeObserver(() => {
    fitWindow(viewer);
    draw(viewer);
  });
  for (const watched of [stage, document.body, root.host.closest('[data-testid="stMainBlockContainer"]')]) {
    if (watched) viewer.observer.observe(watched); // What stands above the viewer may grow later.
  }
}

function dismantle(viewer) {
  document.removeEventListener("keydown", viewer.onKey);
  viewer.observer.disconnect();
}

function applyWords(viewer) {
  const { labels } = viewer.data;
  const words = JSON.stringify(labels);
  if (words === viewer.words) return;
  viewer.words = words;
  const names = {
    zoomIn: "zoom_in",
    zoomOut: "zoom_out",
    showWhole: "whole",
    showWidth: "width",
    showRealSize: "real_size",
    rotateLeft: "rotate_left",
    rotateRight: "rotate_right",
  };
  viewer.root.querySelectorAll("[data-do]").forEach((button) => {
    const name = labels[names[button.dataset.do]];
    button.setAttribute("aria-label", name);
    button.title = `${name}  (${button.dataset.key})`;
  });
  viewer.root.querySelector(".tools").setAttribute("aria-label", labels.tools);
  viewer.root.querySelector(".spinner").setAttribute("aria-label", labels.loading);
  viewer.root.querySelector(".again").textContent = labels.try_again;
  viewer.stage.setAttribute("aria-label", labels.photo);
  if (viewer.image) viewer.image.alt = labels.photo;
  if (viewer.failed) viewer.failure.querySelector("p").textContent = labels[viewer.failed];
}

// The viewer ends where the window ends, whatever the page puts above it.
function fitWindow(viewer) {
  const scrolled = document.querySelector('[data-testid="stMain"]')?.scrollTop ?? 0;
  const top = viewer.element.getBoundingClientRect().top + scrolled;
  viewer.element.style.setProperty("--room", `calc(100dvh - ${Math.round(top) + BOTTOM_MARGIN_PX}px)`);
}

// ---- Loading

function decoded(url) {
  const known = photos.get(url);
  if (known) return known;
  const image = new Image();
  image.src = url;
  image.draggable = false;
  const promise = image.decode().then(() => image);
  promise.catch(() => photos.delete(url)); // A failure is asked for anew the next time.
  remember(photos, url, promise, KEPT_PHOTOS);
  return promise;
}

function remember(map, key, value, limit) {
  map.delete(key);
  map.set(key, value);
  if (map.size > limit) map.delete(map.keys().next().value);
}

async function show(viewer) {
  const { photo_id: photoId, url } = viewer.data;
  Object.assign(viewer, { photoId, url, failed: null });
  viewer.failure.hidden = true;
  setState(viewer, "loading");
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
  viewer.view = views.get(viewer.photoId) ?? freshView();
  remember(views, viewer.photoId, viewer.view, KEPT_VIEWS);
  setState(viewer, "shown");
  draw(viewer);
}

// An <img> does not tell why it failed; asking for the address again does.
async function reasonOfFailure(url) {
  const asking = new AbortController();
  try {
    const { status } = await fetch(url, { signal: asking.signal });
    asking.abort(); // The answer's first line is enough.
    if (status === 404 || status === 410) return "gone";
    if (status === 401 || status === 403) return "refused";
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
  }
}

// ---- Looking: x and y are the way from the middle of the stage to the middle of the photo

function freshView() {
  return { fit: "whole", zoom: 1, x: 0, y: 0, quarters: 0 };
}

function turnedSize({ image, view }) {
  const size = [image.naturalWidth, image.naturalHeight];
  return view.quarters % 2 ? size.reverse() : size;
}

// A view that fits stays fitting when the window changes; one that was zoomed or moved by hand stays where it is.
function applyFit(viewer) {
  const { view, stage } = viewer;
  const [width, height] = turnedSize(viewer);
  const toWidth = stage.clientWidth / width;
  const toHeight = stage.clientHeight / height;
  if (view.fit === "whole") Object.assign(view, { zoom: Math.min(toWidth, toHeight), x: 0, y: 0 });
  if (view.fit !== "width") return;
  const overhang = Math.max(0, height * toWidth - stage.clientHeight);
  Object.assign(view, { zoom: toWidth, x: 0, y: overhang / 2 }); // From the top, where receipts begin.
}

function keepInSight(viewer) {
  const { view, stage } = viewer;
  const [width, height] = turnedSize(viewer);
  const limit = (photo, room) => Math.max(0, (photo * view.zoom + room) / 2 - KEPT_IN_SIGHT_PX);
  const clamp = (value, bound) => Math.min(bound, Math.max(-bound, value));
  view.x = clamp(view.x, limit(width, stage.clientWidth));
  view.y = clamp(view.y, limit(height, stage.clientHeight));
}

function draw(viewer) {
  if (!viewer.image || !viewer.stage.clientWidth) return;
  applyFit(viewer);
  keepInSight(viewer);
  const { x, y, zoom, quarters, fit } = viewer.view;
  const place = `translate(${x}px, ${y}px) scale(${zoom}) rotate(${90 * quarters}deg)`;
  viewer.layer.style.transform = `${place} translate(-50%, -50%)`;
  viewer.percent.textContent = `${Math.round(zoom * 100)}%`;
  const pressed = { showWhole: fit === "whole", showWidth: fit === "width", showRealSize: zoom === 1 };
  for (const [deed, on] of Object.entries(pressed)) {
    viewer.root.querySelector(`[data-do=${deed}]`).setAttribute("aria-pressed", String(on));
  }
}

// What lies under the point (measured from the middle of the stage) stays under it.
function zoomAt(viewer, factor, pointX = 0, pointY = 0) {
  const { view } = viewer;
  const zoom = Math.min(LARGEST_ZOOM, Math.max(SMALLEST_ZOOM, view.zoom * factor));
  const change = zoom / view.zoom;
  const x = pointX - (pointX - view.x) * change;
  const y = pointY - (pointY - view.y) * change;
  Object.assign(view, { fit: null, zoom, x, y });
  draw(viewer);
}

function moveBy(viewer, x, y) {
  Object.assign(viewer.view, { fit: null, x: viewer.view.x + x, y: viewer.view.y + y });
  draw(viewer);
}

function rotate(viewer, quarters) {
  const { view } = viewer;
  view.quarters += quarters; // Not wrapped at four, which is harmless: the transform means the same.
  [view.x, view.y] = quarters > 0 ? [-view.y, view.x] : [view.y, -view.x]; // The spot in the middle stays there.
  draw(viewer);
}

function fit(viewer, name) {
  viewer.view.fit = name;
  draw(viewer);
}

const DEEDS = {
  zoomIn: (viewer) => zoomAt(viewer, ZOOM_STEP),
  zoomOut: (viewer) => zoomAt(viewer, 1 / ZOOM_STEP),
  showWhole: (viewer) => fit(viewer, "whole"),
  showWidth: (viewer) => fit(viewer, "width"),
  showRealSize: (viewer) => zoomAt(viewer, 1 / viewer.view.zoom),
  rotateLeft: (viewer) => rotate(viewer, -1),
  rotateRight: (viewer) => rotate(viewer, 1),
};

function act(viewer, deed) {
  if (viewer.image) DEEDS[deed](viewer);
}

// ---- Wheel and pointers

function fromMiddle(viewer, clientX, clientY) {
  const box = viewer.stage.getBoundingClientRect();
  return [clientX - box.left - box.width / 2, clientY - box.top - box.height / 2];
}

function onWheel(viewer, event) {
  if (!viewer.image) return;
  event.preventDefault();
  const pixels = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? event.deltaY * 16 : event.deltaY;
  const speed = event.ctrlKey ? 0.01 : 0.0015; // A pinch on a touchpad arrives as small steps with Ctrl.
  zoomAt(viewer, Math.exp(-pixels * speed), ...fromMiddle(viewer, event.clientX, event.clientY));
}

function onPointerDown(viewer, event) {
  if (!viewer.image || event.button !== 0) return;
  viewer.pointers.set(event.pointerId, event);
  viewer.stage.setPointerCapture(event.pointerId);
  viewer.stage.classList.add("dragging");
}

function onPointerMove(viewer, event) {
  const before = viewer.pointers.get(event.pointerId);
  if (!before || !viewer.image) return;
  const other = [...viewer.pointers.values()].find((each) => each.pointerId !== event.pointerId);
  viewer.pointers.set(event.pointerId, event);
  if (other) pinch(viewer, before, event, other);
  else moveBy(viewer, event.clientX - before.clientX, event.clientY - before.clientY);
}

function pinch(viewer, before, now, other) {
  const distance = (point) => Math.hypot(point.clientX - other.clientX, point.clientY - other.clientY);
  const middle = fromMiddle(viewer, (now.clientX + other.clientX) / 2, (now.clientY + other.clientY) / 2);
  zoomAt(viewer, distance(now) / Math.max(1, distance(before)), ...middle);
}

function onPointerEnd(viewer, event) {
  viewer.pointers.delete(event.pointerId);
  if (viewer.pointers.size === 0) viewer.stage.classList.remove("dragging");
}

// ---- Keys

// Keys are told by their place on the keyboard, because with a Hangul layout the W key says ㅈ.
const DEED_OF_KEY = {
  BracketLeft: "rotateLeft",
  BracketRight: "rotateRight",
  Equal: "zoomIn",
  NumpadAdd: "zoomIn",
  Minus: "zoomOut",
  NumpadSubtract: "zoomOut",
  Digit0: "showWhole",
  Digit1: "showRealSize",
  KeyW: "showWidth",
};

// In a field these keys type, unless Alt is held.
function onPageKey(viewer, event) {
  const deed = DEED_OF_KEY[event.code];
  if (!deed || event.ctrlKey || event.metaKey || document.querySelector("[role=dialog]")) return;
  const inField = event.composedPath()[0].matches?.("input, textarea, select, [contenteditable]");
  if (inField && !event.altKey) return;
  event.preventDefault();
  act(viewer, deed);
}

function onStageKey(viewer, event) {
  const way = { ArrowLeft: [1, 0], ArrowRight: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
  if (!way || event.altKey || event.ctrlKey || event.metaKey || !viewer.image) return;
  event.preventDefault();
  moveBy(viewer, way[0] * PAN_STEP_PX, way[1] * PAN_STEP_PX);
}
