import { Sheet, timeText } from '#paper';
import { plainFindings } from './plain-findings.js';
import type { Statement, Verdict } from './statement.js';

const verdicts: Record<Verdict, string> = {
  'nothing-found':
    'TIDAK DITEMUKAN satu pun data kependudukan atau NIK yang tersimpan di tempat mana pun yang diperiksa.',
  found: 'DITEMUKAN data kependudukan atau NIK yang tersimpan. Rinciannya ada di bawah.',
  'not-proven':
    'BELUM TERBUKTI. Pencarian tidak lengkap, sehingga tidak ada yang dapat dinyatakan. Sebabnya ada di bawah.',
};

const title = 'Pernyataan Hasil Uji Penyimpanan Data';
const number = (value: number): string => value.toLocaleString('id-ID');
const megabytes = (bytes: number): string =>
  `${(bytes / 1e6).toLocaleString('id-ID', { maximumFractionDigits: bytes < 1e6 ? 3 : 1 })} MB`;

/** The statement for an official: PDF, A4, Indonesian. What it says is in the JSON beside it, whose hash it names. */
export async function renderDocument(
  statement: Statement,
  { sha256, thumbprint, ofThisRun }: { sha256: string; thumbprint: string; ofThisRun: boolean },
  { compress = true }: { compress?: boolean } = {},
): Promise<Buffer> {
  const { product, endedAt } = statement;
  const ended = new Date(endedAt);
  const sheet = new Sheet({ title, author: `${product.name} ${product.version}`, createdAt: ended }, compress);
  sheet.heading(title.toUpperCase());
  sheet.space(4);
  sheet.centred(`${product.name} versi ${product.version}${product.commit ? `, commit ${product.commit}` : ''}`);
  if (statement.rehearsal) sheet.centred(`LATIHAN: data sengaja ditaruh agar ditemukan (${statement.rehearsal})`);
  sheet.space(12);
  sheet.paragraph(verdicts[statement.verdict]);
  [howItWasDone, whatWasDriven, whatWasSearched, howItIsKnown, coreDumps, whatItDoesNotSay].forEach((part, index) =>
    part(sheet, statement, index + 1),
  );
  if (statement.reasons.length > 0) reasons(sheet, statement);
  sheet.paragraph(
    `Uji selesai pada ${timeText(ended)}. Rincian lengkap ada di berkas JSON dengan SHA-256 ${sha256}. Kedua berkas ` +
      `ditandatangani (Ed25519) dengan kunci ${thumbprint}` +
      (ofThisRun
        ? ', yang dibuat untuk uji ini saja: tanda tangan menjamin bahwa isinya tidak berubah, bukan siapa yang membuatnya.'
        : '.'),
  );
  return sheet.finish(`${title}, ${product.name} ${product.version}`);
}

function howItWasDone(sheet: Sheet, { canaries, installation, machine }: Statement, index: number): void {
  const made =
    installation.kind === 'launcher' ? 'sebagaimana npm start menjalankannya' : 'sebagai kontainer (docker-compose)';
  sheet.numbered(
    index,
    `Sebanyak ${number(canaries.count)} orang rekaan ("canary") dengan ${number(canaries.values)} nilai acak yang tidak ada ` +
      `duanya diperiksa melalui instalasi lengkap, ${made}, pada tingkat log ${installation.logLevels.join(', ')} ` +
      `(${machine.system}, Node ${machine.node}). Layanan Kementerian digantikan oleh sandbox. Sesudah itu instalasi ` +
      'dihentikan, dan setiap bita yang tertinggal dicari.',
  );
}

function whatWasDriven(sheet: Sheet, { paths, routes, undriven }: Statement, index: number): void {
  const requests = paths.reduce((sum, path) => sum + path.requests, 0);
  sheet.numbered(
    index,
    `Dilalui ${number(paths.length)} jalur dengan ${number(requests)} permintaan dan ${number(routes.length - undriven.length)} ` +
      `dari ${number(routes.length)} alamat layanan: ambil data dan cocokkan data, setiap gangguan layanan Kementerian, ` +
      'penolakan, NIK di tempat yang salah, serta proses yang dimatikan paksa ketika jawaban sedang dalam perjalanan.',
  );
}

function whatWasSearched(sheet: Sheet, { places, search, database }: Statement, index: number): void {
  sheet.numbered(
    index,
    `Diperiksa ${number(search.files)} berkas dan tabel, ${megabytes(search.bytes)}, dengan ${number(search.patterns)} pola ` +
      `dalam ${number(search.encodings.length)} cara penulisan; ${number(database.packedValues)} nilai yang dipadatkan ` +
      'PostgreSQL dibaca lewat SQL.',
  );
  sheet.table(
    [
      { title: 'Tempat', share: 6 },
      { title: 'Berkas', share: 2 },
      { title: 'Ukuran', share: 3 },
    ],
    places.map(({ name, files, bytes }) => [name, number(files), megabytes(bytes)]),
  );
  sheet.paragraph(`Cara penulisan: ${search.encodings.map(({ meaning }) => meaning).join('; ')}.`, 22);
}

function howItIsKnown(sheet: Sheet, { planted }: Statement, index: number): void {
  const { expected, found, notPlanted } = planted;
  sheet.numbered(
    index,
    `Agar diketahui bahwa pencarian memang menemukan, satu canary sengaja ditaruh ${number(expected)} kali: dalam setiap cara ` +
      `penulisan, di setiap tempat, dan di tabel basis data. ${found === expected ? 'Semuanya' : `${number(found)} di antaranya`} ditemukan.` +
      (notPlanted.length > 0 ? ` Tidak dapat ditaruh (tidak boleh ditulis): ${notPlanted.join('; ')}.` : ''),
  );
}

function coreDumps(sheet: Sheet, { coreDumps: { limits, control } }: Statement, index: number): void {
  const none = limits.every(({ limit }) => limit === '0 0');
  sheet.numbered(
    index,
    `${none ? 'Setiap proses berjalan dengan batas core dump 0' : 'Tidak setiap proses berjalan dengan batas core dump 0'} ` +
      `(${number(limits.length)} proses diperiksa), dan dijatuhkan dengan SIGABRT dan SIGSEGV ketika jawaban ada di memori. ` +
      `Pembanding: ${control.told}.`,
  );
}

function whatItDoesNotSay(sheet: Sheet, statement: Statement, index: number): void {
  sheet.numbered(index, 'Pernyataan ini tidak mencakup:');
  for (const one of statement.outside) sheet.paragraph(`- ${one}`, 22);
}

function reasons(sheet: Sheet, { reasons: all, findings }: Statement): void {
  sheet.paragraph(findings.length > 0 ? 'Yang ditemukan (tanpa nilainya) dan catatan lain:' : 'Sebab belum terbukti:');
  const rows = findings.length > 0 ? plainFindings(findings) : all.map((reason) => [reason]);
  if (findings.length > 0)
    sheet.table(
      [
        { title: 'Unsur', share: 3 },
        { title: 'Ditulis sebagai', share: 3 },
        { title: 'Tempat', share: 8 },
        { title: 'Jalur', share: 6 },
      ],
      rows,
    );
  else for (const [reason = ''] of rows) sheet.paragraph(`- ${reason}`, 22);
}
