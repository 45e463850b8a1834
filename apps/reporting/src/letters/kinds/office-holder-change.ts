import type { RegisterPerson } from '#contracts';
import { dayText } from '#paper';
import { blank, heading, items, rows, text, type Block, type Paper } from '../paper/paper.js';
import type { LetterFacts, LetterOf } from '../facts.js';
import { agreementWords, camatSignature, closing, recipientOf } from './words.js';

/** O-22: a change of office-holder, with its supporting documents. */
export function officeHolderChange(letter: LetterOf<'OFFICE_HOLDER_CHANGE'>, facts: LetterFacts): Paper {
  const [leaving, coming] = [facts.people.get(letter.leavingId), facts.people.get(letter.comingId)];
  const isCamat = coming?.role === 'camat';
  return {
    head: {
      nature: 'Penting',
      attachments: '1 (satu) berkas',
      subject: 'Pemberitahuan Pergantian Pejabat',
      recipients: [recipientOf(facts)],
    },
    blocks: [
      text(
        `Sehubungan dengan ${agreementWords(facts)}, bersama ini diberitahukan bahwa berdasarkan Keputusan Nomor ` +
          `${letter.decree}, terhitung mulai tanggal ${dayText(letter.from)} terdapat pergantian pejabat sebagai berikut:`,
      ),
      heading('Pejabat lama'),
      person(leaving),
      heading('Pejabat baru'),
      person(coming),
      text(
        `Terhitung mulai tanggal tersebut, akses pejabat lama berakhir. Pejabat baru menggunakan akses setelah ` +
          `${isCamat ? 'menandatangani Surat Pernyataan Tanggung Jawab Mutlak dan ' : 'menandatangani '}surat pernyataan menjaga kerahasiaan.`,
      ),
      text('Sebagai dokumen pendukung terlampir:'),
      items(
        `Salinan Keputusan Nomor ${letter.decree};`,
        ...(isCamat ? ['Surat Pernyataan Tanggung Jawab Mutlak (SPTJM) pejabat baru;'] : []),
        'Surat pernyataan menjaga kerahasiaan pejabat baru.',
      ),
      text(closing),
    ],
    signatures: [camatSignature(facts)],
    copies: ['Arsip.'],
    annexes: [],
  };
}

const person = (one: RegisterPerson | undefined): Block =>
  rows(
    ['Nama', one?.name ?? blank()],
    ['NIP', one ? (one.nip ?? '-') : blank()],
    ['Jabatan', one?.position ?? blank()],
    ['User ID lokal', one?.userIdLokal ?? blank()],
  );
