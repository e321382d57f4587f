// Hangul taken apart: which jamo of two texts differ, and which signs stand in one of them only. Pure.

const FIRST_SYLLABLE = 0xac00;
const LAST_SYLLABLE = 0xd7a3;
const LEADS = [..."ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"];
const VOWELS = [..."ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ"];
const TAILS = ["", ..."ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ"];
const JAMO = ["lead", "vowel", "tail"];
const MOST_SAID = 3; // Differences that are still read as words; more are only lit.
const MOST_COMPARED = 20_000; // Pairs of signs between the first difference and the last: some milliseconds.
const TOO_DIFFERENT = 0.6; // Share of signs with no partner from which on two texts are simply two texts.

const KEPT_COMPARISONS = 1000;
const comparisons = new Map();
const takenApart = new Map();

// The three jamo of a syllable ("" for no tail); null for what is none.
function jamoOf(sign) {
  if (!takenApart.has(sign)) takenApart.set(sign, takeApart(sign));
  return takenApart.get(sign);
}

function takeApart(sign) {
  const code = sign.codePointAt(0);
  if (sign.length !== 1 || code < FIRST_SYLLABLE || code > LAST_SYLLABLE) return null;
  const index = code - FIRST_SYLLABLE;
  const lead = LEADS[Math.floor(index / (VOWELS.length * TAILS.length))];
  const vowel = VOWELS[Math.floor(index / TAILS.length) % VOWELS.length];
  return { lead, vowel, tail: TAILS[index % TAILS.length] };
}

function signsOf(text) {
  return [...text.normalize("NFC")];
}

// The names of the jamo in which two syllables differ; null where one is no syllable, or where nothing is the same.
function differingJamo(left, right) {
  const [mine, theirs] = [left && jamoOf(left), right && jamoOf(right)];
  if (!mine || !theirs) return null;
  const found = JAMO.filter((name) => mine[name] !== theirs[name]);
  const same = JAMO.filter((name) => mine[name] === theirs[name] && mine[name] !== "");
  return same.length ? found : null;
}

// What it costs to take one sign for another. A jamo is a third of a sign; a space is never taken for a letter.
function costOf(left, right) {
  if (left === right) return 0;
  if (left === " " || right === " ") return 3;
  const differing = differingJamo(left, right);
  return differing ? 0.4 * differing.length : 1.3;
}

// Commas come and go with the digits of an amount.
function costOfMissing(sign) {
  return sign === "," ? 0.1 : 1;
}

// Pairs [sign, sign] of both texts in their order, null where one has no partner, with the least difference in all.
// What both begin and end with is paired beforehand; null where too much lies between.
function alignSigns(left, right) {
  const shorter = Math.min(left.length, right.length);
  let start = 0;
  while (start < shorter && left[start] === right[start]) start++;
  let end = 0;
  while (end < shorter - start && left.at(-1 - end) === right.at(-1 - end)) end++;
  if ((left.length - start - end) * (right.length - start - end) > MOST_COMPARED) return null;
  const same = (signs) => signs.map((sign) => [sign, sign]);
  const [ours, theirs] = [left, right].map((signs) => signs.slice(start, signs.length - end));
  const middle = pairUp(ours, theirs, costOf, costOfMissing);
  return [...same(left.slice(0, start)), ...middle, ...same(left.slice(left.length - end))];
}

// Both texts sign by sign with what is lit in each, and the differences in words: [["ㅏ", "ㅓ"]]. Null where the texts
// have too little in common for a comparison to show anything. Every field is compared at every keystroke in one.
function compareTexts(left, right) {
  const key = `${left}\n${right}`;
  if (!comparisons.has(key)) keep(comparisons, key, compareAnew(left, right), KEPT_COMPARISONS);
  return comparisons.get(key);
}

function compareAnew(left, right) {
  const pairs = alignSigns(signsOf(left), signsOf(right));
  if (pairs === null) return null;
  const strange = pairs.filter(([mine, theirs]) => !isSame(mine, theirs) && differingJamo(mine, theirs) === null);
  if (strange.length > Math.max(1, TOO_DIFFERENT * pairs.length)) return null;
  return {
    left: pairs.map(([mine, theirs]) => litSign(mine, theirs)),
    right: pairs.map(([mine, theirs]) => litSign(theirs, mine)),
    words: wordsOf(pairs),
  };
}

function isSame(mine, theirs) {
  return mine === theirs || (mine ?? ",") === (theirs ?? ",");
}

// `lit` is "", "whole", "gap" for a sign that is not there, or the names of jamo; "untailed" stands for a missing tail.
function litSign(mine, theirs) {
  if (isSame(mine, theirs)) return { sign: mine ?? "", lit: "" };
  if (mine === null) return { sign: "", lit: "gap" };
  const differing = differingJamo(mine, theirs);
  if (differing === null) return { sign: mine, lit: "whole" };
  return { sign: mine, lit: differing.map((name) => (jamoOf(mine)[name] ? name : "untailed")).join(" ") };
}

// Neighbouring signs that differ whole are one difference.
function wordsOf(pairs) {
  const found = [];
  let open = null;
  for (const [mine, theirs] of pairs) {
    const differing = isSame(mine, theirs) ? [] : differingJamo(mine, theirs);
    if (differing) {
      open = null;
      found.push(...differing.map((name) => [jamoOf(mine)[name], jamoOf(theirs)[name]]));
      continue;
    }
    if (!open) found.push((open = ["", ""]));
    open[0] += mine ?? "";
    open[1] += theirs ?? "";
  }
  return found.length <= MOST_SAID ? found : [];
}
