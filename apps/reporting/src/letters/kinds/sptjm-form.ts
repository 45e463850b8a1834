import { blank, items, rows, text, type Paper } from '../paper/paper.js';
import type { LetterFacts, LetterOf } from '../facts.js';
import { agreementWords, camatSignature, declarant } from './words.js';

/** O-09: what the Camat signs before the office may look anybody up (PKS 3(2)c). */
export function sptjmForm(_letter: LetterOf<'SPTJM_FORM'>, facts: LetterFacts): Paper {
  return {
    head: { title: 'Surat Pernyataan Tanggung Jawab Mutlak' },
    blocks: [
      text('Yang bertanda tangan di bawah ini:'),
      rows(...declarant(facts, blank())),
      text(
        `selaku penanggung jawab hak akses data kependudukan berdasarkan ${agreementWords(facts)}, dengan ini menyatakan dengan ` +
          'sesungguhnya bahwa saya:',
      ),
      items(
        'bertanggung jawab mutlak atas penggunaan hak akses, User ID, dan data kependudukan oleh seluruh petugas di kantor kami, serta menjaga kerahasiaan, keutuhan, dan kebenaran data tersebut;',
        'menjaga kerahasiaan API hak akses, IP LAN, User ID, pengguna VPN, alamat server, dan kata sandi;',
        'tidak menyimpan data kependudukan yang diakses dan tidak memberikannya kepada pihak lain, juga setelah perjanjian berakhir;',
        'menggunakan data hanya untuk pelayanan yang diperjanjikan, dan menerima pencabutan hak akses serta akibat hukum menurut peraturan perundang-undangan apabila pernyataan ini dilanggar.',
      ),
      text(
        'Demikian pernyataan ini dibuat dengan sebenarnya, dalam keadaan sadar dan tanpa paksaan, untuk dipergunakan sebagaimana mestinya.',
      ),
    ],
    signatures: [camatSignature(facts, { dutyStamp: true })],
    copies: [],
    annexes: [],
  };
}
