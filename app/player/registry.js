// Brings a stage and its player together by name, whichever of them arrives first.

const stages = new Map(); // name -> latest stage
const players = new Map(); // name -> function that takes a stage

export function offerStage(name, stage) {
  stages.set(name, stage);
  players.get(name)?.(stage);
}

export function awaitStage(name, take) {
  players.set(name, take);
  if (stages.has(name)) take(stages.get(name));
  return () => {
    if (players.get(name) === take) players.delete(name);
  };
}

export function forgetStage(name) {
  stages.delete(name);
}
