// Moments in the reader's zone and language: the tokens of Slack's dates, and what native date fields hold.

const HALF_A_YEAR = 183 * 24 * 3600;
const DAY = 24 * 3600;
const TOKEN = /\{(date_num|date_slash|date_long_full|date_long_pretty|date_long|date_short_pretty|date_short|date_pretty|date|day_divider_pretty|time_secs|time|ago)\}/g;
const WORDS = {
  date: { month: "long", day: "numeric" },
  date_short: { month: "short", day: "numeric" },
  date_long: { weekday: "long", month: "long", day: "numeric" },
};

/** The format with each token put as this moment (seconds) in the reader's zone; null where the moment is none. */
export function dateWords(seconds, format, context) {
  const moment = Number(seconds);
  if (!Number.isFinite(moment) || Math.abs(moment) > 8e12 || !/\{\w+\}/.test(format)) return null;
  return format.replace(TOKEN, (_, token, at) => {
    const words = oneToken(token, moment, context);
    return at === 0 ? words.charAt(0).toUpperCase() + words.slice(1) : words;
  });
}

/** The moment (seconds) as `YYYY-MM-DDTHH:MM` in a zone. */
export function localMinute(seconds, timeZone) {
  const part = partsIn(Number(seconds), timeZone);
  return `${part.year}-${part.month}-${part.day}T${part.hour}:${part.minute}`;
}

/** The moment (seconds) at which clocks in a zone show `YYYY-MM-DDTHH:MM`; in a skipped hour, the moment after it. */
export function momentOf(local, timeZone) {
  const wanted = Date.parse(`${local.slice(0, 16)}:00Z`) / 1000;
  if (!Number.isFinite(wanted)) return null;
  const before = wanted - offset(wanted - DAY, timeZone);
  const after = wanted - offset(wanted + DAY, timeZone);
  return [before, after].find((moment) => moment + offset(moment, timeZone) === wanted) ?? Math.max(before, after);
}

/** The name of a zone as people say it, such as "Central European Standard Time". */
export function zoneName(timeZone, context) {
  const part = formatter(context?.locale, { timeZone, timeZoneName: "long" }).formatToParts((context?.now ?? 0));
  return part.find((one) => one.type === "timeZoneName")?.value ?? timeZone;
}

function oneToken(token, moment, context) {
  if (token === "ago") return relative(moment, context);
  if (token.endsWith("_pretty")) {
    const near = nearDay(moment, context);
    if (near) return near;
    return oneToken(token === "day_divider_pretty" ? "date_long" : token.slice(0, -7), moment, context);
  }
  if (token === "date_num") {
    const part = partsIn(moment, context.timeZone);
    return `${part.year}-${part.month}-${part.day}`;
  }
  if (token === "date_slash") return shown(moment, context, { day: "2-digit", month: "2-digit", year: "numeric" });
  if (token === "time") return shown(moment, context, { hour: "numeric", minute: "2-digit" });
  if (token === "time_secs") return shown(moment, context, { hour: "numeric", minute: "2-digit", second: "2-digit" });
  if (token === "date_long_full") return shown(moment, context, { ...WORDS.date, year: "numeric" });
  return inWords(token, moment, context);
}

function inWords(token, moment, context) {
  const withYear = token !== "date" || Math.abs(context.now / 1000 - moment) > HALF_A_YEAR;
  const words = { ...WORDS[token], ...(withYear ? { year: "numeric" } : {}) };
  if (token === "date_short" || !/^en\b/i.test(context.locale ?? "en")) return shown(moment, context, words);
  return formatter(context.locale, words, context.timeZone)
    .formatToParts(moment * 1000)
    .map((part) => (part.type === "day" ? ordinal(Number(part.value)) : part.value))
    .join("");
}

function ordinal(day) {
  const ending = Math.trunc(day / 10) === 1 ? "th" : (["th", "st", "nd", "rd"][day % 10] ?? "th");
  return `${day}${ending}`;
}

function nearDay(moment, context) {
  const midnight = (seconds) => Date.parse(`${localMinute(seconds, context.timeZone).slice(0, 10)}T00:00Z`) / 1000;
  const days = Math.round((midnight(moment) - midnight(context.now / 1000)) / DAY);
  return Math.abs(days) > 1 ? null : relatively(context.locale, days, "day");
}

function relative(moment, context) {
  const seconds = Math.round(moment - context.now / 1000);
  const units = [["year", 365 * DAY], ["month", 30 * DAY], ["day", DAY], ["hour", 3600], ["minute", 60]];
  const [unit, size] = units.find(([, each]) => Math.abs(seconds) >= each) ?? ["second", 1];
  return relatively(context.locale, Math.trunc(seconds / size), unit, unit === "second" ? "auto" : "always");
}

function relatively(locale, count, unit, numeric = "auto") {
  try {
    return new Intl.RelativeTimeFormat(locale || "en", { numeric }).format(count, unit);
  } catch {
    return new Intl.RelativeTimeFormat("en", { numeric }).format(count, unit);
  }
}

function shown(moment, context, options) {
  return formatter(context.locale, options, context.timeZone).format(moment * 1000).replace(/\u202F/g, " ");
}

function offset(moment, timeZone) {
  const part = partsIn(moment, timeZone);
  return Date.UTC(part.year, part.month - 1, part.day, part.hour, part.minute, part.second) / 1000 - Math.floor(moment);
}

function partsIn(moment, timeZone) {
  const options = { year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" };
  const parts = formatter("en", options, timeZone).formatToParts(moment * 1000).map((part) => [part.type, part.value]);
  const part = Object.fromEntries(parts);
  return { ...part, year: part.year.padStart(4, "0") };
}

// An unknown language or zone, which a browser refuses, falls back to English or to UTC.
function formatter(locale, options, timeZone = options.timeZone) {
  for (const [language, zone] of [[locale, timeZone], ["en", timeZone], [locale, "UTC"]]) {
    try {
      return new Intl.DateTimeFormat(language || "en", { ...options, timeZone: zone || "UTC" });
    } catch {
      continue;
    }
  }
  return new Intl.DateTimeFormat("en", { ...options, timeZone: "UTC" });
}
