// The curves of the trainings, from a message: one series for each, with where its values stand on the axis of epochs.

import { findFractionalIndex } from "../player/base/clock_to_steps.js";

const REGULARIZATION_DASH = [1, 3];
const MINIBATCH_WIDTH = 0.8;
const MINIBATCH_ALPHA = "70"; // of a colour #rrggbb
const VALIDATION_DASH = [6, 4];

// The style of a training's swatch: its colour and marker. Dashes are left out: they tell validation from training curves.
export const chooseSwatchStyle = (style) => ({ ...style, dash: [] });

// The colours that several trainings have: their curves carry markers all along.
function findSharedColours(trainings, styles) {
  const colours = trainings.map((_, k) => styles[k].colour);
  return new Set(colours.filter((colour, k) => colours.indexOf(colour) !== k));
}

// The mean of the last values, each weighing `memory` times as much as the next: without the pull to zero at the start that
// a plain exponential average has, by Adam's bias correction. Values that are not finite are passed over.
export function smoothValues(values, memory) {
  if (!(memory > 0)) return values;
  let [sum, weight] = [0, 0];
  return Float64Array.from(values, (value) => {
    if (Number.isFinite(value)) {
      sum = memory * sum + (1 - memory) * value;
      weight = memory * weight + (1 - memory);
    }
    return weight ? sum / weight : NaN;
  });
}

// The series of the chart of losses: each minibatch of the selected training, training samples, validation, and
// what regularization adds to the loss that is minimized.
export function makeLossSeries({ trainings, selected, arrays }, styles, memory) {
  const shared = findSharedColours(trainings, styles);
  return trainings.flatMap(({ name }, k) => {
    if (!arrays[`epoch${k}`]) return [];
    const { colour, marker } = styles[k];
    const minibatches = k === selected && arrays[`step_loss${k}`] && {
      name, training: k, values: smoothValues(arrays[`step_loss${k}`], memory), epochs: arrays[`step_epoch${k}`],
      style: { colour: colour + MINIBATCH_ALPHA, dash: [], marker: null, width: MINIBATCH_WIDTH },
    };
    const penalty = arrays[`regularization${k}`] && {
      name, training: k, values: arrays[`regularization${k}`], epochs: arrays[`epoch${k}`],
      style: { colour, dash: REGULARIZATION_DASH, marker: null },
    };
    return [minibatches, penalty, ...makePartSeries(arrays, k, "loss", { name, colour, marker, isMarked: shared.has(colour) })].filter(Boolean);
  });
}

export function makeAccuracySeries({ trainings, arrays }, styles) {
  const shared = findSharedColours(trainings, styles);
  return trainings.flatMap(({ name }, k) => {
    const { colour, marker } = styles[k];
    return arrays[`epoch${k}`] ? makePartSeries(arrays, k, "accuracy", { name, colour, marker, isMarked: shared.has(colour) }) : [];
  });
}

// Training solid, validation dashed.
function makePartSeries(arrays, k, what, { name, ...style }) {
  const part = (values, dash) => ({ name, training: k, values, epochs: arrays[`epoch${k}`], style: { ...style, dash } });
  return [part(arrays[`training_${what}${k}`], []), part(arrays[`validation_${what}${k}`], VALIDATION_DASH)].filter(({ values }) => values); // a log may lack some
}

// The series of the chart of update ratios: a block each, by one of the definitions.
export function makeRatioSeries({ blocks, arrays, selected }, definition, definitions, styles) {
  if (!arrays.ratios) return [];
  const stride = definitions * blocks.length;
  const count = arrays.ratio_epochs.length;
  return blocks.map((name, b) => ({
    name, training: selected, epochs: arrays.ratio_epochs, style: styles[b % styles.length],
    values: Float64Array.from({ length: count }, (_, i) => arrays.ratios[i * stride + definition * blocks.length + b]),
  }));
}

// Every series with its place on the axis of time, and with a number of its own, by which the chart asks how far it is.
export const placeSeries = (series, axis) => series.map((one, run) => ({ ...one, run, counts: axis.convert(one.training, one.epochs) }));

// How far each series is when the clock stands at an epoch: a fractional index into its values.
export const findIndices = (series, epoch) => series.map(({ epochs }) => findFractionalIndex(epochs, epoch));

// How much of each series may be seen when what is beyond epoch `known` is held back, see `spoiler_protection.js`; null: all of it.
export const findKnownIndices = (series, known) =>
  known === null ? null : series.map(({ epochs, values, isRule }) => (isRule ? values.length - 1 : findFractionalIndex(epochs, known)));

// The index of the last recorded epoch up to this one.
export function findRecord(epochs, epoch) {
  let k = 0;
  while (k + 1 < epochs.length && epochs[k + 1] <= epoch + 1e-9) k += 1;
  return k;
}

// The standard error of the difference of two accuracies, from those of both.
export const addErrors = (a, b) => Math.hypot(a, b);
