// Project a point in space to a pixel, and a pixel back to the line of points behind it.

export class CameraProjection {
  // Column-major 4 x 4 matrices as WebGL has them, the scale that data is multiplied by before, the picture's size.
  constructor({ projection, view, model }, scale, width, height) {
    Object.assign(this, { width, height });
    const scaled = model.map((value, i) => (i < 12 ? value * scale[Math.floor(i / 4)] : value));
    this.matrix = multiplyMatrices(projection, multiplyMatrices(view, scaled));
    this.inverseMatrix = invertMatrix(this.matrix);
    const [x, y, z, w] = transformVector(this.inverseMatrix, [0, 0, 1, 0]); // where all lines of sight meet
    this.eye = [x / w, y / w, z / w];
  }

  // Pixel of a point, from the picture's top left corner.
  toPixel(x, y, z) {
    const m = this.matrix;
    const w = m[3] * x + m[7] * y + m[11] * z + m[15];
    const px = (m[0] * x + m[4] * y + m[8] * z + m[12]) / w;
    const py = (m[1] * x + m[5] * y + m[9] * z + m[13]) / w;
    return w > 0 ? [0.5 * (1 + px) * this.width, 0.5 * (1 - py) * this.height] : [NaN, NaN];
  }

  // The nearest and the farthest point that are seen at a pixel.
  unproject(px, py) {
    const at = [(2 * px) / this.width - 1, 1 - (2 * py) / this.height];
    return [-1, 1].map((depth) => {
      const [x, y, z, w] = transformVector(this.inverseMatrix, [...at, depth, 1]);
      return [x / w, y / w, z / w];
    });
  }
}

export function multiplyMatrices(a, b) {
  return Array.from({ length: 16 }, (_, i) => [0, 1, 2, 3].reduce((sum, k) => sum + a[4 * k + (i % 4)] * b[4 * Math.floor(i / 4) + k], 0));
}

const transformVector = (m, p) => [0, 1, 2, 3].map((row) => [0, 1, 2, 3].reduce((sum, k) => sum + m[4 * k + row] * p[k], 0));

// By Gauss and Jordan, with the largest pivot.
export function invertMatrix(m) {
  const rows = [0, 1, 2, 3].map((r) => [...[0, 1, 2, 3].map((c) => m[4 * c + r]), ...[0, 1, 2, 3].map((c) => Number(c === r))]);
  for (let c = 0; c < 4; c++) {
    const best = [...rows.keys()].slice(c).reduce((a, b) => (Math.abs(rows[b][c]) > Math.abs(rows[a][c]) ? b : a));
    [rows[c], rows[best]] = [rows[best], rows[c]];
    rows[c] = rows[c].map((value) => value / rows[c][c]);
    rows.forEach((row, r) => {
      if (r !== c) rows[r] = row.map((value, i) => value - row[c] * rows[c][i]);
    });
  }
  return Array.from({ length: 16 }, (_, i) => rows[i % 4][4 + Math.floor(i / 4)]);
}
