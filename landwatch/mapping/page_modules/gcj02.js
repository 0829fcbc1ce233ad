// GCJ-02 by the public formula, one way: where an internet map of China draws a true place.
// The twin of landwatch/geo/shifts.py, held against it at 200 places by a test.

const [BOX_WEST, BOX_SOUTH, BOX_EAST, BOX_NORTH] = [72.004, 0.8293, 137.8347, 55.8271];
const AXIS_M = 6378245; // Krassovsky, whatever the coordinates are on
const FLATNESS = 0.00669342162296594323;

/**
 * @param {number} x
 * @param {number} y
 */
function eastwardM(x, y) {
  const turn = Math.PI * x;
  const waves =
    20 * Math.sin(6 * turn) +
    20 * Math.sin(2 * turn) +
    20 * Math.sin(turn) +
    40 * Math.sin(turn / 3) +
    150 * Math.sin(turn / 12) +
    300 * Math.sin(turn / 30);
  const plain = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * Math.sqrt(Math.abs(x));
  return plain + (waves * 2) / 3;
}

/**
 * @param {number} x
 * @param {number} y
 */
function northwardM(x, y) {
  const [turnX, turnY] = [Math.PI * x, Math.PI * y];
  const waves =
    20 * Math.sin(6 * turnX) +
    20 * Math.sin(2 * turnX) +
    20 * Math.sin(turnY) +
    40 * Math.sin(turnY / 3) +
    160 * Math.sin(turnY / 12) +
    320 * Math.sin(turnY / 30);
  const plain = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * Math.sqrt(Math.abs(x));
  return plain + (waves * 2) / 3;
}

/**
 * Return longitude and latitude as an internet map of China draws them; elsewhere nothing moves.
 * @param {number} longitude
 * @param {number} latitude
 * @returns {[number, number]}
 */
export function toGcj02(longitude, latitude) {
  const inside =
    longitude >= BOX_WEST && longitude <= BOX_EAST && latitude >= BOX_SOUTH && latitude <= BOX_NORTH;
  if (!inside) return [longitude, latitude];
  const [x, y] = [longitude - 105, latitude - 35];
  const angle = (latitude * Math.PI) / 180;
  const bent = 1 - FLATNESS * Math.sin(angle) ** 2;
  const root = Math.sqrt(bent);
  const degree = Math.PI / 180;
  const east = eastwardM(x, y) / ((AXIS_M / root) * Math.cos(angle) * degree);
  const north = northwardM(x, y) / (((AXIS_M * (1 - FLATNESS)) / (bent * root)) * degree);
  return [longitude + east, latitude + north];
}
