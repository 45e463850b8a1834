import { create } from 'qrcode';
import { pointsPerMillimetre, type Pen } from './pen.js';

/** Modules of light around a QR symbol (ISO/IEC 18004 6.3.8). */
const quietZone = 4;

/** A text as QR symbol, error correction M, its quiet zone included in the size. */
export function drawQr(pen: Pen, text: string, at: { x: number; y: number; millimetres: number }): void {
  const { size, data } = create(text, { errorCorrectionLevel: 'M' }).modules;
  const module = (at.millimetres * pointsPerMillimetre) / (size + 2 * quietZone);
  const left = at.x + quietZone * module;
  const top = at.y + quietZone * module;
  data.forEach((dark, n) => {
    if (dark) pen.document.rect(left + (n % size) * module, top + Math.floor(n / size) * module, module, module);
  });
  pen.document.fill('black');
}
