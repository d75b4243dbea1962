// Names of emoji and the characters they stand for. A name that is missing stays a name.

const NAMES = `
white_check_mark ✅|heavy_check_mark ✔️|ballot_box_with_check ☑️|x ❌|negative_squared_cross_mark ❎
heavy_multiplication_x ✖️|+1 👍|thumbsup 👍|-1 👎|thumbsdown 👎|eyes 👀|tada 🎉|heart ❤️|rocket 🚀|fire 🔥
warning ⚠️|no_entry ⛔|no_entry_sign 🚫|stop_sign 🛑|octagonal_sign 🛑|rotating_light 🚨|bell 🔔|no_bell 🔕
information_source ℹ️|question ❓|grey_question ❔|exclamation ❗|grey_exclamation ❕|bulb 💡|memo 📝
pencil ✏️|pencil2 ✏️|lock 🔒|unlock 🔓|key 🔑|mag 🔍|link 🔗|globe_with_meridians 🌐|earth_africa 🌍
hourglass ⌛|hourglass_flowing_sand ⏳|stopwatch ⏱️|alarm_clock ⏰|clock1 🕐|clock3 🕒|calendar 📅|date 📅
arrows_counterclockwise 🔄|repeat 🔁|rewind ⏪|leftwards_arrow_with_hook ↩️|arrow_right_hook ↪️
arrow_right ➡️|arrow_left ⬅️|arrow_up ⬆️|arrow_down ⬇️|arrow_up_small 🔼|arrow_down_small 🔽
package 📦|inbox_tray 📥|outbox_tray 📤|envelope ✉️|mailbox 📫|bar_chart 📊|chart_with_upwards_trend 📈
chart_with_downwards_trend 📉|clipboard 📋|pushpin 📌|round_pushpin 📍|paperclip 📎|scroll 📜|page_facing_up 📄
bookmark_tabs 📑|label 🏷️|hammer_and_wrench 🛠️|wrench 🔧|gear ⚙️|construction 🚧|iphone 📱|computer 💻
desktop_computer 🖥️|tv 📺|watch ⌚|apple 🍎|green_apple 🍏|robot_face 🤖|wave 👋|clap 👏|pray 🙏|muscle 💪
point_right 👉|point_left 👈|point_up 👆|point_down 👇|ok_hand 👌|raised_hands 🙌|raised_hand ✋|hand ✋
thinking_face 🤔|smile 😄|slightly_smiling_face 🙂|grinning 😀|joy 😂|sweat_smile 😅|sob 😭|cry 😢
disappointed 😞|confused 😕|sunglasses 😎|star ⭐|star2 🌟|sparkles ✨|zap ⚡|boom 💥|100 💯|trophy 🏆
red_circle 🔴|large_blue_circle 🔵|large_green_circle 🟢|large_yellow_circle 🟡|large_orange_circle 🟠
white_circle ⚪|black_circle ⚫|large_red_square 🟥|large_green_square 🟩|large_yellow_square 🟨
white_large_square ⬜|black_large_square ⬛|small_blue_diamond 🔹|small_orange_diamond 🔸|large_blue_diamond 🔷
bust_in_silhouette 👤|busts_in_silhouette 👥|speech_balloon 💬|thought_balloon 💭|loudspeaker 📢|mega 📣
books 📚|book 📖|notebook 📓|telescope 🔭|milky_way 🌌|ocean 🌊|coffee ☕|cake 🍰|birthday 🎂|gift 🎁
shrug 🤷|facepalm 🤦|skull 💀|ghost 👻|jp 🇯🇵|de 🇩🇪|fr 🇫🇷|es 🇪🇸|it 🇮🇹|kr 🇰🇷|cn 🇨🇳|us 🇺🇸|gb 🇬🇧
checkered_flag 🏁|triangular_flag_on_post 🚩|white_flag 🏳️|wastebasket 🗑️|recycle ♻️|fast_forward ⏩
arrow_forward ▶️|double_vertical_bar ⏸️|pause_button ⏸️|black_square_for_stop ⏹️|new 🆕|ok 🆗|sos 🆘|up 🆙
theater 🎭|performing_arts 🎭|clapper 🎬|movie_camera 🎥|ticket 🎫|admission_tickets 🎟️|bookmark 🔖
`;

const TABLE = new Map(
  NAMES.trim()
    .split(/[|\n]/)
    .map((pair) => pair.trim().split(" ")),
);

const SKIN = { 2: "🏻", 3: "🏼", 4: "🏽", 5: "🏾", 6: "🏿" };

/** What the picker offers first. */
export const HANDY = ["white_check_mark", "x", "+1", "-1", "eyes", "heart", "tada", "thinking_face"];

/** The character of `name` (skin tones included), or null. */
export function emoji(name) {
  const [plain, tone] = name.split("::skin-tone-");
  const found = TABLE.get(plain);
  if (!found) return null;
  return tone && SKIN[tone] ? found.replace("\uFE0F", "") + SKIN[tone] : found;
}

/** How it is shown: the character, or the name between colons. */
export function shownEmoji(name) {
  return emoji(name) ?? `:${name}:`;
}
