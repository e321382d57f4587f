// Where the jamo of a syllable stand, in whatever font it is shown with. The sign is drawn once: what hangs together is
// one stroke, a stroke belongs to the jamo in whose part of the block most of it lies, and every point of the block
// belongs to the stroke that is nearest. So no font is asked to keep to a grid, and none of our own is needed.

const DRAWN_PX = 48;
const INK = 96; // Of 255: what is paler is the edge of a stroke.
const ONE_STROKE = 0.75; // Share of a stroke in one part of the block; with less, two jamo touch each other.
const LEAD = 0;
const VOWEL = 1;
const TAIL = 2;
const NOBODY = 3;
const KEPT_MASKS = 2000;
const masks = new Map(); // Font, sign and jamo -> the mask; fonts and receipts repeat.

const canvas = document.createElement("canvas");
const pen = canvas.getContext("2d", { willReadFrequently: true });

// A mask of the named jamo ("lead vowel tail") as { url, width, height } in em, as large as the sign's line.
function maskOf(sign, names, style) {
  const font = `${style.fontStyle} ${style.fontWeight} ${DRAWN_PX}px ${style.fontFamily}`;
  const key = `${sign} ${names} ${font}`;
  if (!masks.has(key)) keep(masks, key, drawMask(sign, names, font), KEPT_MASKS);
  return masks.get(key);
}

function drawMask(sign, names, font) {
  const block = drawSign(sign, font);
  const owners = spread(ownersOf(block, jamoOf(sign)), block);
  const picture = pen.createImageData(block.width, block.height);
  const wanted = names.split(" ").map((name) => JAMO.indexOf(name));
  owners.forEach((owner, at) => (picture.data[4 * at + 3] = wanted.includes(owner) ? 255 : 0));
  pen.putImageData(picture, 0, 0);
  return { url: canvas.toDataURL(), width: block.width / DRAWN_PX, height: block.height / DRAWN_PX };
}

function drawSign(sign, font) {
  pen.font = font;
  const { width: advance, fontBoundingBoxAscent: above, fontBoundingBoxDescent: below } = pen.measureText(sign);
  const [width, height] = [Math.ceil(advance), Math.ceil(above + below)];
  Object.assign(canvas, { width, height });
  pen.font = font; // A canvas that was resized has forgotten it.
  pen.fillText(sign, 0, above);
  const { data } = pen.getImageData(0, 0, width, height);
  const ink = Array.from({ length: width * height }, (_, at) => data[4 * at + 3] > INK);
  return { width, height, ink, bounds: boundsOf(ink, width) };
}

function boundsOf(ink, width) {
  const bounds = { left: Infinity, right: 0, top: Infinity, bottom: 0 };
  ink.forEach((isInk, at) => {
    if (!isInk) return;
    const [x, y] = [at % width, Math.floor(at / width)];
    bounds.left = Math.min(bounds.left, x);
    bounds.right = Math.max(bounds.right, x);
    bounds.top = Math.min(bounds.top, y);
    bounds.bottom = Math.max(bounds.bottom, y);
  });
  return bounds;
}

// Whose each point of ink is: one jamo's for a whole stroke, or point by point where jamo touch each other.
function ownersOf(block, { vowel, tail }) {
  const { width, ink, bounds } = block;
  const owners = new Uint8Array(ink.length).fill(NOBODY);
  const partOf = (at) => {
    const x = (at % width - bounds.left) / (bounds.right - bounds.left + 1);
    const y = (Math.floor(at / width) - bounds.top) / (bounds.bottom - bounds.top + 1);
    return partAt(x, y, vowel, tail !== "");
  };
  for (const stroke of strokesOf(block)) {
    const parts = stroke.map(partOf);
    const counts = [LEAD, VOWEL, TAIL].map((part) => parts.filter((each) => each === part).length);
    const most = counts.indexOf(Math.max(...counts));
    const isOne = counts[most] >= ONE_STROKE * stroke.length;
    stroke.forEach((at, i) => (owners[at] = isOne ? most : parts[i]));
  }
  return owners;
}

// The plan of a block, x and y from 0 to 1 within its ink: tall vowels stand to the right of the lead, flat ones below
// it, and some do both; a tail lies below everything.
function partAt(x, y, vowel, hasTail) {
  const flat = "ㅗㅛㅜㅠㅡ".includes(vowel);
  const both = "ㅘㅙㅚㅝㅞㅟㅢ".includes(vowel);
  const low = "ㅜㅠㅝㅞㅟ".includes(vowel); // Its stem hangs down.
  const floor = hasTail ? (low ? 0.63 : 0.6) : 1;
  if (y > floor) return TAIL;
  const under = hasTail ? 0.37 : low ? 0.46 : 0.58;
  const beside = { ㅔ: 0.5, ㅖ: 0.5, ㅐ: 0.58, ㅒ: 0.58, ㅓ: 0.6, ㅕ: 0.6, ㅙ: 0.62, ㅞ: 0.6 }[vowel] ?? 0.68;
  if ((flat || both) && y > under) return VOWEL;
  return !flat && x > beside ? VOWEL : LEAD;
}

function strokesOf({ width, ink }) {
  const seen = new Uint8Array(ink.length);
  const strokes = [];
  ink.forEach((isInk, at) => {
    if (!isInk || seen[at]) return;
    const stroke = [at];
    seen[at] = 1;
    for (let i = 0; i < stroke.length; i++) {
      for (const next of neighbours(stroke[i], width, ink.length)) {
        if (ink[next] && !seen[next]) stroke.push(next);
        seen[next] ||= ink[next] ? 1 : 0;
      }
    }
    strokes.push(stroke);
  });
  return strokes;
}

// Every point goes to whom the nearest point of ink belongs: all grow at the same pace until they meet.
function spread(owners, { width }) {
  const grown = owners.slice();
  const edge = [...grown.keys()].filter((at) => grown[at] !== NOBODY);
  for (let i = 0; i < edge.length; i++) {
    for (const next of neighbours(edge[i], width, grown.length)) {
      if (grown[next] !== NOBODY) continue;
      grown[next] = grown[edge[i]];
      edge.push(next);
    }
  }
  return grown;
}

function neighbours(at, width, size) {
  const x = at % width;
  const found = [at - width, at + width].filter((next) => next >= 0 && next < size);
  if (x > 0) found.push(at - 1);
  if (x < width - 1) found.push(at + 1);
  return found;
}
