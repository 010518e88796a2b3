// Lessons whose picture has come to its end in this window. The page tells what a lesson shows from then on, and goes on telling
// it beside the lesson's other scenes; until then the style sheet hides it.

const toldLessons = new Set();
let shown = null; // the lesson whose picture is on the page

// `waits`: for the visitor's prediction; `isOver`: the picture has told everything.
export function markLesson(lesson, waits, isOver) {
  shown = lesson;
  if (waits) toldLessons.delete(lesson);
  else if (isOver) toldLessons.add(lesson);
  document.documentElement.classList.toggle("descent-untold", !toldLessons.has(lesson));
}

// Its picture is taken away.
export function leaveLesson(lesson) {
  if (lesson && shown === lesson) document.documentElement.classList.remove("descent-untold");
}
