// f and its gradient from a list of operations, in a page that has no server to ask: they are read, never run as code.

const FUNCTIONS = {
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: (a, b) => a * b,
  div: (a, b) => a / b,
  neg: (a) => -a,
  float: Number,
  where: (condition, a, b) => (condition ? a : b),
  lt: (a, b) => a < b,
  le: (a, b) => a <= b,
  gt: (a, b) => a > b,
  ge: (a, b) => a >= b,
  eq: (a, b) => a === b,
  ne: (a, b) => a !== b,
  and: (a, b) => a && b,
  or: (a, b) => a || b,
  not: (a) => !a,
  isfinite: Number.isFinite,
  maximum: Math.max,
  minimum: Math.min,
  arcsin: Math.asin,
  arccos: Math.acos,
  arctan: Math.atan,
  arctan2: Math.atan2,
  logaddexp: (a, b) => (a === b ? a + Math.LN2 : Math.max(a, b) + Math.log1p(Math.exp(-Math.abs(a - b)))),
  remainder: (a, b) => a - b * Math.floor(a / b),
  floor_divide: (a, b) => Math.floor(a / b),
  expit: (a) => 1 / (1 + Math.exp(-a)),
  erf,
};
for (const name of ["abs", "sqrt", "sign", "floor", "pow", "exp", "expm1", "log", "log1p", "log2", "log10", "sin", "cos", "tan", "sinh", "cosh", "tanh", "hypot", "cbrt"]) FUNCTIONS[name] = Math[name];

// erf x = 2/√π e^(−x²) Σ 2ⁿ x^(2n+1) / (1·3·…·(2n+1)), whose terms have one sign (Abramowitz & Stegun, 7.1.6).
function erf(x) {
  if (Math.abs(x) > 6) return Math.sign(x); // to 17 digits
  let [term, sum] = [x, x];
  for (let n = 1; Math.abs(term) > 1e-17 * Math.abs(sum); n++) sum += term *= (2 * x * x) / (2 * n + 1);
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
}

// {loss, gradient} at a point; what is not finite is null, as in the server's answer.
export function evaluateOperations({ operations, constants, results }, point) {
  const values = [];
  for (const [name, ...operands] of operations) {
    if (name === "input") values.push(point[operands[0]]);
    else if (name === "number") values.push(Number(constants[operands[0]]));
    else values.push(FUNCTIONS[name](...operands.map((i) => values[i])));
  }
  const [loss, ...gradient] = results.map((i) => (Number.isFinite(values[i]) ? values[i] : null));
  return { loss, gradient };
}
