// The photo beside the form. A photo is swapped in only when it is decoded, so that nothing flickers, and what the
// operator did to it (zoom, place, rotation) is kept per photo while the tab is open.

const viewers = new WeakMap(); // One viewer per place in the page; the function below runs again with every answer.

export default function showPhotoViewer({ data, parentElement: root }) {
  const viewer = viewers.get(root) ?? build(root);
  if (viewer.left) viewer.arrived = data;
  else take(viewer, data);
  fitWindow(viewer);
  return () => dismantle(viewer);
}

function take(viewer, data) {
  viewer.data = data;
  applyWords(viewer);
  if (viewer.photoId !== data.photo_id || viewer.url !== data.url) show(viewer);
  if (viewer.placesDrawn !== JSON.stringify(data.places)) drawPlaces(viewer);
}

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
    travel: 0,
    spots: [],
    hovered: null,
    view: freshView(new Image()),
    image: null,
    ahead: null, // The photo that comes next,
    left: null, // the one that was left while its decision travels,
    arrived: null, // and what the server has sent meanwhile.
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
  stage.addEventListener("pointerleave", () => hover(viewer, null));
  stage.addEventListener("click", (event) => onClick(viewer, event));
  stage.addEventListener("dblclick", (event) => fieldAt(viewer, event) ?? DEEDS.showWhole(viewer));
  stage.addEventListener("keydown", (event) => onStageKey(viewer, event));
  root.querySelector(".again").addEventListener("click", () => show(viewer));
  root.querySelectorAll("[data-do]").forEach((button) => {
    button.addEventListener("click", () => act(viewer, button.dataset.do));
  });
  viewer.onKey = (event) => onPageKey(viewer, event);
  document.addEventListener("keydown", viewer.onKey);
  viewer.onFieldFocus = (event) => framePlace(viewer, event.detail);
  window.addEventListener("ledger:focus", viewer.onFieldFocus);
  viewer.onAhead = (event) => expect(viewer, event.detail);
  window.addEventListener("ledger:ahead", viewer.onAhead);
  if (window.ledgerAhead) expect(viewer, window.ledgerAhead);
  viewer.onShow = (event) => showAhead(viewer, event.detail.photoId);
  window.addEventListener("ledger:show", viewer.onShow);
  viewer.onAnswered = (event) => settle(viewer, event.detail.back);
  window.addEventListener("ledger:answered", viewer.onAnswered);
  viewer.observer = watchPage(viewer, () => {
    fitWindow(viewer);
    draw(viewer);
  });
  viewer.observer.observe(stage);
}

function dismantle(viewer) {
  document.removeEventListener("keydown", viewer.onKey);
  window.removeEventListener("ledger:focus", viewer.onFieldFocus);
  window.removeEventListener("ledger:ahead", viewer.onAhead);
  window.removeEventListener("ledger:show", viewer.onShow);
  window.removeEventListener("ledger:answered", viewer.onAnswered);
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
    showPlaces: "places",
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
