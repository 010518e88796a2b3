// Save the chart as a picture, and the entries at h as a table.

import { createTextButton } from "../player/base/dom.js";
import { getDrawingScale, getSmallFont } from "../player/draw/drawing_scale.js";
import { downloadBlob, savePicture } from "../player/save/file_saver.js";
import { nameEntry } from "./check_numbers.js";
import { styleOfCurve } from "./error_chart.js";

const MARGIN = 12; // pixels around the chart
const FILE_NAME = "gradient-check";

export class SaveButtons {
  // `getShown()` returns the chart, the row of entries that is shown, and its h.
  constructor(host, labels, getShown) {
    const addButton = (kind, act) => host.append(createTextButton("", labels[`save_${kind}`], act));
    for (const kind of ["png", "svg"]) addButton(kind, () => savePicture(kind, FILE_NAME, planPicture(getShown().chart)));
    addButton("csv", () => saveCsv(getShown()));
  }
}

// Title, legend and chart, one below the other.
function planPicture(chart) {
  const { host, message, theme } = chart;
  const { clientWidth, clientHeight } = host;
  const font = getSmallFont(host);
  const line = 1.6 * parseFloat(font);
  const rows = Math.ceil(message.curves.length / 3);
  const top = MARGIN + (1 + rows) * line;
  const [width, height] = [clientWidth + 2 * MARGIN, clientHeight + top + MARGIN];
  const draw = ({ context }) => {
    context.fillStyle = theme.ground;
    context.fillRect(0, 0, width, height);
    context.font = font;
    context.textAlign = "left";
    context.textBaseline = "middle";
    context.fillStyle = theme.ink;
    context.fillText(message.title, MARGIN, MARGIN + line / 2);
    message.curves.forEach((curve, i) => {
      const { colour, dash, width: thick } = styleOfCurve(curve, theme);
      const [x, y] = [MARGIN + ((i % 3) * clientWidth) / 3, MARGIN + (1.5 + Math.floor(i / 3)) * line];
      context.strokeStyle = colour;
      context.lineWidth = thick;
      context.setLineDash(dash);
      context.beginPath();
      context.moveTo(x, y);
      context.lineTo(x + 26, y);
      context.stroke();
      context.setLineDash([]);
      context.fillText(curve.name, x + 34, y);
    });
    context.save();
    context.translate(MARGIN, top);
    const scale = getDrawingScale(host);
    chart.drawPicture(context, { width: clientWidth, height: clientHeight, font, scale });
    chart.drawCursor(context, scale);
    context.restore();
  };
  return { width, height, draw, title: message.title };
}

function saveCsv({ chart, row, h }) {
  downloadBlob(new Blob([writeCsv(row, chart.message.blocks, h)], { type: "text/csv" }), `${FILE_NAME}.csv`);
}

// A line for each entry that was checked at h.
export function writeCsv({ entries, analytic, numeric, errors, kinked }, blocks, h) {
  const lines = Array.from(entries, (entry, i) => [`"${nameEntry(blocks, entry)}"`, h, analytic[i], numeric[i], errors[i], Boolean(kinked[i])].join());
  return ["entry,h,analytic,numerical,relative_error,crosses_kink", ...lines, ""].join("\r\n");
}
