// Where the field that is worked on stands on the photo: a frame around it, with a little air.

const AIR = 0.2; // Of the height of the writing, so that the strokes of the writing stay free.

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
}

function airy(corners) {
  const [[left, top], , , [, bottom]] = corners;
  const air = AIR * Math.max(1, Math.hypot(corners[3][0] - left, bottom - top));
  const middle = [0, 1].map((axis) => corners.reduce((sum, corner) => sum + corner[axis], 0) / corners.length);
  return corners.map((corner) => corner.map((value, axis) => value + Math.sign(value - middle[axis]) * air));
}
