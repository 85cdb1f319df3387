"use strict";
// Moves a waiting page on by itself. The server tells it: by server-sent events, and where those do not come through,
// by answers that it holds back until there is something to say.
(() => {
  const FIRST_EVENT_MS = 4000; // Something between us may keep events back.
  const MOST_FAILURES = 3; // In a row.
  const MOST_PAUSE_MS = 15000;
  const shown = document.currentScript.dataset.stage;
  let moving = false;

  const moveOn = (stage) => {
    if (stage !== shown && !moving) {
      moving = true;
      window.location.replace("/wait");
    }
  };

  const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

  const ask = async () => {
    for (let rest = 1000; !moving; ) {
      const began = Date.now();
      try {
        const answer = await fetch(`/wait/state?from=${encodeURIComponent(shown)}`, { cache: "no-store" });
        if (answer.status >= 500) {
          throw new Error("busy");
        }
        moveOn((await answer.json()).stage);
        rest = 1000;
      } catch {
        // The server, or the way to it, is gone for now.
        rest = Math.min(rest * 2, MOST_PAUSE_MS);
      }
      if (Date.now() - began < 1000) {
        await pause(rest);
      }
    }
  };

  const listen = () => {
    const source = new EventSource("/wait/events");
    let failures = 0;
    const giveUp = () => {
      clearTimeout(patience);
      source.close();
      ask();
    };
    const patience = setTimeout(giveUp, FIRST_EVENT_MS);
    source.onmessage = (event) => {
      clearTimeout(patience);
      failures = 0;
      moveOn(event.data);
    };
    source.onerror = () => {
      failures += 1;
      if (source.readyState === EventSource.CLOSED || failures > MOST_FAILURES) {
        giveUp();
      }
    };
  };

  window.addEventListener("pageshow", (event) => {
    // Shown once more as it was, by the back button.
    if (event.persisted) {
      window.location.replace("/wait");
    }
  });
  for (const hint of document.querySelectorAll(".stay")) {
    hint.hidden = false;
  }
  if ("EventSource" in window) {
    listen();
  } else {
    ask();
  }
})();
