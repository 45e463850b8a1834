import { contradictions, type Contradiction } from './contradictions.js';
import type { KitFinding, KitFindingName } from './findings.js';

// What is said of a kit, once in each language.

const of =
  (name: KitFindingName) =>
  (detail: string, pesan: string, where: Pick<KitFinding, 'file' | 'path'> = {}): KitFinding => ({
    name,
    ...where,
    detail,
    pesan,
  });

export const fileMissing = (file: string) =>
  of('FILE_MISSING')(`${file} is missing.`, `Berkas ${file} tidak ada.`, { file });

export const fileUnknown = (file: string) =>
  of('FILE_UNKNOWN')(
    `${file} is no file of a kit, or the manifest does not name it.`,
    `Berkas ${file} bukan bagian paket ini, atau tidak disebut di manifest.json.`,
    { file },
  );

export const fileTwice = (file: string) =>
  of('FILE_TWICE')(
    `${file} stands in the kit more than once: whoever opens it may see another one.`,
    `Berkas ${file} ada lebih dari satu di dalam paket: yang dibuka orang lain bisa berbeda.`,
    { file },
  );

export const fileChanged = (file: string) =>
  of('FILE_CHANGED')(
    `${file} is not the file that the manifest names: its length or its SHA-256 differs.`,
    `Isi ${file} tidak sama dengan yang disebut di manifest.json: ukuran atau SHA-256-nya berbeda.`,
    { file },
  );

export const fileUnreadable = (file: string, why: string) =>
  of('FILE_UNREADABLE')(`${file} cannot be read: ${why}.`, `Berkas ${file} tidak terbaca (${why}).`, { file });

export const manifestInvalid = () =>
  of('MANIFEST_INVALID')('manifest.json is no manifest of a kit.', 'manifest.json bukan daftar isi paket.', {
    file: 'manifest.json',
  });

export const reportInvalid = () =>
  of('REPORT_INVALID')(
    'report.json is not the content of a report: it cannot be counted anew.',
    'report.json bukan isi laporan yang sah, sehingga tidak dapat dihitung ulang.',
    { file: 'report.json' },
  );

export const notApproved = () =>
  of('REPORT_NOT_APPROVED')(
    'The log knows no approval of this report.',
    'Catatan tidak memuat persetujuan Camat atas laporan ini.',
  );

export const notAsApproved = (hash: string) =>
  of('REPORT_NOT_AS_APPROVED')(
    `report.json is not what was approved: its hash ${hash}, or its version, is not that of the approval in the log.`,
    `report.json bukan yang disetujui: sidiknya ${hash}, atau versinya, tidak sama dengan persetujuan di dalam catatan.`,
    { file: 'report.json' },
  );

export const superseded = () =>
  of('REPORT_SUPERSEDED')(
    'This version of the report was replaced: another one was approved after it.',
    'Versi laporan ini sudah diganti: sesudahnya disetujui versi lain.',
    { file: 'report.json' },
  );

export const figureDiffers = (path: string, told: unknown, found: unknown, by: 'log' | 'register') => {
  const [one, other] = [told, found].map((value) => (value === undefined ? '–' : JSON.stringify(value)));
  return of('FIGURE_DIFFERS')(
    `${path}: report says ${one}, ${by} says ${other}.`,
    `${path}: menurut laporan ${one}, menurut ${by === 'log' ? 'catatan' : 'daftar di laporan itu sendiri'} ${other}.`,
    { file: 'report.json', path },
  );
};

export const evidenceNotIntact = (file: string, count: number) =>
  of('EVIDENCE_NOT_INTACT')(
    `${file}: ${count} findings in the evidence itself; what was counted from it is as uncertain.`,
    `${file}: ditemukan ${count} masalah pada catatannya sendiri; hitungan dari catatan itu sama tidak pastinya.`,
    { file },
  );

export const evidenceIncomplete = (file: string) =>
  of('EVIDENCE_INCOMPLETE')(
    `${file} does not begin with the first event of the log.`,
    `${file} tidak dimulai dari peristiwa pertama catatan.`,
    { file },
  );

export const evidenceOfAnotherLog = (file: string, origin: string | null) =>
  of('EVIDENCE_OF_ANOTHER_LOG')(
    `${file} is of the log ${origin ?? '–'}, and not of the one that the report was counted from.`,
    `${file} berasal dari catatan ${origin ?? '–'}, bukan catatan yang dihitung untuk laporan ini.`,
    { file },
  );

export const checkpointNotInLog = (origin: string, size: number) =>
  of('CHECKPOINT_NOT_IN_LOG')(
    `The checkpoint of the report (${origin}, ${size} events) could not be found in the evidence of the kit.`,
    `Titik periksa laporan (${origin}, ${size} peristiwa) tidak dapat ditemukan di catatan dalam paket ini.`,
    { path: 'asOf.checkpoints' },
  );

export const checkpointMismatch = (path: string) =>
  of('CHECKPOINT_MISMATCH')(
    `${path} is not what the signed note of the checkpoint says, or a generation of the log is left out.`,
    `${path} tidak sama dengan titik periksa bertanda tangan, atau ada generasi catatan yang dilewatkan.`,
    { path },
  );

export const particularsChanged = (id: string, index: number) =>
  of('PARTICULARS_CHANGED')(
    `The particulars of event ${index} (${id}) are not those that the log commits to.`,
    `Rincian peristiwa nomor ${index} (${id}) tidak sama dengan yang tercatat sidiknya.`,
    { file: 'particulars.jsonl' },
  );

export const particularsMissing = (id: string, index: number) =>
  of('PARTICULARS_MISSING')(
    `Event ${index} (${id}) counts, and its particulars are missing.`,
    `Peristiwa nomor ${index} (${id}) ikut dihitung, tetapi rinciannya tidak ada.`,
    { file: 'particulars.jsonl' },
  );

export const particularsForeign = (id: string) =>
  of('PARTICULARS_FOREIGN')(
    `There are particulars of an event that the log does not have (${id}).`,
    `Ada rincian untuk peristiwa yang tidak ada di dalam catatan (${id}).`,
    { file: 'particulars.jsonl' },
  );

export const particularsMalformed = (count: number) =>
  of('PARTICULARS_MALFORMED')(
    `${count} lines of particulars.jsonl cannot be read, or are of an event that has one already.`,
    `${count} baris particulars.jsonl tidak terbaca, atau untuk peristiwa yang sudah punya rincian.`,
    { file: 'particulars.jsonl' },
  );

export const undeliveredMalformed = (count: number) =>
  of('UNDELIVERED_MALFORMED')(
    `${count} lines of undelivered.jsonl cannot be read, or name a record twice.`,
    `${count} baris undelivered.jsonl tidak terbaca, atau menyebut data balikan yang sama dua kali.`,
    { file: 'undelivered.jsonl' },
  );

export const undeliveredContradicts = (id: string) =>
  of('UNDELIVERED_CONTRADICTS_LOG')(
    `Record ${id} is told as undelivered, but was delivered before the checkpoint, or accepted after it.`,
    `Data balikan ${id} disebut belum terkirim, padahal sudah terkirim sebelum titik periksa, atau baru diterima sesudahnya.`,
    { file: 'undelivered.jsonl' },
  );

export const registerNotInLog = (path: string, label: string) =>
  of('REGISTER_NOT_IN_LOG')(
    `${path} (${label}): no act in the log has put this on file.`,
    `${path} (${label}): tidak ada tindakan di dalam catatan yang mencatatkannya.`,
    { file: 'report.json', path },
  );

export const registerContradicts = (path: string, label: string, kind: Contradiction) =>
  of('REGISTER_CONTRADICTS_LOG')(
    `${path} (${label}): ${contradictions[kind][0]}.`,
    `${path} (${label}): ${contradictions[kind][1]}.`,
    { file: 'report.json', path },
  );

export const keyNotPinned = () =>
  of('KEY_NOT_PINNED')(
    'The key was taken from the kit itself: compare it with the one that the office told on paper.',
    'Kunci diambil dari paket ini sendiri: cocokkan dengan kunci yang diberitahukan kantor secara tertulis.',
  );

export const registerNotOpened = (count: number) =>
  of('REGISTER_NOT_OPENED')(
    `${count} rows of the register could not be compared: the log has acts for them whose particulars are not in the kit.`,
    `${count} baris daftar tidak dapat dicocokkan: tindakannya tercatat, tetapi rinciannya tidak ada di paket.`,
  );

export const laterApprovals = (count: number) =>
  of('LATER_APPROVALS')(
    `${count} other reports were approved after this one: ask the office whether one of them corrects it.`,
    `Sesudah laporan ini disetujui, ${count} laporan lain disetujui: tanyakan apakah ada yang membetulkannya.`,
  );

export const paperNotCompared = () =>
  of('PAPER_NOT_COMPARED')(
    'report.pdf and report.xlsx were compared with the manifest only: what counts is report.json, whose hash the paper shows.',
    'report.pdf dan report.xlsx hanya dicocokkan dengan manifest.json: yang dihitung ulang adalah report.json, yang sidiknya tertera di kertas.',
  );
