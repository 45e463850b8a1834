import { timeText } from '#paper';
import { blank, heading, items, rows, text, type Paper } from '../paper/paper.js';
import type { LetterFacts, LetterOf } from '../facts.js';
import { camatSignature, disdukcapil, officeWords } from './words.js';

/** Within 3x24 hours (UU 27/2022 art. 46(1)). */
const hours = 72;

/** O-24: which data, when and how, and what is done (UU 27/2022 art. 46(2)); to the person and to the authority. */
export function breachNotice(letter: LetterOf<'BREACH_NOTICE'>, facts: LetterFacts): Paper {
  const { duty } = facts;
  const due = duty && new Date(duty.receivedAt.getTime() + hours * 3_600_000);
  return {
    head: {
      nature: 'Sangat Segera',
      attachments: '-',
      subject: 'Pemberitahuan Kegagalan Pelindungan Data Pribadi',
      recipients: [
        'Subjek Data Pribadi yang bersangkutan; dan',
        'Lembaga yang menyelenggarakan pelindungan data pribadi',
      ],
    },
    blocks: [
      text(
        `Berdasarkan Pasal 46 Undang-Undang Nomor 27 Tahun 2022 tentang Pelindungan Data Pribadi, ${officeWords(facts)} memberitahukan bahwa telah terjadi kegagalan pelindungan data pribadi, sebagai berikut:`,
      ),
      rows(
        ['Nomor kejadian', duty?.number ?? blank()],
        ['Diketahui pada', duty ? timeText(duty.receivedAt) : blank()],
        ['Batas pemberitahuan', due ? `${timeText(due)} (3 x 24 jam)` : blank()],
      ),
      heading('Data pribadi yang terungkap'),
      text(letter.what),
      heading('Kapan dan bagaimana data pribadi terungkap'),
      text(`Kejadian: ${timeText(new Date(letter.happenedAt))}.`),
      text(letter.how),
      heading('Upaya penanganan dan pemulihan'),
      text(letter.measures),
      text('Keterangan lebih lanjut dapat diminta dengan menyebut nomor surat ini. Subjek Data Pribadi berhak:'),
      items(
        'memperoleh keterangan tentang siapa yang mengakses datanya melalui kantor kami;',
        'menyampaikan keberatan atau pengaduan kepada kantor kami dan kepada lembaga yang berwenang.',
      ),
      text('Demikian pemberitahuan ini disampaikan untuk menjadi perhatian.'),
    ],
    signatures: [camatSignature(facts)],
    copies: [`Kepala ${disdukcapil}.`, 'Bupati/Wali Kota melalui Sekretaris Daerah.', 'Arsip.'],
    annexes: [],
  };
}
