import { dayInWords, numberWords } from '#paper';
import { blank, grouped, text, type Paper } from '../paper/paper.js';
import type { LetterFacts, LetterOf } from '../facts.js';
import { agreementWords, camatSignature, disdukcapil, officeWords } from './words.js';

/** O-08, JT 3f: minutes of the handing over of a medium, signed by both sides. */
export function dataBalikanHandover(letter: LetterOf<'DATA_BALIKAN_HANDOVER'>, facts: LetterFacts): Paper {
  const { records } = letter;
  return {
    head: { title: 'Berita Acara Serah Terima Data Balikan' },
    blocks: [
      text(`Pada ${dayInWords(facts.on)}, bertempat di ${blank(36)}, yang bertanda tangan di bawah ini:`),
      {
        kind: 'items',
        items: [
          `${facts.camat?.name ?? blank()}, NIP ${facts.camat?.nip ?? blank(30)}, bertindak untuk dan atas nama ${officeWords(facts)}, selanjutnya disebut PIHAK PERTAMA;`,
          `${blank()}, NIP ${blank(30)}, jabatan ${blank(34)}, bertindak untuk dan atas nama ${disdukcapil}, selanjutnya disebut PIHAK KEDUA.`,
        ],
      },
      text(
        `PIHAK PERTAMA menyerahkan kepada PIHAK KEDUA, dan PIHAK KEDUA menerima dari PIHAK PERTAMA, data balikan sesuai dengan ${agreementWords(facts)}, Pasal 3 ayat (2) huruf b dan Petunjuk Teknis angka 3, sebagai berikut:`,
      ),
      {
        kind: 'table',
        columns: [
          { title: 'Keterangan', share: 3 },
          { title: 'Isi', share: 7 },
        ],
        rows: [
          ['Media', letter.medium],
          ['Nomor paket', String(letter.packageNumber)],
          [
            'Jumlah data balikan',
            records <= 9_999 ? `${grouped(records)} (${numberWords(records)})` : grouped(records),
          ],
          ['Sidik berkas (SHA-256)', letter.sha256],
        ],
      },
      text(
        'PIHAK KEDUA mencocokkan sidik berkas pada media dengan yang tertulis di atas, dan memberikan tanda terima yang menyebut jumlah data yang diterima dan yang ditolak. Data yang ditolak dikirim kembali setelah diperbaiki.',
      ),
      text('Demikian berita acara ini dibuat dalam rangkap 2 (dua) untuk dipergunakan sebagaimana mestinya.'),
    ],
    signatures: [
      { office: ['PIHAK KEDUA,', disdukcapil], name: null, nip: null },
      camatSignature(facts, { office: ['PIHAK PERTAMA,', ...camatSignature(facts).office] }),
    ],
    copies: [],
    annexes: [],
  };
}
