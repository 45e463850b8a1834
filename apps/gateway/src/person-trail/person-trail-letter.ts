import type { PersonTrail } from '#contracts';
import { clockText, dayOf, dayText, Sheet, timeText } from '#paper';
import { elementsWords, maskedNik, outcomeWords, serviceWords } from './person-trail-words.js';

export interface PersonTrailLetter {
  trail: PersonTrail;
  institution: { regionCode: string; address: string | null };
  requestNumber: string;
  /** 16 digits; only the last four are shown. */
  nik: string;
  camat: { name: string; nip: string | null };
}

const title = 'Riwayat Akses Data Kependudukan';

/**
 * The answer to a person who asks who looked at their data (UU 27/2022 art. 32). PDF, A4, Indonesian; the same data give the same
 * bytes.
 * @param options.compress false for tests, so that the text can be read in the file
 */
export async function renderPersonTrail(
  letter: PersonTrailLetter,
  { compress = true }: { compress?: boolean } = {},
): Promise<Buffer> {
  const { trail, requestNumber } = letter;
  const at = new Date(trail.at);
  const sheet = new Sheet({ title, author: trail.institution.name, createdAt: at }, compress);
  sheet.heading(title.toUpperCase());
  sheet.space(4);
  sheet.centred(`Jawaban atas permohonan Nomor ${requestNumber}`);
  sheet.space(14);
  sheet.paragraph(`Kepada Yth. Sdr. ${'.'.repeat(70)}`);
  sheet.paragraph(opening(letter));
  table(sheet, trail);
  statements(letter).forEach((text, index) => sheet.numbered(index + 1, text));
  sheet.signatures('Demikian riwayat ini diberikan untuk dipergunakan sebagaimana mestinya.', [
    { office: [], name: [] },
    {
      office: [`${'.'.repeat(20)}, ${dayText(dayOf(at))}`, 'CAMAT', trail.institution.name],
      name: [letter.camat.name, `NIP ${letter.camat.nip ?? '.'.repeat(44)}`],
    },
  ]);
  return sheet.finish(`Riwayat akses data kependudukan, Nomor ${trail.id}`);
}

function opening({ trail, institution, requestNumber, nik }: PersonTrailLetter): string {
  const { name } = trail.institution;
  const address = institution.address === null ? '' : `, beralamat di ${institution.address}`;
  const count = trail.entries.length;
  const found =
    count === 0
      ? 'tidak ada akses yang tercatat.'
      : `tercatat ${count} kali akses, dari yang terbaru, sebagai berikut:`;
  return (
    `Menjawab permohonan Saudara Nomor ${requestNumber}, ${name} (kode wilayah ${institution.regionCode})${address}, ` +
    `menerangkan bahwa menurut catatan pada ${timeText(new Date(trail.at))} atas data kependudukan dengan NIK ` +
    `${maskedNik(nik)} melalui kantor ini ${found}`
  );
}

function table(sheet: Sheet, { entries }: PersonTrail): void {
  if (entries.length === 0) return;
  sheet.table(
    [
      { title: 'Waktu', share: 3 },
      { title: 'Kantor', share: 4 },
      { title: 'Layanan', share: 4 },
      { title: 'Nomor berkas', share: 4 },
      { title: 'Unsur data', share: 4 },
      { title: 'Hasil', share: 4 },
    ],
    entries.map((entry) => [
      shortTime(new Date(entry.at)),
      entry.office,
      serviceWords(entry),
      entry.reference,
      elementsWords(entry),
      outcomeWords(entry),
    ]),
    0,
  );
}

/** `21-11-2026 00.30 WIB` */
const shortTime = (at: Date): string => `${dayOf(at).split('-').reverse().join('-')} ${clockText(at)}`;

function statements({ trail }: PersonTrailLetter): string[] {
  return [
    'Data kependudukan itu sendiri tidak disimpan di kantor ini. Yang dicatat hanyalah waktu, kantor, layanan, nomor berkas, ' +
      'unsur data yang diminta, dan hasilnya. Pencatatan itu diwajibkan oleh Pasal 31 Undang-Undang Nomor 27 Tahun 2022 tentang ' +
      'Pelindungan Data Pribadi, dan riwayat ini diberikan berdasarkan Pasal 32 undang-undang tersebut.',
    'Unsur data yang tertulis adalah yang diminta. Unsur itu hanya diperlihatkan kepada petugas bila hasilnya "Data ditampilkan".',
    ...(trail.complete
      ? []
      : [
          'Riwayat ini tidak lengkap: hanya 1.000 akses terbaru yang dimuat, atau ada perjanjian terdahulu yang telah ditutup dan ' +
            'kuncinya dimusnahkan, sehingga akses menurut perjanjian itu tidak dapat lagi dihubungkan dengan NIK siapa pun.',
        ]),
    `Pemberian riwayat ini tercatat dalam catatan bukti yang tidak dapat diubah, dengan nomor ${trail.id}.`,
  ];
}
