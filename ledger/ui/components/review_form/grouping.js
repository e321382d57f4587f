// Thousands are parted while somebody types. Only commas come and go: what is no number stays exactly as it was typed.

const BARE_NUMBER = /^-?(0|[1-9]\d*)(\.\d*)?$/;

// What the text becomes and where the caret stands in it; null where nothing is to be changed. `before` is the text
// before this key. Its commas were put by us if it was well parted, so they give way; a comma that was typed stays,
// because "9,50" must not become 950.
function regroup(text, caret, before, decimals, currency, inputType, typed) {
  const wellParted = before === "" || before === "-" || !Number.isNaN(parseNumber(before, decimals, currency));
  const strict = !Number.isNaN(parseNumber(text, decimals, currency));
  if (!strict && (!wellParted || typed?.includes(","))) return null;
  const edited = withoutOneMore(text, caret, before, inputType);
  const bare = edited.text.replaceAll(",", "");
  if (!BARE_NUMBER.test(bare) || Number.isNaN(parseNumber(bare, decimals, currency))) return null;
  const left = edited.text.slice(0, edited.caret).replaceAll(",", "").length;
  const grouped = partThousands(bare);
  return { text: grouped, caret: placeAfter(grouped, left) };
}

// Who deletes a comma means the digit beside it: the comma would only come back.
function withoutOneMore(text, caret, before, inputType = "") {
  const onlyComma = before.length === text.length + 1 && before.replaceAll(",", "") === text.replaceAll(",", "");
  if (!onlyComma || !inputType.startsWith("deleteContent")) return { text, caret };
  const from = inputType.endsWith("Forward") ? caret : Math.max(caret - 1, 0);
  return { text: text.slice(0, from) + text.slice(from + 1), caret: from };
}

function partThousands(bare) {
  const [whole, ...fraction] = bare.split(".");
  return [whole.replace(/\d(?=(\d{3})+$)/g, "$&,"), ...fraction].join(".");
}

// The place behind so many characters that are no commas.
function placeAfter(grouped, count) {
  let place = 0;
  for (let seen = 0; seen < count; place++) if (grouped[place] !== ",") seen++;
  return place;
}

// Not while a syllable is composed: the input method holds the text then.
function groupWhileTyping(form, input, event) {
  const before = input.dataset.before ?? "";
  if (isNumber(input) && event && !event.isComposing) {
    const { value, selectionStart: caret } = input;
    const { inputType, data: typed } = event;
    const found = regroup(value, caret, before, decimalsOf(form, input), currency(form), inputType, typed);
    if (found && found.text !== value) {
      input.value = found.text;
      input.setSelectionRange(found.caret, found.caret);
    }
  }
  input.dataset.before = input.value;
}
