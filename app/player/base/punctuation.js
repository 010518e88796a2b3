// The marks between sentences and between parts of one, in the language of the page. Chinese has no space beside its own.

const ENGLISH = { comma: ", ", colon: ": ", semicolon: "; ", stop: ". ", gap: " ", opening: " (", closing: ")" };
const MARKS = { zh: { comma: "，", colon: "：", semicolon: "；", stop: "。", gap: "", opening: "（", closing: "）" } };

export const getMarks = () => MARKS[globalThis.document?.documentElement?.lang] ?? ENGLISH;
