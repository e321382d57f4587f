// Judging: what cannot be right is refused where it stands, in a sentence.

function judge(form, input, moment) {
  const problem = problemOf(form, input, moment);
  showProblem(form, input, input.dataset.refused || problem);
}

function problemOf(form, input, moment) {
  if (isNumber(input)) return numberProblem(form, input, moment);
  // A text is never refused while it is still being typed, but a mended one is accepted at once.
  if (moment === "typing" && !input.dataset.problem) return "";
  if (input.dataset.kind === "date") return dateProblem(form, input, moment);
  if (input.dataset.column === "name") return nameProblem(form, input, moment);
  return "";
}

function numberProblem(form, input, moment) {
  const beginning = /^\s*[-−–]?\s*(\d{1,3}(,\d{3})*,\d{0,2})?$/.test(input.value); // Also of what follows a comma.
  if (!Number.isNaN(numberIn(form, input)) || (moment === "typing" && beginning)) return "";
  const field = input.getAttribute("aria-label") ?? word(form, input.dataset.column);
  const key = input.dataset.kind === "count" ? "not_a_count" : "not_an_amount";
  return word(form, key, { field, value: input.value, currency: currency(form) });
}

function dateProblem(form, input, moment) {
  const date = parseDate(input.value);
  if (date === null) return word(form, "not_a_date", { value: input.value });
  return date === "" && moment === "confirming" ? word(form, "date_missing") : "";
}

function nameProblem(form, input, moment) {
  const row = rowOf(input);
  if (moment === "loading" || input.value.trim() !== "" || isBlank(row)) return "";
  return word(form, "name_missing", { row: rows(form).indexOf(row) + 1 });
}

function showProblem(form, input, sentence) {
  if (sentence) {
    input.dataset.problem = sentence;
    input.setAttribute("aria-invalid", "true");
  } else {
    delete input.dataset.problem;
    input.removeAttribute("aria-invalid");
  }
  const scope = input.closest("[data-scope]");
  const sentences = [...scope.querySelectorAll("[data-problem]")].map((each) => each.dataset.problem);
  scope.querySelector(".problem").textContent = sentences.join(" ");
}

// Another currency changes what the amounts mean, never the texts.
function judgeAmounts(form) {
  inputs(form)
    .filter((input) => input.dataset.kind === "amount")
    .forEach((input) => judge(form, input, "leaving"));
}

// Sentences name rows, so they are said again when rows have moved.
function judgeAgain(form) {
  inputs(form).filter((input) => input.dataset.problem).forEach((input) => judge(form, input, "leaving"));
}

function clearProblems(form) {
  inputs(form).forEach((input) => {
    delete input.dataset.refused;
    showProblem(form, input, "");
  });
}
