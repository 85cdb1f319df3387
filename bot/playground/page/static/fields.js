// Fields that are typed in: text, numbers, email and web addresses.
import { el, setAll } from "./dom.js";
import { plainWords } from "./emoji.js";
import { controlAttributes, held, hears, newEcho, stateAttributes } from "./scope.js";

const KINDS = {
  plain_text_input: { type: "text" },
  number_input: { type: "text", inputmode: "decimal" },
  email_text_input: { type: "email", inputmode: "email", autocomplete: "off", spellcheck: "false" },
  url_text_input: { type: "url", inputmode: "url", autocomplete: "off", spellcheck: "false" },
};
// From here on, each keystroke says how many characters are left.
const FEW = 10;
// What is amiss is said a moment after the field is left: a line that appears under a press would move what is pressed.
const MOMENT = 200;

export const isTextField = (element) => element.type in KINDS;

/** A field to type in, with its counter and what is amiss. */
export function renderField(scope) {
  const lines = scope.element.multiline === true;
  const control = el(lines ? "textarea" : "input", { class: `b-input${lines ? " b-textarea" : ""}`, dir: "auto" });
  const count = el("span", { class: "b-count", "aria-hidden": "true" });
  const limit = el("span", { class: "b-unseen", id: `${scope.id}--limit` });
  const left = el("span", { class: "b-unseen", role: "status" });
  const enter = el("span", { class: "b-note", id: `${scope.id}--enter` });
  const amiss = el("span", { class: "b-amiss", id: `${scope.id}--amiss`, role: "status" });
  const field = el("div", { class: "b-field" }, el("div", { class: "b-box" }, control, count), amiss, enter, limit, left);
  const echo = newEcho(textOf(scope));
  let composing = false;
  let judging = 0;

  const words = () => control.value;
  const show = () => {
    const most = scope.element.max_length;
    const rest = most === undefined ? null : most - [...words()].length;
    count.textContent = rest === null ? "" : String(rest);
    count.hidden = rest === null;
    count.classList.toggle("b-count-over", rest !== null && rest < 0);
    limit.textContent = most === undefined ? "" : `Up to ${most} characters`;
    left.textContent = rest === null || rest > FEW ? "" : rest < 0 ? `${-rest} characters too many` : `${rest} characters left`;
    if (amiss.textContent && !unfit(scope.element, words())) amiss.textContent = "";
    mark(rest !== null && rest < 0);
  };
  const mark = (over) => {
    const below = [amiss.textContent && amiss.id, enter.textContent && enter.id, limit.textContent && limit.id];
    const spoken = { ...scope, described: [...scope.described, ...below], invalid: scope.invalid || over || Boolean(amiss.textContent) };
    setAll(control, stateAttributes(spoken));
  };
  const tell = (enter) => {
    echo.tell(words());
    scope.context.act("fill", scope.block, scope.element, { text: words(), enter });
  };
  const dress = () => {
    const { type, ...rest } = KINDS[scope.element.type];
    const whole = scope.element.type === "number_input" && !scope.element.is_decimal_allowed;
    setAll(control, { ...controlAttributes(scope), ...rest, ...(lines ? { rows: 4 } : { type }), ...(whole ? { inputmode: "numeric" } : {}) });
    setAll(control, { placeholder: plainWords(scope.element.placeholder) || null, enterkeyhint: lines ? null : "done" });
    enter.textContent = hearsEnter(scope) ? `Press ${lines ? "Ctrl+Enter" : "Enter"} to submit` : "";
    show();
  };

  control.addEventListener("input", (event) => {
    clearTimeout(judging);
    show();
    if (!event.isComposing && !composing) tell(false);
  });
  control.addEventListener("compositionstart", () => (composing = true));
  control.addEventListener("compositionend", () => {
    composing = false;
    tell(false);
  });
  control.addEventListener("change", () => {
    clearTimeout(judging);
    judging = setTimeout(() => {
      amiss.textContent = scope.invalid ? "" : unfit(scope.element, words());
      show();
    }, MOMENT);
  });
  control.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing || composing || !hearsEnter(scope)) return;
    if (lines && !event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    tell(true);
  });

  scope.refresh = () => {
    if ((scope.element.multiline === true) !== lines) return false;
    const text = textOf(scope);
    // What is being typed is never written over: it will be told, and heard back.
    if (echo.isNews(text) && document.activeElement !== control) control.value = text;
    if (scope.invalid) amiss.textContent = "";
    dress();
    return true;
  };
  control.value = textOf(scope);
  dress();
  return field;
}

/** What is wrong with a text that the field cannot take, in words; empty where nothing is. */
export function unfit(element, text) {
  const length = [...text].length;
  if (text === "") return "";
  if (element.min_length !== undefined && length < element.min_length) return `Must be at least ${element.min_length} characters.`;
  if (element.type === "email_text_input") return /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text) ? "" : "Enter an email address.";
  if (element.type === "url_text_input") return /^[a-z][a-z\d+.-]*:\/\/\S+$/i.test(text) ? "" : "Enter a link that begins with https://.";
  return element.type === "number_input" ? unfitNumber(element, text) : "";
}

function unfitNumber(element, text) {
  const form = element.is_decimal_allowed ? /^-?\d+(\.\d+)?$/ : /^-?\d+$/;
  if (!form.test(text)) return element.is_decimal_allowed ? "Enter a number." : "Enter a whole number.";
  if (element.min_value !== undefined && Number(text) < Number(element.min_value)) return `Must be ${element.min_value} or more.`;
  if (element.max_value !== undefined && Number(text) > Number(element.max_value)) return `Must be ${element.max_value} or less.`;
  return "";
}

function hearsEnter(scope) {
  return scope.block.type === "input" && hears(scope, "on_enter_pressed");
}

function textOf(scope) {
  const value = held(scope);
  return value === null ? "" : String(value);
}
