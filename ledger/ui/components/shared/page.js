// What a component knows of the page around it.

const BOTTOM_MARGIN_PX = 16;

function dialogIsOpen() {
  return document.querySelector("[role=dialog]") !== null;
}

// A component ends where the window ends, so that what stands beside it and below it stays in sight.
function fitWindow({ element }) {
  const scrolled = document.querySelector('[data-testid="stMain"]')?.scrollTop ?? 0;
  const top = element.getBoundingClientRect().top + scrolled;
  element.style.setProperty("--room", `calc(100dvh - ${Math.round(top) + BOTTOM_MARGIN_PX}px)`);
}

// What stands above a component may grow later: `follow` runs then, until the observer is disconnected.
function watchPage({ root }, follow) {
  const observer = new ResizeObserver(follow);
  observer.observe(document.body);
  observer.observe(root.host.closest('[data-testid="stMainBlockContainer"]') ?? document.body);
  return observer;
}
