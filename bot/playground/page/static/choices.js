// Checkboxes and radio buttons.
import { el, same, setAll } from "./dom.js";
import { renderText } from "./mrkdwn.js";
import { choose, controlAttributes, held, newEcho, stateAttributes } from "./scope.js";

export const isChoices = (element) => element.type === "checkboxes" || element.type === "radio_buttons";

/** A group of boxes or of radio buttons, each with its words and what they mean. */
export function renderChoices(scope) {
  const single = scope.element.type === "radio_buttons";
  const drawn = scope.element.options ?? [];
  const boxes = drawn.map((option, at) => boxOf(scope, single, option, at));
  const group = el("div", { class: "b-choices", role: single ? "radiogroup" : "group" }, ...boxes.map((box) => box.node));
  const echo = newEcho(valuesOf(scope));

  const ticked = () => boxes.filter((box) => box.input.checked).map((box) => box.option.value);
  const show = (values) => boxes.forEach((box) => (box.input.checked = values.includes(box.option.value)));
  const dress = () => {
    const { "aria-invalid": invalid, "aria-required": required, ...rest } = { ...controlAttributes(scope), ...stateAttributes(scope) };
    // Whether something is wrong or must be chosen is said of a group of radio buttons; of boxes it is said in words.
    setAll(group, { ...rest, "data-invalid": invalid, ...(single ? { "aria-invalid": invalid, "aria-required": required } : {}) });
    if (scope.block.type === "input") setAll(group, { "aria-labelledby": scope.labelId });
  };

  group.addEventListener("change", async () => {
    const values = ticked();
    const before = valuesOf(scope);
    echo.tell(values);
    const told = await choose(scope, single ? { option: values[0] ?? null } : { options: values });
    if (!told) show(before);
  });
  scope.refresh = () => {
    if (!same(scope.element.options ?? [], drawn) || (scope.element.type === "radio_buttons") !== single) return false;
    const values = valuesOf(scope);
    if (echo.isNews(values)) show(values);
    dress();
    return true;
  };
  show(valuesOf(scope));
  dress();
  return group;
}

function boxOf(scope, single, option, at) {
  const id = `${scope.id}--${at}`;
  const description = option.description ? el("span", { class: "b-choice-more", id: `${id}--more` }, renderText(option.description, scope.context)) : null;
  const input = el("input", {
    type: single ? "radio" : "checkbox", id, name: scope.id, value: option.value ?? "", "aria-describedby": description?.id,
    "data-focus-on-load": at === 0 && scope.element.focus_on_load,
  });
  const label = el("label", { for: id, dir: "auto" }, renderText(option.text, scope.context));
  return { option, input, node: el("div", { class: "b-choice" }, input, el("div", { class: "b-choice-text" }, label, description)) };
}

function valuesOf(scope) {
  const value = held(scope);
  return (Array.isArray(value) ? value : value ? [value] : []).map((option) => option.value);
}
