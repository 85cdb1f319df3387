// Buttons and "more" menus.
import { el, icon, same, setAll } from "./dom.js";
import { plainWords, renderPlain } from "./emoji.js";
import { isSafe } from "./entities.js";
import { openAt } from "./popup.js";
import { confirmed, nameOf } from "./scope.js";

const DOTS = "M4.5 8.3a1.7 1.7 0 1 0 0 3.4 1.7 1.7 0 0 0 0-3.4Zm5.5 0a1.7 1.7 0 1 0 0 3.4 1.7 1.7 0 0 0 0-3.4Zm5.5 0a1.7 1.7 0 1 0 0 3.4 1.7 1.7 0 0 0 0-3.4Z";

/** A button; one with an address is a link, which opens it and tells the app as well. */
export function renderButton(scope) {
  const isLink = isSafe(scope.element.url);
  const node = el(isLink ? "a" : "button", isLink ? { target: "_blank", rel: "noopener noreferrer" } : { type: "button" });
  const dress = () => {
    const { element, block } = scope;
    const style = ["primary", "danger"].includes(element.style) ? ` b-button-${element.style}` : "";
    setAll(node, {
      id: scope.id, class: `b-button${style}`, href: isLink ? element.url : null, "data-block-id": block.block_id,
      "data-action-id": element.action_id, "aria-label": element.accessibility_label || null, "data-value": element.value,
    });
    const words = el("bdi", {}, renderPlain(element.text));
    if (!node.firstChild?.isEqualNode(words)) node.replaceChildren(words);
  };
  node.addEventListener("click", async (event) => {
    const { element, context } = scope;
    event.preventDefault();
    if (node.getAttribute("aria-busy") === "true") return;
    node.setAttribute("aria-busy", "true");
    try {
      if (!(await confirmed(scope))) return;
      if (isLink) context.openUrl(element.url);
      await context.act("press", scope.block, element, {});
    } finally {
      node.removeAttribute("aria-busy");
    }
  });
  scope.refresh = () => {
    if (isSafe(scope.element.url) !== isLink) return false;
    dress();
    return true;
  };
  dress();
  return node;
}

/** A "more" menu: a button that opens a list of acts. */
export function renderOverflow(scope) {
  const drawn = scope.element.options ?? [];
  const button = el("button", {
    type: "button", class: "b-button b-more", id: scope.id, "aria-haspopup": "menu", "aria-expanded": "false", "aria-label": nameOf(scope),
    "data-block-id": scope.block.block_id, "data-action-id": scope.element.action_id,
  }, icon(DOTS, "more"));
  const items = drawn.map((option) => itemOf(option, scope));
  const menu = el("div", { class: "b-popup b-menu", role: "menu", popover: "manual", "aria-labelledby": scope.id }, ...items);
  const whole = el("div", { class: "b-overflow" }, button, menu);
  const popup = openAt(button, menu, { onClose: () => button.setAttribute("aria-expanded", "false") });

  const open = (at) => {
    popup.open();
    button.setAttribute("aria-expanded", "true");
    items.at(at)?.focus();
  };
  const close = () => {
    popup.close();
    button.focus();
  };
  const pick = async (option) => {
    close();
    if (!(await confirmed(scope))) return;
    if (isSafe(option.url)) scope.context.openUrl(option.url);
    scope.context.act("press", scope.block, scope.element, { option: option.value });
  };
  items.forEach((item, at) => item.addEventListener("click", () => pick(drawn[at])));
  button.addEventListener("click", () => (popup.isOpen() ? close() : open(0)));
  button.addEventListener("keydown", (event) => {
    if (!["ArrowDown", "ArrowUp"].includes(event.key) || popup.isOpen()) return;
    event.preventDefault();
    event.stopPropagation();
    open(event.key === "ArrowDown" ? 0 : -1);
  });
  whole.addEventListener("keydown", (event) => {
    if (!popup.isOpen()) return;
    const at = items.indexOf(document.activeElement);
    const { length } = items;
    const steps = { ArrowDown: (at + 1) % length, ArrowUp: (at - 1 + length) % length, Home: 0, End: length - 1 };
    const to = steps[event.key] ?? letter(event.key, items, at);
    if (event.key === "Escape") close();
    else if (event.key === "Tab") return void popup.close();
    else if (to >= 0) items[to].focus();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  scope.refresh = () => same(scope.element.options ?? [], drawn);
  return whole;
}

function letter(key, items, from) {
  if (key.length !== 1 || key === " ") return -1;
  const order = items.map((_, at) => (from + 1 + at) % items.length);
  return order.find((at) => items[at].textContent.trim().toLowerCase().startsWith(key.toLowerCase())) ?? -1;
}

function itemOf(option, scope) {
  const more = option.description ? el("span", { class: "b-option-more" }, plainWords(option.description)) : null;
  return el("button", {
    type: "button", role: "menuitem", tabindex: "-1", class: "b-option", "data-value": option.value, "data-block-id": scope.block.block_id,
  }, el("bdi", {}, renderPlain(option.text)), more);
}
