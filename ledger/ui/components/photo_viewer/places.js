// Where the field that is worked on stands on the photo: a frame around it, with a little air.

const AIR = 0.12; // Of the height of the writing, so that the strokes of the writing stay free.
const MARGIN_PX = 24; // Between a frame that was brought into sight and the edge of the stage.

// The form tells which field was entered, also while its photo is still on the way.
function framePlace(viewer, { photoId, field }) {
  viewer.framed = { photoId, field };
  drawPlace(viewer);
}

function drawPlace(viewer) {
  viewer.layer.querySelector(".place")?.remove();
  const { framed, data } = viewer;
  const corners = framed?.photoId === viewer.photoId ? data.places?.fields[framed.field] : null;
  if (!corners || !viewer.image) return;
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", "place");
  svg.setAttribute("viewBox", `0 0 ${data.places.size.join(" ")}`); // The photo here may be reduced; its places are not.
  svg.setAttribute("preserveAspectRatio", "none");
  svg.setAttribute("aria-hidden", "true");
  svg.dataset.field = framed.field;
  const polygon = document.createElementNS(svg.namespaceURI, "polygon");
  polygon.setAttribute("points", airy(corners).map((corner) => corner.join(",")).join(" "));
  svg.append(polygon);
  viewer.layer.append(svg);
  bringIntoSight(viewer, polygon);
}

// A photo that is zoomed moves just so far that the frame is on the stage; one that shows it already stays.
function bringIntoSight(viewer, polygon) {
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
  const air = AIR * Math.max(1, Math.hypot(corners[3][0] - left, bottom - top));
  const middle = [0, 1].map((axis) => corners.reduce((sum, corner) => sum + corner[axis], 0) / corners.length);
  return corners.map((corner) => corner.map((value, axis) => value + Math.sign(value - middle[axis]) * air));
}
