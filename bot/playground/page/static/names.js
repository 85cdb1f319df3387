// The words for people, channels and times.

const HUES = 8;
const day = new Intl.DateTimeFormat(undefined, { weekday: "long", month: "long", day: "numeric" });
const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });
const exact = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", second: "2-digit" });

export function initials(name) {
  const words = String(name).trim().split(/\s+/u).filter(Boolean);
  const letters = words.length > 1 ? [words[0], words.at(-1)] : words;
  return letters.map((word) => [...word][0].toLocaleUpperCase()).join("") || "?";
}

export function hueOf(id) {
  let sum = 0;
  for (const letter of String(id)) sum = (sum * 5 + letter.codePointAt(0)) % 9973;
  return sum % HUES;
}

export function isApp(state, userId) {
  return userId === state.app.bot_user;
}

export function nameOf(state, message) {
  if (message.slackbot) return "Slackbot";
  if (message.by_app) return state.app.name;
  const user = state.users[message.user];
  return user ? user.real_name || user.name : message.user;
}

export function roleWords(person) {
  return person.note || ({ admin: "Administrator", owner: "Owner", guest: "Guest" })[person.role] || "Member";
}

export function channelName(state, channel) {
  return channel.kind === "im" ? state.app.name : channel.name;
}

export function channelIcon(channel) {
  return channel.kind === "private" ? "lock" : "hash";
}

export function momentOf(stamp) {
  return new Date(Number(stamp) * 1000);
}

export function clockTime(date) {
  return clock.format(date);
}

export function exactTime(date) {
  return exact.format(date);
}

export function dayWords(date, now = new Date()) {
  const midnight = (one) => new Date(one.getFullYear(), one.getMonth(), one.getDate()).getTime();
  const days = Math.round((midnight(now) - midnight(date)) / 86_400_000);
  if (days === 0) return "Today";
  return days === 1 ? "Yesterday" : day.format(date);
}
