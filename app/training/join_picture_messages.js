// A picture of trainings comes in two messages: the curves, which are many numbers, and the news of what is computed beside
// them, the sanity checks and the loss landscape. While only these have news, the curves are not sent again.

// The whole message; null while the two do not belong together, because one of them is still on its way. A picture that
// is not computed any more is one message, without an `edition`.
export function joinNews(curves, news) {
  if (!curves.edition) return curves;
  if (curves.job_id !== news?.job_id || curves.edition !== news.edition) return null;
  return { ...curves, ...news, arrays: { ...curves.arrays, ...news.arrays } };
}
