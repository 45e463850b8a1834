import type { RegisterSam } from '#contracts';
import { dayText, numberWords } from '#paper';
import { text, type Paper } from '../paper/paper.js';
import type { LetterFacts, LetterOf } from '../facts.js';
import { agreementWords, camatSignature, closing, recipientOf } from './words.js';

const stateWords: Record<RegisterSam['state'], string> = {
  REQUESTED: 'Dimohonkan',
  PERSONALISED: 'Sudah dipersonalisasi',
  ACTIVE: 'Aktif',
  RETURNED: 'Dikembalikan',
  DEACTIVATED: 'Dinonaktifkan',
};

/** O-13: the configuration files go back, and the cards are deactivated. */
export function samConfigurationReturn({ samIds }: LetterOf<'SAM_CONFIGURATION_RETURN'>, facts: LetterFacts): Paper {
  const { register } = facts;
  const count = samIds.length;
  return {
    head: {
      nature: 'Penting',
      attachments: `${count} (${numberWords(count)}) file konfigurasi SAM`,
      subject: 'Pengembalian File Konfigurasi SAM',
      recipients: [recipientOf(facts)],
    },
    blocks: [
      text(
        `Sehubungan dengan ${agreementWords(facts)}, bersama ini kami kembalikan file konfigurasi Secure Access Module (SAM) ` +
          'perangkat pembaca KTP-el berikut untuk dinonaktifkan melalui aplikasi SIFILMA:',
      ),
      {
        kind: 'table',
        columns: [
          { title: 'No.', share: 3 },
          { title: 'Nomor SIFILMA', share: 9 },
          { title: 'Nomor Seri SAM', share: 9 },
          { title: 'Surat Permohonan', share: 12 },
          { title: 'Perangkat Pembaca', share: 12 },
          { title: 'Keadaan', share: 9 },
        ],
        rows: samIds.map((id, index) => {
          const sam = register.sams.find((one) => one.id === id);
          const reader = register.readers.find(({ samId }) => samId === id);
          return [
            String(index + 1),
            sam?.sifilmaNumber ?? '-',
            sam?.serial ?? '-',
            sam ? `${sam.letterNumber}, ${dayText(sam.letterDate)}` : '-',
            reader ? `${reader.brand} ${reader.type}, nomor seri ${reader.serial} (${reader.workUnit})` : '-',
            sam ? stateWords[sam.state] : '-',
          ];
        }),
      },
      text(
        'Kami menyatakan tidak menyimpan salinan file konfigurasi tersebut, dan SAM tidak digunakan lagi sejak tanggal surat ini. ' +
          'Mohon tanda terima pengembalian dan berita acara penonaktifan.',
      ),
      text(closing),
    ],
    signatures: [camatSignature(facts)],
    copies: ['Arsip.'],
    annexes: [],
  };
}
