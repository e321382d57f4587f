// Where the fields stand on the photo: a frame around the one that is worked on, a faint one under the cursor, and all
// of them when asked for. A click on a place goes to its field in the form.

const AIR = 0.12; // Of the height of the writing, so that the strokes of the writing stay free.
const MARGIN_PX = 24; // Between a frame that was brought into sight and the edge of the stage.
const FINGER_PX = 14; // How far beside a place a finger may tap.
const SVG = "http://www.w3.org/2000/svg";
let allShown = false; // From photo to photo, until it is turned off.

// The form tells which field was entered, also while its photo is still on the way.
function framePlace(viewer, { photoId, field }) {
  viewer.framed = { photoId, field };
  markPlaces(viewer);
  bringIntoSight(viewer);
}

// Each place once per photo, and none on the photo before it, which stays until this one is there.
function drawPlaces(viewer) {
  viewer.placesDrawn = JSON.stringify(viewer.data.places);
  viewer.layer.querySelector(".places")?.remove();
  viewer.spots = viewer.element.dataset.state === "shown" ? spotsOf(viewer.data.places) : [];
  viewer.hovered = null;
  viewer.root.querySelector("[data-do=showPlaces]").disabled = viewer.spots.length === 0;
  if (viewer.spots.length) viewer.layer.append(pictureOf(viewer));
  markPlaces(viewer);
  bringIntoSight(viewer);
}

function spotsOf(places) {
  const found = Object.entries(places?.fields ?? {}).filter(([, corners]) => corners);
  return found.map(([field, corners]) => ({ field, corners: airy(corners), area: areaOf(corners) }));
}

function pictureOf(viewer) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "places");
  svg.setAttribute("viewBox", `0 0 ${viewer.data.places.size.join(" ")}`); // The photo here may be reduced; its places are not.
  svg.setAttribute("preserveAspectRatio", "none");
  svg.setAttribute("aria-hidden", "true");
  for (const { field, corners } of viewer.spots) {
    const polygon = document.createElementNS(SVG, "polygon");
    polygon.setAttribute("points", corners.map((corner) => corner.join(",")).join(" "));
    polygon.setAttribute("class", "place");
    polygon.dataset.field = field;
    svg.append(polygon);
  }
  return svg;
}

function markPlaces(viewer) {
  const { framed, hovered } = viewer;
  const inHand = framed?.photoId === viewer.photoId ? framed.field : null;
  viewer.layer.querySelector(".places")?.classList.toggle("all", allShown);
  viewer.stage.classList.toggle("over-place", hovered !== null);
  for (const polygon of viewer.layer.querySelectorAll(".place")) {
    const { field } = polygon.dataset;
    polygon.classList.toggle("hovered", field === hovered);
    polygon.classList.toggle("framed", field === inHand);
  }
}

function hover(viewer, field) {
  if (viewer.hovered === field) return;
  viewer.hovered = field;
  markPlaces(viewer);
}

function toggleAll(viewer) {
  allShown = !allShown;
  markPlaces(viewer);
  draw(viewer);
}

function pick(viewer, event) {
  const field = fieldAt(viewer, event);
  if (!field) return;
  const detail = { photoId: viewer.photoId, field };
  window.dispatchEvent(new CustomEvent("ledger:pick", { detail }));
}

// The field whose place lies under the pointer: of several the smallest, and for a finger that hit none the nearest.
function fieldAt(viewer, { clientX, clientY, pointerType }) {
  if (!viewer.image || !viewer.spots.length) return null;
  const [x, y] = onPhoto(viewer, clientX, clientY);
  const hit = viewer.spots.filter(({ corners }) => isWithin(corners, x, y));
  if (hit.length) return hit.reduce((left, right) => (right.area < left.area ? right : left)).field;
  if (pointerType !== "touch") return null;
  const reach = (FINGER_PX / viewer.view.zoom) * (viewer.data.places.size[0] / viewer.image.naturalWidth);
  const near = viewer.spots.filter(({ corners }) => isWithin(grown(corners, reach), x, y));
  const far = ({ corners }) => Math.abs(middleOf(corners)[1] - y);
  return near.length ? near.reduce((left, right) => (far(right) < far(left) ? right : left)).field : null;
}

// A point of the window as a point of the photo, in the pixels that its places are counted in.
function onPhoto(viewer, clientX, clientY) {
  const { view, image, data } = viewer;
  let [x, y] = fromMiddle(viewer, clientX, clientY);
  [x, y] = [(x - view.x) / view.zoom, (y - view.y) / view.zoom];
  for (let turn = 0; turn < ((view.quarters % 4) + 4) % 4; turn++) [x, y] = [y, -x];
  const { naturalWidth: width, naturalHeight: height } = image;
  return [(x / width + 0.5) * data.places.size[0], (y / height + 0.5) * data.places.size[1]];
}

// A ray to the right crosses the outline an odd number of times from within.
function isWithin(corners, x, y) {
  const crossed = corners.filter(([x1, y1], index) => {
    const [x2, y2] = corners[(index + 1) % corners.length];
    return y1 > y !== y2 > y && x < x1 + ((y - y1) / (y2 - y1)) * (x2 - x1);
  });
  return crossed.length % 2 === 1;
}

function areaOf(corners) {
  const parts = corners.map(([x1, y1], index) => {
    const [x2, y2] = corners[(index + 1) % corners.length];
    return x1 * y2 - x2 * y1;
  });
  return Math.abs(parts.reduce((sum, part) => sum + part, 0)) / 2;
}

// A photo that is zoomed moves just so far that the frame is on the stage; one that shows it already stays.
function bringIntoSight(viewer) {
  const polygon = viewer.layer.querySelector(".framed");
  if (!polygon) return;
  const frame = polygon.getBoundingClientRect();
  const stage = viewer.stage.getBoundingClientRect();
  const x = wayInto(frame.left, frame.right, stage.left, stage.right);
  const y = wayInto(frame.top, frame.bottom, stage.top, stage.bottom);
  if (x || y) moveBy(viewer, x, y);
}

function wayInto(start, end, from, to) {
  if (start >= from && end <= to) return 0;
  if (end - start > to - from) return from - start; // Larger than the stage: its beginning.
  return start < from ? from - start + MARGIN_PX : to - end - MARGIN_PX;
}

function airy(corners) {
  const [[left, top], , , [, bottom]] = corners;
  return grown(corners, AIR * Math.max(1, Math.hypot(corners[3][0] - left, bottom - top)));
}

function grown(corners, by) {
  const middle = middleOf(corners);
  return corners.map((corner) => corner.map((value, axis) => value + Math.sign(value - middle[axis]) * by));
}

function middleOf(corners) {
  return [0, 1].map((axis) => corners.reduce((sum, corner) => sum + corner[axis], 0) / corners.length);
}
