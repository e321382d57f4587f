// Wheel, pointers and keys.

const PAN_STEP_PX = 60;
const SLIP_PX = { mouse: 4, pen: 6, touch: 10 }; // What a hand moves that only clicks or taps.

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
  viewer.travel = viewer.pointers.size > 1 ? Infinity : 0;
  viewer.stage.setPointerCapture(event.pointerId);
  viewer.stage.classList.add("dragging");
}

function onPointerMove(viewer, event) {
  const before = viewer.pointers.get(event.pointerId);
  if (!viewer.image) return;
  if (!before) return hover(viewer, fieldAt(viewer, event));
  const other = [...viewer.pointers.values()].find((each) => each.pointerId !== event.pointerId);
  viewer.pointers.set(event.pointerId, event);
  if (other) return pinch(viewer, before, event, other);
  const way = [event.clientX - before.clientX, event.clientY - before.clientY];
  viewer.travel += Math.hypot(...way);
  if (hasTravelled(viewer, event)) moveBy(viewer, ...way);
}

function hasTravelled(viewer, { pointerType }) {
  return viewer.travel > (SLIP_PX[pointerType] ?? SLIP_PX.mouse);
}

// After all that a browser makes of a tap, which would take the focus from the field again.
function onClick(viewer, event) {
  if (!hasTravelled(viewer, event)) pick(viewer, event);
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

// Keys are told by their place on the keyboard, because with a Hangul layout the W key says ㅈ.
const DEED_OF_KEY = {
  BracketLeft: "rotateLeft",
  BracketRight: "rotateRight",
  Equal: "zoomIn",
  NumpadAdd: "zoomIn",
  Minus: "zoomOut",
  NumpadSubtract: "zoomOut",
  Digit0: "showWhole",
  Digit9: "showRealSize",
  KeyW: "showWidth",
  KeyB: "showPlaces",
};

// In a field these keys type, unless Alt is held.
function onPageKey(viewer, event) {
  const deed = DEED_OF_KEY[event.code];
  if (!deed || event.ctrlKey || event.metaKey || dialogIsOpen()) return;
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
