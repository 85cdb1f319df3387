// What the address says of the meeting, as a Jitsi server reads it: JSON values behind names, in the fragment.
const said = new Map();
for (const part of location.hash.slice(1).split("&")) {
  const at = part.indexOf("=");
  try {
    if (at > 0) said.set(part.slice(0, at), JSON.parse(decodeURIComponent(part.slice(at + 1))));
  } catch {
    // What cannot be read is not said.
  }
}

const show = (id, text) => {
  document.getElementById(id).textContent = text;
};
const words = (name, otherwise) => (typeof said.get(name) === "string" ? said.get(name) : otherwise);

show("topic", words("config.subject", "none"));
show("name", words("userInfo.displayName", "not named"));
show("audio", said.get("config.startWithAudioMuted") === true ? "off" : "on");
show("video", said.get("config.startWithVideoMuted") === true ? "off" : "on");
show("room", decodeURIComponent(location.pathname.slice(1)));
