import type { ReportContent } from '#contracts';

/** What the QR symbol on the paper says (docs/report-format.md): the report, its hash, and the checkpoint it was counted at. */
export function sealText({ format, id, version, asOf }: ReportContent, contentHash: string): string {
  const { origin, size, root } = asOf.checkpoints.at(-1)!;
  return `${format} ${id} ${version} ${contentHash} ${origin} ${size} ${root}`;
}
