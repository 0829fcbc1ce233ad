// The scale of what is printed: how much ground a pixel of paper is, and a bar of a round length.

const INCH_M = 0.0254;
const PIXELS_OF_AN_INCH = 96; // CSS pixels, on paper too
/** How wide a CSS pixel is on paper, in metres. */
export const PIXEL_M = INCH_M / PIXELS_OF_AN_INCH;
const ROUND_STEPS = [1, 2, 2.5, 5];

/**
 * Return the least round number that is not below a value: 1, 2, 2.5 or 5 times a power of ten.
 * @param {number} value
 */
export function roundUp(value) {
  const power = 10 ** Math.floor(Math.log10(value) + 1e-12);
  const step = ROUND_STEPS.find((one) => one * power >= value * (1 - 1e-9));
  return (step ?? 10) * power;
}

/**
 * Return the greatest round length that is not above one.
 * @param {number} value
 */
export function roundDown(value) {
  const power = 10 ** Math.floor(Math.log10(value) + 1e-12);
  const step = [...ROUND_STEPS].reverse().find((one) => one * power <= value * (1 + 1e-9));
  return (step ?? 1) * power;
}

/**
 * Return the number that the ground is divided by on paper.
 * @param {number} metresOfPixel ground under a CSS pixel
 */
export function ratioOf(metresOfPixel) {
  return metresOfPixel / PIXEL_M;
}

/**
 * Return the bar: how long it is on the ground, and on paper in CSS pixels.
 * @param {number} metresOfPixel
 * @param {number} mostPixels
 */
export function barOf(metresOfPixel, mostPixels) {
  const metres = roundDown(metresOfPixel * mostPixels);
  return { metres, pixels: metres / metresOfPixel };
}
