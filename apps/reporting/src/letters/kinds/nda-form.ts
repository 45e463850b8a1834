import { blank, items, rows, text, type Paper } from '../paper/paper.js';
import type { LetterFacts, LetterOf } from '../facts.js';
import { agreementWords, camatSignature, officeWords } from './words.js';

/** O-17: what every operator signs before the first look-up. */
export function ndaForm({ operatorId }: LetterOf<'NDA_FORM'>, facts: LetterFacts): Paper {
  const person = facts.people.get(operatorId);
  return {
    head: { title: 'Surat Pernyataan Menjaga Kerahasiaan' },
    blocks: [
      text('Yang bertanda tangan di bawah ini:'),
      rows(
        ['Nama', person?.name ?? blank()],
        ['NIP', person ? (person.nip ?? '-') : blank()],
        ['Jabatan', person?.position ?? blank()],
        ['User ID lokal', person?.userIdLokal ?? blank()],
        ['Kantor', officeWords(facts)],
      ),
      text(
        `selaku petugas yang menggunakan hak akses data kependudukan berdasarkan ${agreementWords(facts)}, dengan ini menyatakan bahwa saya:`,
      ),
      items(
        'menjaga kerahasiaan data kependudukan yang saya akses, dan menggunakannya hanya untuk pelayanan yang sedang saya kerjakan;',
        'tidak menyimpan, menyalin, memotret, atau mencetak data tersebut, dan tidak memberikannya kepada pihak lain;',
        'menjaga kerahasiaan API hak akses, IP LAN, User ID, pengguna VPN, alamat server, dan kata sandi, serta tidak meminjamkan User ID lokal saya;',
        'mengetahui bahwa setiap pemeriksaan yang saya lakukan dicatat dan dapat dievaluasi;',
        'tetap terikat pada pernyataan ini setelah tidak lagi bertugas dan setelah perjanjian berakhir;',
        'bersedia menerima akibat hukum menurut peraturan perundang-undangan apabila melanggar pernyataan ini.',
      ),
      text('Demikian pernyataan ini dibuat dengan sebenarnya untuk dipergunakan sebagaimana mestinya.'),
    ],
    signatures: [
      camatSignature(facts, { office: ['Mengetahui,', ...camatSignature(facts).office] }),
      {
        office: ['Yang menyatakan,'],
        name: person?.name ?? null,
        nip: person ? (person.nip ?? '-') : null,
        dutyStamp: true,
      },
    ],
    copies: [],
    annexes: [],
  };
}
