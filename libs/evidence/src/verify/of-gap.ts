import { type GapLeaf } from '../leaf.js';
import { type Finding } from './findings.js';

export function gapMissing(): Finding {
  return {
    name: 'GAP_MISSING',
    index: 0,
    detail: 'The log is the continuation of an earlier one, but does not begin with the statement of the gap.',
    pesan: 'Catatan ini lanjutan dari catatan sebelumnya, tetapi tidak diawali pernyataan celah (GAP).',
  };
}

export function gapMismatch(index: number, detail: string, pesan: string): Finding {
  return { name: 'GAP_MISMATCH', index, detail, pesan };
}

export function gapUnsigned(index: number): Finding {
  return {
    name: 'GAP_UNSIGNED',
    index,
    detail: 'The last checkpoint that the statement of the gap quotes is not signed with the key of the log.',
    pesan: 'Titik periksa terakhir yang dikutip pernyataan celah tidak ditandatangani dengan kunci catatan ini.',
  };
}

export function gapDeclared(index: number, gap: GapLeaf, lastSize: number): Finding {
  const lost = Math.max(0, lastSize - gap.keptSize);
  return {
    name: 'GAP_DECLARED',
    index,
    detail: `The office declares a gap (${gap.at}): of ${lastSize} signed events of ${gap.previousOrigin}, ${lost} are lost. Reason: ${gap.reason}`,
    pesan: `Kantor menyatakan ada celah (${gap.at}): dari ${lastSize} peristiwa bertanda tangan pada ${gap.previousOrigin}, ${lost} hilang. Alasan: ${gap.reason}`,
  };
}
