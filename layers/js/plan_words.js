// The words of the workbench; they come beside those of every map.

let planWordsReady = null;

async function loadPlanWords(language) {
  if (planWordsReady && words.language === language) return planWordsReady;
  const common = loadWords(language);
  planWordsReady = Promise.all([common, ask(`/map/plan-texts/${language}`)]).then(([, { body }]) => {
    if (words.language === language && body) Object.assign(words.texts, body.texts);
  });
  planWordsReady.catch(() => {
    planWordsReady = null;
  });
  return planWordsReady;
}
