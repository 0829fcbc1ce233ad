// Lengths, areas and Gauss-Krüger belts on the ellipsoid of CGCS2000; angles go in and out in degrees.

const MAJOR_M = 6378137;
const FLATTENING = 1 / 298.257222101;
const MINOR_M = MAJOR_M * (1 - FLATTENING);
const E2 = FLATTENING * (2 - FLATTENING);
const E1 = Math.sqrt(E2);
const N1 = FLATTENING / (2 - FLATTENING);
const MOST_STEPS = 60;
const CLOSE = 1e-13; // radians
const FALSE_EASTING_M = 500000;

/** @param {number} degrees */
function radians(degrees) {
  return (degrees * Math.PI) / 180;
}

/** @param {number} angle */
function degreesOf(angle) {
  return (angle * 180) / Math.PI;
}

/** A place: longitude and latitude in degrees.
 * @typedef {{lng: number, lat: number}} Place
 */

/**
 * Return the length of the shortest line between two places in metres (Vincenty's inverse).
 * Nearly opposite places, where it does not settle, are given the length on the sphere.
 * @param {Place} from
 * @param {Place} to
 */
export function distanceM(from, to) {
  const apart = radians(to.lng - from.lng);
  const [one, two] = [from, to].map(({ lat }) => Math.atan((1 - FLATTENING) * Math.tan(radians(lat))));
  const [sin1, cos1, sin2, cos2] = [Math.sin(one), Math.cos(one), Math.sin(two), Math.cos(two)];
  let lambda = apart;
  for (let step = 0; step < MOST_STEPS; step++) {
    const [sinL, cosL] = [Math.sin(lambda), Math.cos(lambda)];
    const sinS = Math.hypot(cos2 * sinL, cos1 * sin2 - sin1 * cos2 * cosL);
    if (sinS === 0) return 0;
    const cosS = sin1 * sin2 + cos1 * cos2 * cosL;
    const sigma = Math.atan2(sinS, cosS);
    const sinA = (cos1 * cos2 * sinL) / sinS;
    const cosA2 = 1 - sinA * sinA;
    const middle = cosA2 > 0 ? cosS - (2 * sin1 * sin2) / cosA2 : 0;
    const C = (FLATTENING / 16) * cosA2 * (4 + FLATTENING * (4 - 3 * cosA2));
    const tail = middle + C * cosS * (2 * middle * middle - 1);
    const next = apart + (1 - C) * FLATTENING * sinA * (sigma + C * sinS * tail);
    if (Math.abs(next - lambda) < CLOSE) return arcM(cosA2, sigma, sinS, cosS, middle);
    lambda = next;
  }
  return MAJOR_M * Math.acos(Math.max(-1, Math.min(1, sin1 * sin2 + cos1 * cos2 * Math.cos(apart))));
}

/**
 * Return the length of an arc of the auxiliary sphere on the ellipsoid.
 * @param {number} cosA2
 * @param {number} sigma
 * @param {number} sinS
 * @param {number} cosS
 * @param {number} middle
 */
function arcM(cosA2, sigma, sinS, cosS, middle) {
  const u2 = (cosA2 * (MAJOR_M ** 2 - MINOR_M ** 2)) / MINOR_M ** 2;
  const A = 1 + (u2 / 16384) * (4096 + u2 * (-768 + u2 * (320 - 175 * u2)));
  const B = (u2 / 1024) * (256 + u2 * (-128 + u2 * (74 - 47 * u2)));
  const m2 = middle * middle;
  const inner = cosS * (2 * m2 - 1) - (B / 6) * middle * (4 * sinS * sinS - 3) * (4 * m2 - 3);
  return MINOR_M * A * (sigma - B * sinS * (middle + (B / 4) * inner));
}

/**
 * Return the length of a line through places in metres.
 * @param {Place[]} places
 */
export function lengthM(places) {
  let length = 0;
  for (let i = 1; i < places.length; i++) length += distanceM(places[i - 1], places[i]);
  return length;
}

/**
 * Return the area within a ring of places in square metres: its sides are great circles of the
 * sphere that has the ellipsoid's area, which differ from geodesics far below a ten-thousandth.
 * @param {Place[]} places
 */
export function areaM2(places) {
  let excess = 0;
  for (let i = 0; i < places.length; i++) {
    const [from, to] = [places[i], places[(i + 1) % places.length]];
    const [south, north] = [authalic(from.lat), authalic(to.lat)];
    const half = Math.tan(radians(to.lng - from.lng) / 2);
    const slope = Math.sin((south + north) / 2) / Math.cos((north - south) / 2);
    excess += 2 * Math.atan(half * slope);
  }
  return Math.abs(excess) * authalicRadius2();
}

/** @param {number} sine of a latitude */
function zonal(sine) {
  return (1 - E2) * (sine / (1 - E2 * sine * sine) + Math.atanh(E1 * sine) / E1);
}

/**
 * Return the latitude on the sphere of equal area.
 * @param {number} latitude
 */
function authalic(latitude) {
  return Math.asin(Math.max(-1, Math.min(1, zonal(Math.sin(radians(latitude))) / zonal(1))));
}

function authalicRadius2() {
  return (MAJOR_M * MAJOR_M * zonal(1)) / 2;
}

const RECTIFIED_M =
  (MAJOR_M / (1 + N1)) * (1 + N1 ** 2 / 4 + N1 ** 4 / 64 + N1 ** 6 / 256);
// Krüger's series to the fourth power of n: below a tenth of a millimetre within any belt.
const FORTH = [
  N1 / 2 - (2 / 3) * N1 ** 2 + (5 / 16) * N1 ** 3 + (41 / 180) * N1 ** 4,
  (13 / 48) * N1 ** 2 - (3 / 5) * N1 ** 3 + (557 / 1440) * N1 ** 4,
  (61 / 240) * N1 ** 3 - (103 / 140) * N1 ** 4,
  (49561 / 161280) * N1 ** 4,
];
const BACK = [
  N1 / 2 - (2 / 3) * N1 ** 2 + (37 / 96) * N1 ** 3 - (1 / 360) * N1 ** 4,
  (1 / 48) * N1 ** 2 + (1 / 15) * N1 ** 3 - (437 / 1440) * N1 ** 4,
  (17 / 480) * N1 ** 3 - (37 / 840) * N1 ** 4,
  (4397 / 161280) * N1 ** 4,
];

/**
 * Return northing and easting (false easting 500 km, no number before it) around a meridian.
 * @param {Place} place
 * @param {number} meridian
 */
export function planeOf({ lng, lat }, meridian) {
  const away = radians(lng - meridian);
  const sine = Math.sin(radians(lat));
  const t = Math.sinh(Math.atanh(sine) - E1 * Math.atanh(E1 * sine));
  const xi = Math.atan2(t, Math.cos(away));
  const eta = Math.asinh(Math.sin(away) / Math.hypot(t, Math.cos(away)));
  let [north, east] = [xi, eta];
  FORTH.forEach((a, i) => {
    const k = 2 * (i + 1);
    north += a * Math.sin(k * xi) * Math.cosh(k * eta);
    east += a * Math.cos(k * xi) * Math.sinh(k * eta);
  });
  return { northing: RECTIFIED_M * north, easting: FALSE_EASTING_M + RECTIFIED_M * east };
}

/**
 * Return the place of a northing and easting (without a number before it) around a meridian.
 * @param {number} northing
 * @param {number} easting
 * @param {number} meridian
 * @returns {Place}
 */
export function placeOfPlane(northing, easting, meridian) {
  const xi = northing / RECTIFIED_M;
  const eta = (easting - FALSE_EASTING_M) / RECTIFIED_M;
  let [north, east] = [xi, eta];
  BACK.forEach((b, i) => {
    const k = 2 * (i + 1);
    north -= b * Math.sin(k * xi) * Math.cosh(k * eta);
    east -= b * Math.cos(k * xi) * Math.sinh(k * eta);
  });
  const lng = meridian + degreesOf(Math.atan2(Math.sinh(east), Math.cos(north)));
  const conformal = Math.asin(Math.sin(north) / Math.cosh(east));
  return { lng, lat: degreesOf(geodetic(Math.tan(conformal))) };
}

/**
 * Return the latitude whose conformal latitude has a tangent (Newton, as Karney does it).
 * @param {number} wanted
 */
function geodetic(wanted) {
  let tangent = wanted;
  for (let step = 0; step < 8; step++) {
    const root = Math.hypot(1, tangent);
    const sigma = Math.sinh(E1 * Math.atanh((E1 * tangent) / root));
    const reached = tangent * Math.hypot(1, sigma) - sigma * root;
    const slope = (1 + (1 - E2) * tangent * tangent) / ((1 - E2) * Math.hypot(1, reached) * root);
    const more = (wanted - reached) * slope;
    tangent += more;
    if (Math.abs(more) < 1e-15 * Math.max(1, Math.abs(tangent))) break;
  }
  return Math.atan(tangent);
}

/**
 * Return the number of the 3-degree belt that a longitude lies in, and its central meridian.
 * @param {number} lng
 */
export function beltOf(lng) {
  const belt = Math.min(45, Math.max(25, Math.round(lng / 3)));
  return { belt, meridian: 3 * belt };
}
