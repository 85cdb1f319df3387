// Dates and times, by the browser's own fields, which keyboards, phones and screen readers know.
import { localMinute, momentOf, zoneName } from "./dates.js";
import { el, setAll } from "./dom.js";
import { choose, controlAttributes, held, newEcho } from "./scope.js";

const KINDS = {
  datepicker: { type: "date", key: "date" },
  timepicker: { type: "time", key: "time" },
  datetimepicker: { type: "datetime-local", key: "at" },
};
// While a year is being typed the browser reports 2, 20 and 202 too.
const FIRST_YEAR = 1000;

export const isPicker = (element) => element.type in KINDS;

/** A field for a day, a time of day, or a moment in the reader's zone. */
export function renderPicker(scope) {
  const { type, key } = KINDS[scope.element.type];
  const control = el("input", { type, class: "b-input b-picker", max: type === "time" ? null : type === "date" ? "9999-12-31" : "9999-12-31T23:59" });
  const zone = el("span", { class: "b-note", id: `${scope.id}--zone` });
  const echo = newEcho(shownValue(scope));

  const dress = () => {
    const named = type === "datetime-local" ? scope.context.timeZone : scope.element.timezone;
    zone.textContent = named ? zoneName(named, scope.context) : "";
    const described = named ? [...scope.described, zone.id] : scope.described;
    setAll(control, controlAttributes({ ...scope, described }));
  };
  control.addEventListener("change", async () => {
    const value = control.value;
    if (value && type !== "time" && Number.parseInt(value, 10) < FIRST_YEAR) return;
    const before = shownValue(scope);
    echo.tell(value);
    if (!(await choose(scope, { [key]: toldValue(scope, value) }))) control.value = before;
  });
  scope.refresh = () => {
    if (KINDS[scope.element.type]?.type !== type) return false;
    const value = shownValue(scope);
    if (echo.isNews(value) && document.activeElement !== control) control.value = value;
    dress();
    return true;
  };
  control.value = shownValue(scope);
  dress();
  return el("div", { class: "b-field b-picker-field" }, control, zone);
}

function shownValue(scope) {
  const value = held(scope);
  if (value === null || value === "") return "";
  return scope.element.type === "datetimepicker" ? localMinute(value, scope.context.timeZone) : String(value);
}

function toldValue(scope, value) {
  if (value === "") return null;
  return scope.element.type === "datetimepicker" ? momentOf(value, scope.context.timeZone) : value.slice(0, scope.element.type === "timepicker" ? 5 : 10);
}
