import { clockText, dayInWords, dayOf, numberWords, Sheet } from '#paper';
import type { Minutes } from './minutes.js';

/** What stands in the berita acara. */
export interface Handover {
  id: string;
  number: number;
  createdAt: Date;
  records: number;
  /** Of the encrypted file. */
  bytes: number;
  sha256: string;
  minutes: Minutes;
}

const title = 'Berita Acara Penyerahan Data Balikan';

const recipientNames = {
  DITJEN_DUKCAPIL: 'Direktorat Jenderal Kependudukan dan Pencatatan Sipil',
  DISDUKCAPIL: 'Dinas Kependudukan dan Pencatatan Sipil',
} as const;

const dots = (count: number): string => '.'.repeat(count);
const grouped = (number: number): string => String(number).replace(/\B(?=(\d{3})+$)/g, '.');
/** More than a page is high, in points: what comes after it begins a page. */
const restOfPage = 1_000;
/** In words as far as official letters need them; beyond that the digits alone. */
const counted = (number: number): string =>
  number <= 9_999 ? `${grouped(number)} (${numberWords(number)})` : grouped(number);

/**
 * Berita acara penyerahan data balikan: what both sides sign when a medium is handed over (O-08, JT 3f). The office fills in its
 * own letter number, day of handing over and names. What is signed stands on one page, how to open the file on another. PDF, A4,
 * Indonesian; the same data give the same bytes.
 *
 * @param options.compress false for tests, so that the text can be read in the file
 */
export async function renderHandover(
  handover: Handover,
  { compress = true }: { compress?: boolean } = {},
): Promise<Buffer> {
  const { number, minutes, createdAt, sha256 } = handover;
  const sheet = new Sheet({ title, author: minutes.institutionName, createdAt }, compress);
  sheet.heading(title.toUpperCase());
  sheet.space(4);
  sheet.centred(`Nomor: ${dots(40)}`);
  sheet.centred(`Paket Media Nomor ${number}`);
  sheet.space();
  sheet.paragraph(
    `Paket ini dibuat pada ${dayInWords(dayOf(createdAt))}, pukul ${clockText(createdAt)}, dan diserahkan pada hari ` +
      `${dots(18)}, tanggal ${dots(30)}, bertempat di ${dots(36)}, oleh dan kepada:`,
  );
  sheet.numbered(
    1,
    `Nama ${dots(40)}, NIP ${dots(30)}, jabatan ${dots(34)}, bertindak untuk dan atas nama ${minutes.institutionName}, ` +
      'selanjutnya disebut PIHAK PERTAMA;',
  );
  sheet.numbered(
    2,
    `Nama ${dots(40)}, NIP ${dots(30)}, jabatan ${dots(34)}, bertindak untuk dan atas nama ` +
      `${recipientNames[minutes.recipient]}, selanjutnya disebut PIHAK KEDUA.`,
  );
  sheet.paragraph(
    'PIHAK PERTAMA menyerahkan kepada PIHAK KEDUA, dan PIHAK KEDUA menerima dari PIHAK PERTAMA, data balikan melalui media ' +
      '(flash disk, CD, atau DVD) sesuai dengan PKS Pasal 3 ayat (2) huruf b dan Petunjuk Teknis angka 3, ' +
      'sebagai berikut:',
  );
  sheet.table(
    [
      { title: 'Keterangan', share: 3 },
      { title: 'Isi', share: 7 },
    ],
    [
      ['Jumlah data balikan', counted(handover.records)],
      ['Lembaga', `${minutes.namaLembaga} (ID lembaga ${minutes.idLembaga})`],
      ['Nama berkas', minutes.fileName],
      ['Ukuran berkas', `${grouped(handover.bytes)} byte`],
      ['Sidik berkas (SHA-256)', sha256],
      ['ID paket', handover.id],
    ],
    0,
  );
  sheet.qr(sha256, { millimetres: 26, caption: 'Sidik berkas sebagai kode QR; sidik berkas pada media harus sama' });
  sheet.signatures(
    'PIHAK KEDUA memberikan tanda terima bernomor dan bertanggal yang menyebut jumlah data yang diterima, jumlah yang ditolak, ' +
      'dan nomor register yang ditolak. Data yang ditolak dikirim kembali setelah diperbaiki. Cara membuka berkas ada pada ' +
      'lampiran. Demikian berita acara ini dibuat dalam rangkap 2 (dua) untuk dipergunakan sebagaimana mestinya.',
    [
      { office: ['PIHAK KEDUA', recipientNames[minutes.recipient]], name: signer },
      { office: ['PIHAK PERTAMA', minutes.institutionName], name: signer },
    ],
  );
  sheet.space(restOfPage);
  sheet.heading('LAMPIRAN: CARA MEMBUKA BERKAS');
  sheet.space();
  for (const [index, text] of howToOpen(minutes).entries()) sheet.numbered(index + 1, text);
  sheet.paragraph('Sidik kunci penanda tangan (SHA-256 kunci publik Ed25519):');
  sheet.centred(minutes.signingKeyId);
  return sheet.finish(`Berita acara penyerahan data balikan, paket nomor ${number}`);
}

const signer = [`(${dots(48)})`, `NIP ${dots(44)}`];

/** For whoever has the secret key in `kunci.txt`, beside the file. */
export const openingCommand = (fileName: string): string =>
  `age --decrypt --identity kunci.txt --output ${fileName.replace(/\.age$/, '')} ${fileName}`;

function howToOpen({ fileName, mediaRecipients }: Minutes): string[] {
  const keys = mediaRecipients.join(', ');
  return [
    `Berkas dienkripsi dengan format age (age-encryption.org/v1) dan hanya dapat dibuka dengan kunci rahasia dari kunci publik ${keys}.`,
    `Cara membuka: ${openingCommand(fileName)}`,
    'Isi: data.json (bentuk layanan web), data.xlsx (lembar kerja), dan manifest.json dengan jumlah, ukuran, dan SHA-256 setiap berkas.',
    'manifest.json ditandatangani: openssl pkeyutl -verify -pubin -inkey manifest.pub -rawin -in manifest.json -sigfile manifest.sig',
  ];
}
