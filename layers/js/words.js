// The words of the map and how numbers are written; all of it from /map/texts.

const words = { language: "zh", texts: {}, kinds: {}, states: {}, figures: {}, levels: {} };
let wordsReady = null;
let whole, tenth, share, fineShare, compact;

function setFormats(language) {
  const locale = language === "en" ? "en" : "zh-CN";
  whole = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
  tenth = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 });
  share = new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 0 });
  compact = new Intl.NumberFormat(locale, { notation: "compact", maximumSignificantDigits: 2 });
  fineShare = new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 1 });
}
setFormats("zh");

function loadWords(language) {
  if (wordsReady && words.language === language) return wordsReady;
  words.language = language;
  document.documentElement.lang = language === "en" ? "en" : "zh-CN";
  setFormats(language);
  wordsReady = ask(`/map/texts/${language}`).then(({ body }) => {
    if (words.language === language) Object.assign(words, body);
  });
  wordsReady.catch(() => {
    wordsReady = null;
  });
  return wordsReady;
}

// Words for a key; {name} is replaced by a value. The result is only ever set as text.
function say(key, values) {
  const text = words.texts[key] ?? key;
  return values ? text.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "") : text;
}

function figureText(value, form) {
  if (value === null || value === undefined) return say("no_data");
  if (form === "ratio" || form === "percent") return share.format(value);
  if (form === "fine") return fineShare.format(value);
  return form === "rate" ? tenth.format(value) : whole.format(value);
}

function ageText(seconds) {
  if (seconds < 90) return say("seconds", { n: Math.max(0, Math.round(seconds)) });
  if (seconds < 5400) return say("minutes", { n: Math.round(seconds / 60) });
  return say("hours", { n: Math.round(seconds / 3600) });
}

function momentText(epoch) {
  const locale = words.language === "en" ? "en-GB" : "zh-CN";
  return new Date(epoch * 1000).toLocaleString(locale, {
    month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", hour12: false,
  });
}
