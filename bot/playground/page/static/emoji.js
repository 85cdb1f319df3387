// The commonest of the emoji names that Slack knows. A name that is not here stays as it was typed.

const TABLE = `
+1 👍 thumbsup 👍 -1 👎 thumbsdown 👎 ok_hand 👌 wave 👋 raised_hand ✋ raised_hands 🙌 clap 👏 pray 🙏 muscle 💪
point_up ☝️ point_up_2 👆 point_down 👇 point_left 👈 point_right 👉 handshake 🤝 v ✌️ crossed_fingers 🤞 fist ✊ writing_hand ✍️
smile 😄 smiley 😃 grinning 😀 grin 😁 laughing 😆 joy 😂 rolling_on_the_floor_laughing 🤣 wink 😉 blush 😊 slightly_smiling_face 🙂
simple_smile 🙂 upside_down_face 🙃 heart_eyes 😍 star-struck 🤩 kissing_heart 😘 sunglasses 😎 thinking_face 🤔 neutral_face 😐
expressionless 😑 no_mouth 😶 smirk 😏 face_with_rolling_eyes 🙄 relieved 😌 sleeping 😴 zzz 💤 hugging_face 🤗 partying_face 🥳
cry 😢 sob 😭 scream 😱 angry 😠 rage 😡 confused 😕 worried 😟 disappointed 😞 sweat_smile 😅 sweat 😓 weary 😩 tired_face 😫
flushed 😳 dizzy_face 😵 exploding_head 🤯 nerd_face 🤓 shushing_face 🤫 zipper_mouth_face 🤐 mask 😷 robot_face 🤖 ghost 👻 skull 💀
eyes 👀 see_no_evil 🙈 hear_no_evil 🙉 speak_no_evil 🙊 bust_in_silhouette 👤 busts_in_silhouette 👥 family 👪
heart ❤️ broken_heart 💔 blue_heart 💙 green_heart 💚 yellow_heart 💛 purple_heart 💜 100 💯 fire 🔥 sparkles ✨ star ⭐ star2 🌟 boom 💥
tada 🎉 confetti_ball 🎊 balloon 🎈 gift 🎁 birthday 🎂 trophy 🏆 medal 🏅 dart 🎯 rocket 🚀 zap ⚡ rainbow 🌈 sunny ☀️ cloud ☁️
umbrella ☔ snowflake ❄️ ocean 🌊 earth_africa 🌍 earth_americas 🌎 earth_asia 🌏 seedling 🌱 deciduous_tree 🌳 four_leaf_clover 🍀
coffee ☕ tea 🍵 beer 🍺 beers 🍻 pizza 🍕 cake 🍰 apple 🍎 banana 🍌 dog 🐶 cat 🐱 bug 🐛 bee 🐝 unicorn_face 🦄 turtle 🐢
white_check_mark ✅ heavy_check_mark ✔️ ballot_box_with_check ☑️ x ❌ negative_squared_cross_mark ❎ warning ⚠️ no_entry ⛔
no_entry_sign 🚫 octagonal_sign 🛑 rotating_light 🚨 question ❓ grey_question ❔ exclamation ❗ heavy_exclamation_mark ❗ bangbang ‼️
information_source ℹ️ bulb 💡 bell 🔔 no_bell 🔕 loudspeaker 📢 mega 📣 speech_balloon 💬 thought_balloon 💭 mag 🔍 key 🔑
lock 🔒 unlock 🔓 closed_lock_with_key 🔐 shield 🛡️ link 🔗 paperclip 📎 pushpin 📌 round_pushpin 📍 scissors ✂️ pencil 📝 memo 📝
pencil2 ✏️ lower_left_ballpoint_pen 🖊️ book 📖 books 📚 bookmark 🔖 clipboard 📋 calendar 📆 date 📅 spiral_calendar_pad 🗓️
chart_with_upwards_trend 📈 chart_with_downwards_trend 📉 bar_chart 📊 file_folder 📁 open_file_folder 📂 package 📦 inbox_tray 📥
outbox_tray 📤 email 📧 envelope ✉️ phone ☎️ telephone_receiver 📞 iphone 📱 computer 💻 desktop_computer 🖥️ keyboard ⌨️ printer 🖨️
camera 📷 video_camera 📹 movie_camera 🎥 microphone 🎤 studio_microphone 🎙️ headphones 🎧 mute 🔇 speaker 🔈 sound 🔉 loud_sound 🔊
tv 📺 hourglass ⌛ hourglass_flowing_sand ⏳ watch ⌚ alarm_clock ⏰ stopwatch ⏱️ timer_clock ⏲️ clock1 🕐 clock3 🕒 clock9 🕘
door 🚪 house 🏠 office 🏢 school 🏫 hospital 🏥 chair 🪑 couch_and_lamp 🛋️ wrench 🔧 hammer 🔨 gear ⚙️ tools 🛠️ test_tube 🧪
moneybag 💰 credit_card 💳 label 🏷️ wastebasket 🗑️ arrow_up ⬆️ arrow_down ⬇️ arrow_left ⬅️ arrow_right ➡️ arrow_forward ▶️
arrows_counterclockwise 🔄 repeat 🔁 recycle ♻️ heavy_plus_sign ➕ heavy_minus_sign ➖ red_circle 🔴 large_blue_circle 🔵
large_green_circle 🟢 large_yellow_circle 🟡 large_orange_circle 🟠 white_circle ⚪ black_circle ⚫ new 🆕 free 🆓 ok 🆗 sos 🆘
one 1️⃣ two 2️⃣ three 3️⃣ four 4️⃣ five 5️⃣ six 6️⃣ seven 7️⃣ eight 8️⃣ nine 9️⃣ zero 0️⃣ keycap_ten 🔟 hash #️⃣
flag-us 🇺🇸 us 🇺🇸 gb 🇬🇧 flag-nl 🇳🇱 de 🇩🇪 fr 🇫🇷 it 🇮🇹 es 🇪🇸 jp 🇯🇵 checkered_flag 🏁 triangular_flag_on_post 🚩 crown 👑 gem 💎`;

const words = TABLE.trim().split(/\s+/);
const SIGNS = new Map(words.flatMap((word, at) => (at % 2 ? [] : [[word, words[at + 1]]])));
const TONES = new Map([2, 3, 4, 5, 6].map((tone) => [`skin-tone-${tone}`, String.fromCodePoint(0x1f3f9 + tone)]));
const NAMED = /:([a-z0-9_+-]+):(?::(skin-tone-[2-6]):)?/g;

/** The sign of this name, with a skin tone of 2 to 6 if there is one; undefined for a name that is not in the table. */
export function emojiSign(name, tone) {
  const sign = SIGNS.get(name);
  return sign === undefined ? undefined : sign.replace(/\uFE0F$/, tone ? "" : "\uFE0F") + (TONES.get(`skin-tone-${tone}`) ?? "");
}

/** The text with every `:name:` that is known put as a sign. */
export function withEmoji(text) {
  return text.replace(NAMED, (typed, name, tone) => emojiSign(name, tone?.slice(-1)) ?? typed);
}

/** What a plain text object shows: its words, letter for letter but for emoji. */
export function renderPlain(text) {
  const shown = document.createDocumentFragment();
  shown.append(plainWords(text));
  return shown;
}

/** The words of a text object, or of a plain string, with emoji unless it says no. */
export function plainWords(text) {
  if (typeof text === "string") return text;
  const words = typeof text?.text === "string" ? text.text : "";
  return text?.emoji === false ? words : withEmoji(words);
}
