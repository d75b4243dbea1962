// What App Store Connect calls its states, locales and platforms.

const SMALL = new Set(["for", "with"]);
const PLATFORMS = { IOS: "iOS", MAC_OS: "macOS", TV_OS: "tvOS", VISION_OS: "visionOS" };
const LOCALES = {
  "ar-SA": "Arabic",
  "bn-BD": "Bangla",
  ca: "Catalan",
  cs: "Czech",
  da: "Danish",
  "de-DE": "German",
  el: "Greek",
  "en-AU": "English (Australia)",
  "en-CA": "English (Canada)",
  "en-GB": "English (U.K.)",
  "en-US": "English (U.S.)",
  "es-ES": "Spanish (Spain)",
  "es-MX": "Spanish (Mexico)",
  fi: "Finnish",
  "fr-CA": "French (Canada)",
  "fr-FR": "French",
  "gu-IN": "Gujarati",
  he: "Hebrew",
  hi: "Hindi",
  hr: "Croatian",
  hu: "Hungarian",
  id: "Indonesian",
  it: "Italian",
  ja: "Japanese",
  "kn-IN": "Kannada",
  ko: "Korean",
  "ml-IN": "Malayalam",
  "mr-IN": "Marathi",
  ms: "Malay",
  "nl-NL": "Dutch",
  no: "Norwegian",
  "or-IN": "Odia",
  "pa-IN": "Punjabi",
  pl: "Polish",
  "pt-BR": "Portuguese (Brazil)",
  "pt-PT": "Portuguese (Portugal)",
  ro: "Romanian",
  ru: "Russian",
  sk: "Slovak",
  "sl-SI": "Slovenian",
  sv: "Swedish",
  "ta-IN": "Tamil",
  "te-IN": "Telugu",
  th: "Thai",
  tr: "Turkish",
  uk: "Ukrainian",
  "ur-PK": "Urdu",
  vi: "Vietnamese",
  "zh-Hans": "Chinese (Simplified)",
  "zh-Hant": "Chinese (Traditional)",
};

/** "Prepare for Submission" for PREPARE_FOR_SUBMISSION. */
export function stateName(state) {
  const words = state.toLowerCase().split("_");
  return words.map((word) => (SMALL.has(word) ? word : word[0].toUpperCase() + word.slice(1))).join(" ");
}

/** "Japanese (ja)", "English (U.S., en-US)"; a locale without a name stays its code. */
export function localeName(code) {
  const name = LOCALES[code];
  if (!name) return code;
  return name.endsWith(")") ? `${name.slice(0, -1)}, ${code})` : `${name} (${code})`;
}

export const platformName = (platform) => PLATFORMS[platform] ?? platform;
