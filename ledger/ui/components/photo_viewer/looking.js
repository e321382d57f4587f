// How a photo is looked at: x and y are the way from the middle of the stage to the middle of the photo.

const SMALLEST_ZOOM = 0.02;
const LARGEST_ZOOM = 12;
const ZOOM_STEP = 1.25;
const KEPT_IN_SIGHT_PX = 80;

const STRIP = 2.2; // A photo this many times as high as wide is too small to read when it is shown whole.

function freshView(image) {
  const strip = image.naturalHeight > STRIP * image.naturalWidth;
  return { fit: strip ? "width" : "whole", zoom: 1, x: 0, y: 0, quarters: 0 };
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
  const pressed = { showWhole: fit === "whole", showWidth: fit === "width", showRealSize: zoom === 1, showPlaces: allShown };
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
  showPlaces: toggleAll,
};

function act(viewer, deed) {
  if (viewer.image) DEEDS[deed](viewer);
}
