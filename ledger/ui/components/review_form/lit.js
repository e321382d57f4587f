// Lighting what differs: the signs, and within a syllable the jamo, that another text has otherwise. What is written
// stays plain text, to be read aloud and copied as it stands.

// Writes `text` into the element, lit where it differs; unlit without a comparison.
function writeLit(element, text, signs) {
  if (!signs) return element.replaceChildren(text);
  const style = getComputedStyle(element);
  const parts = signs.map(({ sign, lit }) => litPart(sign, lit, style));
  element.replaceChildren(...parts);
  element.normalize();
}

function litPart(sign, lit, style) {
  if (!lit) return document.createTextNode(sign);
  const part = Object.assign(document.createElement("span"), { textContent: sign });
  const names = lit.split(" ").filter((name) => JAMO.includes(name));
  part.className = names.length ? "syllable" : lit;
  part.classList.toggle("untailed", lit.includes("untailed"));
  part.dataset.lit = lit;
  if (names.length) light(part, sign, names.join(" "), style);
  return part;
}

// The same sign lies on itself in another colour, and a mask lets the jamo through that are lit.
function light(part, sign, names, style) {
  const { url, width, height } = maskOf(sign, names, style);
  part.dataset.sign = sign;
  part.style.setProperty("--mask", `url(${url}) 0 50% / ${width}em ${height}em no-repeat`);
}

// "ㅓ → ㅏ": what became of what, in words. Empty where too much differs to be said.
function differenceInWords(form, compared) {
  const said = (jamo) => (jamo === "" ? word(form, "no_sign") : jamo === " " ? word(form, "a_space") : jamo);
  return (compared?.words ?? []).map(([read, typed]) => `${said(read)} → ${said(typed)}`).join(", ");
}
