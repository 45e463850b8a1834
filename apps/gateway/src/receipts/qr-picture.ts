import { create } from 'qrcode';

/** Modules of light around the symbol (ISO/IEC 18004 6.3.8). */
const quietZone = 4;

/**
 * The QR symbol of a receipt code as SVG, 29 mm wide, error correction M: black squares in one path, no script, no style, nothing
 * from elsewhere.
 *
 * @param code in its canonical form
 * @param checkedAt address of the page where receipts are checked; the code is its fragment, which no server gets to see
 */
export function qrPicture(code: string, checkedAt?: string): string {
  const { modules } = create(checkedAt === undefined ? code : `${checkedAt}#${code}`, { errorCorrectionLevel: 'M' });
  const size = modules.size + 2 * quietZone;
  const label = `Kode bukti ${code}`;
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="29mm" height="29mm" viewBox="0 0 ${size} ${size}" ` +
    `role="img" aria-label="${label}" shape-rendering="crispEdges"><title>${label}</title>` +
    `<path fill="#fff" d="M0 0h${size}v${size}H0z"/><path fill="#000" d="${squares(modules)}"/></svg>\n`
  );
}

/** Dark modules beside one another as one rectangle. */
function squares({ size, data }: { size: number; data: Uint8Array }): string {
  const rows = Array.from({ length: size }, (_, row) => {
    const dark = Array.from(data.subarray(row * size, (row + 1) * size), String).join('');
    return [...dark.matchAll(/1+/g)]
      .map(({ index, 0: run }) => `M${index + quietZone} ${row + quietZone}h${run.length}v1h-${run.length}z`)
      .join('');
  });
  return rows.join('');
}
