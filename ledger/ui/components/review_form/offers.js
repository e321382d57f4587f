// Offers: what one key takes, Alt+1 to Alt+6. form.js names their sources in the order in which they are numbered:
// what the focused field offers first, then what would balance the sum. A source is
// { list: (form) => offers, show: (form, chips) => … }, an offer { label, title, apply: () => … }.

const MOST_OFFERS = 6; // More would not be read.

function offers(form) {
  return form.offering.flatMap((source) => source.list(form)).slice(0, MOST_OFFERS);
}

// Shown anew whenever a source may have something else to offer, because one source's number begins after the other's.
function showOffers(form) {
  let room = MOST_OFFERS;
  for (const source of form.offering) {
    const offered = form.data.readonly ? [] : source.list(form).slice(0, room);
    source.show(form, offered.map((offer, index) => offerChip(offer, MOST_OFFERS - room + index + 1)));
    room -= offered.length;
  }
  const input = form.root.activeElement;
  if (input?.dataset.field) reveal(form, input); // With all that stands near it by now, above a total with its own chips.
}

function offerChip(offer, number) {
  const chip = Object.assign(document.createElement("button"), { type: "button", className: "chip", tabIndex: -1 });
  const key = Object.assign(document.createElement("kbd"), { textContent: `Alt+${number}` });
  showAppleKeys(key);
  chip.append(key, Object.assign(document.createElement("span"), { textContent: offer.label }));
  chip.title = offer.title ?? "";
  chip.addEventListener("click", () => offer.apply());
  return chip;
}

function takeOffer(form, index) {
  offers(form)[index]?.apply();
}

// The field that is worked on. A composition that a shortcut has ended leaves it without focus for a moment.
function fieldInHand(form) {
  const focused = form.root.activeElement;
  if (focused?.dataset.field) return focused;
  return form.inputLeft?.isConnected ? form.inputLeft : null;
}
