// What the tests of the blocks drive: a surface that notes down what the blocks tell it.
import { renderBlocks, updateBlocks } from "/static/blocks.js";
import { renderMrkdwn } from "/static/mrkdwn.js";

const place = document.getElementById("surface");
let given = {};
window.told = [];
window.answers = { confirm: true, act: () => undefined, suggest: async () => ({ options: [] }) };

function contextOf(more) {
  given = { ...given, ...more };
  return {
    surface: "modal", values: {}, errors: {}, users: {}, channels: [], me: null, now: 0, locale: "en-US", timeZone: "UTC", idPrefix: "t", ...given,
    act(kind, block, element, detail) {
      window.told.push({ kind, block: block.block_id, action: element.action_id, ...detail });
      return window.answers.act();
    },
    confirm: async (question) => {
      window.told.push({ kind: "confirm", title: question.title.text });
      return window.answers.confirm;
    },
    suggest: async (block, element, query) => {
      window.told.push({ kind: "suggest", action: element.action_id, query });
      return window.answers.suggest(query);
    },
    openUrl: (url) => window.told.push({ kind: "open", url }),
  };
}

window.show = (blocks, more = {}) => {
  given = {};
  window.told.length = 0;
  place.replaceChildren(renderBlocks(blocks, contextOf(more)));
};
window.update = (blocks, more = {}) => updateBlocks(place, blocks, contextOf(more));
window.mrkdwn = (text, more = {}, options = {}) => {
  given = {};
  place.replaceChildren(renderMrkdwn(text, contextOf(more), options));
  return place.innerHTML;
};
window.markupOf = (blocks, more = {}) => {
  given = {};
  const holder = document.createElement("div");
  holder.append(renderBlocks(blocks, contextOf(more)));
  return holder.innerHTML;
};
