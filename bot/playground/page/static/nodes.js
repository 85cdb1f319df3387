// Makes elements. Texts go in as text nodes only: no markup is ever parsed here.

const SVG = "http://www.w3.org/2000/svg";

// Each icon is a path in a box of 20, drawn in lines.
const ICONS = {
  menu: "M3 5.5h14M3 10h14M3 14.5h14",
  close: "M5 5l10 10M15 5L5 15",
  back: "M12 4.5L6.5 10l5.5 5.5",
  more: "M10 4.6v.1M10 10v.1M10 15.3v.1",
  bolt: "M11 2.5L4.5 11.5H9.5L8.5 17.5 15.5 8.5H10.5z",
  send: "M3.5 4l13.5 6-13.5 6 2-6zM5.5 10h5",
  hash: "M7.5 3.5L6 16.5M14 3.5l-1.5 13M3.8 7.5h13M3.2 12.5h13",
  lock: "M5.5 9h9v7.5h-9zM7.5 9V6.5a2.5 2.5 0 0 1 5 0V9",
  eye: "M2.5 10S5 5 10 5s7.5 5 7.5 5-2.5 5-7.5 5-7.5-5-7.5-5zM10 8a2 2 0 1 0 0 4 2 2 0 0 0 0-4z",
  sun: "M10 6.8a3.2 3.2 0 1 0 0 6.4 3.2 3.2 0 0 0 0-6.4zM10 2v2M10 16v2M2 10h2M16 10h2M4.3 4.3l1.5 1.5M14.2 14.2l1.5 1.5M15.7 4.3l-1.5 1.5M5.8 14.2l-1.5 1.5",
  moon: "M16 12.2A6.7 6.7 0 0 1 7.8 4 6.7 6.7 0 1 0 16 12.2z",
  curtain: "M3 3.5h14M4 3.5v13M16 3.5v13M4 16.5c3-2 4-6 4-13M16 16.5c-3-2-4-6-4-13",
  window: "M11.5 3.5h5v5M16.5 3.5L9.5 10.5M8.5 5h-5v11.5H15v-5",
  down: "M10 4v12M5 11l5 5 5-5",
  people: "M10 4a3 3 0 1 0 0 6 3 3 0 0 0 0-6zM4 16.5c.6-3 2.8-4.5 6-4.5s5.4 1.5 6 4.5",
  help: "M7.5 7.5a2.5 2.5 0 1 1 3.6 2.2c-.8.4-1.1.9-1.1 1.8M10 14.5v.1M10 2.5a7.5 7.5 0 1 0 0 15 7.5 7.5 0 0 0 0-15z",
  warning: "M10 3.5L17.5 16.5h-15zM10 8.5v3.5M10 14.200v.1",
};

export function el(tag, attributes, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "on") for (const [event, heard] of Object.entries(value)) node.addEventListener(event, heard);
    else if (name === "data") Object.assign(node.dataset, value);
    else if (name === "value") node.value = value;
    else node.setAttribute(name, value === true ? "" : String(value));
  }
  node.append(...children.flat(2).filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  for (const [key, value] of Object.entries({ viewBox: "0 0 20 20", "aria-hidden": "true", class: "p-icon" })) {
    svg.setAttribute(key, value);
  }
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}

export function iconButton(name, label, attributes = {}) {
  return el("button", { type: "button", class: "p-icon-button", "aria-label": label, title: label, ...attributes }, icon(name));
}

// Puts these children in place of a node's own, unless nothing has changed since the last time for the same key.
const shown = new WeakMap();
export function renew(node, key, make) {
  const said = JSON.stringify(key);
  if (shown.get(node) === said) return false;
  shown.set(node, said);
  node.replaceChildren(...[make()].flat(2).filter((child) => child !== null && child !== undefined && child !== false));
  return true;
}

export function isTyping(target) {
  return target instanceof HTMLElement
    && (target.isContentEditable || ["TEXTAREA", "SELECT"].includes(target.tagName)
      || (target.tagName === "INPUT" && !["checkbox", "radio", "button", "submit"].includes(target.type)));
}

let drawn = 0;
export function freshId(word) {
  drawn += 1;
  return `p-${word}-${drawn}`;
}
