// A message of three trainings: one that ended, one that diverged, and one that has not begun.
export const MESSAGE = {
  epochs: 2, selected: 0, blocks: ["W1", "b1"],
  trainings: [{ name: "a", diverged: null }, { name: "b", diverged: { epoch: 2, words: "Diverged" } }, { name: "not begun", diverged: null }],
  arrays: {
    epoch0: [0, 1, 2], training_loss0: [2.3, 1, 0.5], validation_loss0: [2.3, 1.1, 0.7],
    training_accuracy0: [10, 60, 90], validation_accuracy0: [10, 55, 80], training_accuracy_error0: [1, 1, 3], validation_accuracy_error0: [2, 2, 4],
    step_loss0: [2, 1.5, 1.2, 0.8], step_epoch0: [0, 0.5, 1, 1.5],
    epoch1: [0, 1], training_loss1: [2.3, 9], validation_loss1: [2.3, 9], training_accuracy1: [10, 10], validation_accuracy1: [10, 10],
    training_accuracy_error1: [1, 1], validation_accuracy_error1: [1, 1],
    ratios: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], ratio_epochs: [0.5, 1],
  },
};
