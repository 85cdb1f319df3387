// The elements that a block may hold, by type.
import { renderButton, renderOverflow } from "./buttons.js";
import { isChoices, renderChoices } from "./choices.js";
import { el } from "./dom.js";
import { isTextField, renderField } from "./fields.js";
import { isMenu, renderMenu } from "./menus.js";
import { isPicker, renderPicker } from "./pickers.js";

const MAKERS = [
  [isTextField, renderField],
  [isChoices, renderChoices],
  [isPicker, renderPicker],
  [isMenu, renderMenu],
  [(element) => element.type === "button", renderButton],
  [(element) => element.type === "overflow", renderOverflow],
  [(element) => element.type === "image", (scope) => renderImage(scope.element, "b-thumbnail")],
];

/** Whether the element is a group of controls, which a label cannot point at. */
export const isGroup = isChoices;

/** Makes the node of an element and leaves it in the scope. */
export function renderElement(scope) {
  const maker = MAKERS.find(([fits]) => fits(scope.element));
  scope.node = maker ? maker[1](scope) : renderUnknown(`unknown element: ${scope.element.type}`);
  return scope.node;
}

/** Brings an element's node up to date, or makes another; returns the node. */
export function refreshElement(scope, block, element, context) {
  const kept = scope.element.type === element.type && scope.element.action_id === element.action_id;
  Object.assign(scope, { block, element, context });
  return kept && scope.refresh() ? scope.node : renderElement(scope);
}

/** A picture with its words for those who do not see it; only the words where its address is not one to load. */
export function renderImage(image, classes) {
  const url = image.image_url ?? image.slack_file?.url ?? "";
  const alt = image.alt_text ?? "";
  if (!/^(?:https?:\/\/|data:image\/)/i.test(url)) return el("span", { class: `${classes} b-image-missing` }, alt || "image");
  return el("img", { class: classes, src: url, alt, referrerpolicy: "no-referrer", decoding: "async" });
}

/** What stands in for a thing that this page does not know, so that nothing vanishes in silence. */
export function renderUnknown(words) {
  return el("div", { class: "b-unknown" }, words);
}
