// One combobox for every menu: type to filter, arrows to move, Enter to choose, Escape to close the list only.
import { el, icon, same, setAll } from "./dom.js";
import { openAt } from "./popup.js";
import { controlAttributes } from "./scope.js";

const CROSS = "M5.3 4.2 10 8.9l4.7-4.7 1.1 1.1-4.7 4.7 4.7 4.7-1.1 1.1-4.7-4.7-4.7 4.7-1.1-1.1L8.9 10 4.2 5.3l1.1-1.1Z";
const DOWN = "M4.7 7.2 10 12.5l5.3-5.3 1.1 1.1-6.4 6.4-6.4-6.4 1.1-1.1Z";
const TICK = "M8.2 14.9 3.6 10.3l1.1-1.1 3.5 3.5 7.1-7.1 1.1 1.1-8.2 8.2Z";
const PAUSE = 250;
const PAGE = 10;

/** A combobox. `from` says where options come from, how many may be chosen, and whom to tell. */
export function newCombobox(scope, from) {
  const listId = `${scope.id}--list`;
  const input = el("input", {
    class: "b-combo-input", type: "text", dir: "auto", autocomplete: "off", spellcheck: "false",
    role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": listId,
  });
  const clear = el("button", { type: "button", class: "b-combo-clear", "aria-label": "Clear" }, icon(CROSS, "clear"));
  const box = el("div", { class: "b-combo-box" }, input, clear, icon(DOWN, "down"));
  const multiple = from.several ? "true" : null;
  const list = el("div", { class: "b-popup b-listbox", role: "listbox", id: listId, popover: "manual", "aria-multiselectable": multiple });
  const status = el("span", { class: "b-unseen", role: "status" });
  const node = el("div", { class: `b-combo${from.several ? " b-combo-several" : ""}` }, box, list, status);
  const popup = openAt(box, list, { onClose: closed, wide: true });
  let chosen = [];
  let query = null;
  let groups = [];
  let note = "";
  let active = -1;
  let turn = 0;
  let timer = 0;

  const isChosen = (option) => chosen.some((one) => one.value === option.value);
  const flat = () => groups.flatMap((group) => group.options);
  const isFull = () => from.several && chosen.length >= from.most();

  function dress() {
    const empty = chosen.length === 0;
    setAll(input, { ...controlAttributes(scope), placeholder: from.several && !empty ? null : from.placeholder() });
    setAll(list, { "aria-label": from.placeholder() });
    clear.hidden = empty || from.several || !from.canBeEmpty();
    if (query === null && !from.several) input.value = chosen[0]?.label ?? "";
    input.classList.toggle("b-combo-slim", from.several && !empty);
  }

  function drawChips() {
    if (!from.several) return;
    for (const chip of box.querySelectorAll(".b-chip")) chip.remove();
    for (const option of chosen) {
      const remove = el("button", { type: "button", class: "b-chip-remove", "aria-label": `Remove ${option.label}` }, icon(CROSS, "remove"));
      remove.addEventListener("click", () => {
        set(chosen.filter((one) => one.value !== option.value));
        input.focus();
      });
      box.insertBefore(el("span", { class: "b-chip" }, el("bdi", {}, option.label), remove), input);
    }
  }

  function show(options) {
    chosen = options;
    drawChips();
    dress();
    if (popup.isOpen()) draw();
  }

  function set(options) {
    show(options);
    from.tell(options);
  }

  function pick(option) {
    if (from.several) {
      if (isChosen(option)) set(chosen.filter((one) => one.value !== option.value));
      else if (isFull()) say(`You can choose up to ${from.most()}.`);
      else set([...chosen, option]);
      if (query) {
        input.value = "";
        search("");
      }
      popup.place();
      return;
    }
    query = null;
    popup.close();
    if (isChosen(option)) dress();
    else set([option]);
  }

  function say(words) {
    note = words;
    draw();
  }

  // What fits what was typed: found here, or asked of the app after a pause, where only the last answer counts.
  function search(typed) {
    query = typed;
    active = -1;
    turn += 1;
    note = "";
    clearTimeout(timer);
    if (from.ask === null) {
      groups = filtered(from.groups(), typed);
      note = flat().length ? "" : "No results";
      return draw();
    }
    groups = [];
    const missing = from.shortest() - [...typed.trim()].length;
    if (missing > 0) return say(`Type ${from.shortest() === 1 ? "a character" : `${from.shortest()} or more characters`} to search`);
    say("Loading…");
    const mine = turn;
    timer = setTimeout(async () => {
      try {
        const found = await from.ask(typed.trim());
        if (mine !== turn) return;
        groups = found.filter((group) => group.options.length);
        note = flat().length ? "" : "No results";
      } catch {
        if (mine !== turn) return;
        note = "The options could not be loaded. Type to try again.";
      }
      draw();
    }, typed ? PAUSE : 0);
    return undefined;
  }

  function draw() {
    let at = 0;
    list.replaceChildren(
      ...groups.map((group, number) => {
        const rows = group.options.map((option) => row(option, at++));
        if (!group.label) return el("div", { role: "presentation" }, ...rows);
        const labelId = `${listId}--group-${number}`;
        return el("div", { role: "group", "aria-labelledby": labelId }, el("div", { class: "b-group", id: labelId }, group.label), ...rows);
      }),
      ...(note ? [el("div", { class: "b-list-note", role: "option", "aria-disabled": "true", "aria-selected": "false" }, note)] : []),
    );
    const count = flat().length;
    status.textContent = popup.isOpen() ? note || (query ? `${count} ${count === 1 ? "result" : "results"}` : "") : "";
    point(Math.min(active, count - 1));
    if (popup.isOpen()) popup.place();
  }

  function row(option, at) {
    const more = option.more ? el("span", { class: "b-option-more" }, option.more) : null;
    const off = isFull() && !isChosen(option);
    const drawn = el("div", {
      class: "b-option", role: "option", id: `${listId}--${at}`, "data-value": option.value,
      "aria-selected": String(isChosen(option)), "aria-disabled": off ? "true" : null,
    }, el("bdi", {}, option.label), more, isChosen(option) ? icon(TICK, "tick") : null);
    drawn.addEventListener("click", () => pick(option));
    return drawn;
  }

  function point(at) {
    active = at;
    const rows = [...list.querySelectorAll(".b-option")];
    rows.forEach((one, number) => one.classList.toggle("b-option-active", number === at));
    setAll(input, { "aria-activedescendant": at >= 0 ? rows[at].id : null });
    rows[at]?.scrollIntoView({ block: "nearest" });
  }

  function open() {
    if (popup.isOpen()) return;
    popup.open();
    if (!popup.isOpen()) return;
    setAll(input, { "aria-expanded": "true" });
    search("");
  }

  function closed() {
    turn += 1;
    clearTimeout(timer);
    query = null;
    active = -1;
    status.textContent = "";
    setAll(input, { "aria-expanded": "false", "aria-activedescendant": null });
    if (from.several) input.value = "";
    dress();
  }

  // Any key but Escape opens a closed list first; true where the key has been used.
  function pressed(event) {
    const last = flat().length - 1;
    const wasOpen = popup.isOpen();
    const start = Math.max(flat().findIndex(isChosen), 0);
    if (!wasOpen && ["ArrowDown", "ArrowUp", "Enter"].includes(event.key)) {
      open();
      const first = Math.max(flat().findIndex(isChosen), 0);
      if (flat().length) point(event.key === "ArrowUp" ? flat().length - 1 : first);
      return true;
    }
    if (event.key === "Backspace" && from.several && input.value === "" && chosen.length) {
      set(chosen.slice(0, -1));
      return true;
    }
    if (!wasOpen) return false;
    const steps = {
      ArrowDown: active < 0 ? start : active + 1, ArrowUp: active < 0 ? last : active - 1,
      PageDown: Math.min(active + PAGE, last), PageUp: Math.max(active - PAGE, 0), Home: 0, End: last,
    };
    if (event.key in steps) {
      if (last >= 0) point((steps[event.key] + last + 1) % (last + 1));
    } else if (event.key === "Enter") {
      if (active >= 0) pick(flat()[active]);
    } else if (event.key === "Escape") popup.close();
    else {
      if (event.key === "Tab") popup.close();
      return false;
    }
    return true;
  }

  input.addEventListener("input", () => {
    const typed = input.value;
    if (!popup.isOpen()) open();
    input.value = typed;
    search(typed);
    if (typed && flat().length) point(0);
  });
  input.addEventListener("keydown", (event) => {
    if (event.isComposing || event.altKey || event.ctrlKey || event.metaKey || !pressed(event)) return;
    event.preventDefault();
    event.stopPropagation();
  });
  input.addEventListener("focus", () => input.select());
  box.addEventListener("click", (event) => {
    if (event.target.closest("button")) return;
    if (event.target !== input) input.focus();
    if (popup.isOpen()) return;
    open();
    // What is typed next takes the place of what is chosen now.
    input.select();
  });
  list.addEventListener("pointerdown", (event) => event.preventDefault());
  list.addEventListener("mousedown", (event) => event.preventDefault());
  node.addEventListener("focusout", (event) => {
    if (!node.contains(event.relatedTarget)) popup.close();
  });
  clear.addEventListener("click", () => {
    set([]);
    input.focus();
  });

  function refresh(news) {
    if (news !== null && !same(news, chosen)) show(news);
    else dress();
    if (popup.isOpen() && from.ask === null) {
      groups = filtered(from.groups(), query ?? "");
      draw();
    }
  }
  return { node, show, refresh };
}

function filtered(groups, typed) {
  const wanted = typed.trim().toLocaleLowerCase();
  const fits = (option) => `${option.label} ${option.more}`.toLocaleLowerCase().includes(wanted);
  return groups.map((group) => ({ ...group, options: group.options.filter(fits) })).filter((group) => group.options.length);
}
