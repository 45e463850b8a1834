import type { ClosingStepName, Role } from '#contracts';
import { clockText, dayInWords, dayOf, dayText, numberWords, Sheet, timeText } from '#paper';

/** Whoever took part in the closure, and when. */
export interface ClosingPerson {
  /** null: the command line of the server. */
  name: string | null;
  role: Role | null;
  at: Date;
}

/** What stands in the berita acara; days are `YYYY-MM-DD` in Asia/Jakarta. */
export interface ClosingStatementData {
  institution: { name: string; regionCode: string; address: string | null };
  agreement: {
    number: string;
    counterpartNumber: string | null;
    validFrom: string;
    validUntil: string;
    /** How many: the agreement itself and its addenda. */
    versions: number;
    /** null: its term was over. */
    termination: { at: Date; reason: string } | null;
  };
  steps: readonly {
    step: ClosingStepName;
    applicable: boolean;
    receiptNumber: string | null;
    doneOn: string | null;
    note: string | null;
  }[];
  destroyedKeys: readonly { name: string; at: Date }[];
  proposed: ClosingPerson;
  approved: ClosingPerson;
  /** Of the acts in the record of administration, oldest first. */
  events: readonly { id: string; act: string }[];
  closedAt: Date;
}

const roleNames: Record<Role, string> = {
  operator: 'Operator',
  camat: 'Camat',
  admin: 'Admin kecamatan',
  evaluator: 'Evaluator Disdukcapil',
};

const stepNames: Record<ClosingStepName, string> = {
  DATA_BALIKAN_DELIVERED: 'Penyerahan data balikan',
  SAM_RETURNED: 'Pengembalian kartu SAM beserta berkas konfigurasinya',
  FINAL_REPORT: 'Penyerahan laporan akhir',
  KEYS_DESTROYED: 'Pemusnahan kunci',
};

/**
 * Berita acara penutupan akses: what Camat and Disdukcapil sign when an agreement is closed (O-15, O-18). PDF, A4, Indonesian;
 * the same data give the same bytes.
 * @param options.compress false for tests, so that the text can be read in the file
 */
export async function renderClosingStatement(
  data: ClosingStatementData,
  { compress = true }: { compress?: boolean } = {},
): Promise<Buffer> {
  const { institution, agreement, closedAt } = data;
  const title = 'Berita Acara Penutupan Akses Data Kependudukan';
  const sheet = new Sheet({ title, author: institution.name, createdAt: closedAt }, compress);
  sheet.heading(title.toUpperCase());
  sheet.space(4);
  sheet.centred(`Perjanjian Kerja Sama ${numbersOf(data)}`);
  sheet.space(14);
  sheet.paragraph(opening(data));
  statements(data).forEach(({ text, more }, index) => {
    sheet.numbered(index + 1, text);
    more?.(sheet);
  });
  sheet.signatures('Demikian berita acara ini dibuat dengan sebenarnya untuk dipergunakan sebagaimana mestinya.', [
    { office: ['CAMAT', institution.name], name: signatory(data, 'camat') },
    { office: ['DINAS KEPENDUDUKAN', 'DAN PENCATATAN SIPIL'], name: signatory(data, 'evaluator') },
  ]);
  return sheet.finish(`Berita acara penutupan akses, Perjanjian Nomor ${agreement.number}`);
}

const numbersOf = ({ agreement: { number, counterpartNumber } }: ClosingStatementData): string =>
  `Nomor ${number}${counterpartNumber === null ? '' : ` dan Nomor ${counterpartNumber}`}`;

function opening(data: ClosingStatementData): string {
  const { institution, agreement, closedAt } = data;
  const address = institution.address === null ? '' : `, beralamat di ${institution.address}`;
  return (
    `Pada ${dayInWords(dayOf(closedAt))}, pukul ${clockText(closedAt)}, akses data kependudukan ` +
    `${institution.name} (kode wilayah ${institution.regionCode})${address}, berdasarkan Perjanjian Kerja Sama ` +
    `${numbersOf(data)} yang berlaku dari tanggal ${dayText(agreement.validFrom)} sampai dengan tanggal ` +
    `${dayText(agreement.validUntil)} dan terdiri atas ${agreement.versions} (${numberWords(agreement.versions)}) ` +
    'versi ketentuan, telah ditutup dengan keterangan sebagai berikut:'
  );
}

interface Statement {
  text: string;
  more?: (sheet: Sheet) => void;
}

function statements(data: ClosingStatementData): Statement[] {
  return [
    { text: endOf(data) },
    {
      text:
        `Seluruh akses data kependudukan berdasarkan Perjanjian telah ditutup terhitung sejak ${timeText(data.closedAt)} ` +
        'dan tidak dapat dibuka kembali. Akses baru hanya dapat diberikan berdasarkan perjanjian baru.',
    },
    {
      text:
        'Data kependudukan yang pernah diakses tidak disimpan dalam bentuk apa pun, sesuai dengan PKS Pasal 3 ayat (2) ' +
        'huruf i dan Pasal 4 ayat (1) huruf c, SPTJM angka 1 dan 2, serta pernyataan kerahasiaan setiap operator (O-15). ' +
        'Kewajiban menjaga kerahasiaan tetap berlaku setelah Perjanjian berakhir.',
    },
    keysOf(data),
    { text: 'Langkah penutupan telah dilaksanakan sebagai berikut:', more: (sheet) => stepsTable(sheet, data) },
    {
      text: `Penutupan diusulkan oleh ${personText(data.proposed)} dan disetujui oleh ${personText(data.approved)}.`,
    },
    ...(data.events.length === 0 ? [] : [eventsOf(data)]),
  ];
}

function endOf({ agreement: { termination, validUntil } }: ClosingStatementData): string {
  if (!termination) return `Perjanjian berakhir karena jangka waktunya selesai pada tanggal ${dayText(validUntil)}.`;
  const reason = termination.reason.replace(/[.\s]+$/, '');
  return `Perjanjian diakhiri sebelum jangka waktunya selesai, pada ${timeText(termination.at)}, dengan alasan: ${reason}.`;
}

function keysOf({ destroyedKeys }: ClosingStatementData): Statement {
  if (destroyedKeys.length === 0)
    return { text: 'Tidak ada kunci yang tersimpan untuk Perjanjian ini, sehingga tidak ada yang perlu dimusnahkan.' };
  return {
    text:
      `Sebanyak ${destroyedKeys.length} kunci Perjanjian telah dimusnahkan dan tidak dapat dipulihkan, sehingga NIK dalam ` +
      'catatan akses tidak dapat dikenali lagi dan hak akses dari Kementerian tidak dapat dibaca lagi:',
    more: (sheet) =>
      sheet.table(
        [
          { title: 'Kunci', share: 6 },
          { title: 'Dimusnahkan', share: 5 },
        ],
        destroyedKeys.map(({ name, at }) => [name, timeText(at)]),
      ),
  };
}

function eventsOf({ events }: ClosingStatementData): Statement {
  return {
    text: 'Tindakan tersebut tercatat dalam catatan administrasi yang tidak dapat diubah, dengan nomor peristiwa:',
    more: (sheet) =>
      sheet.table(
        [
          { title: 'Tindakan', share: 4 },
          { title: 'Nomor peristiwa', share: 6 },
        ],
        events.map(({ act, id }) => [act, id]),
      ),
  };
}

function stepsTable(sheet: Sheet, { steps }: ClosingStatementData): void {
  sheet.table(
    [
      { title: 'No.', share: 1 },
      { title: 'Langkah', share: 5 },
      { title: 'Tanda terima', share: 4 },
      { title: 'Tanggal', share: 4 },
      { title: 'Keterangan', share: 6 },
    ],
    steps.map(({ step, applicable, receiptNumber, doneOn, note }, index) => [
      `${index + 1}.`,
      stepNames[step],
      applicable ? (receiptNumber ?? '-') : 'tidak berlaku',
      doneOn === null ? '-' : dayText(doneOn),
      note ?? '-',
    ]),
  );
}

function personText({ name, role, at }: ClosingPerson): string {
  const who = name === null ? 'pengelola server melalui baris perintah' : name;
  return `${who}${role === null ? '' : ` (${roleNames[role]})`} pada tanggal ${timeText(at)}`;
}

/** Whoever decided with that role signs; otherwise the name is filled in by hand. */
function signatory({ proposed, approved }: ClosingStatementData, role: Role): string[] {
  const person = [approved, proposed].find((candidate) => candidate.role === role);
  return [person?.name ?? `(${'.'.repeat(48)})`, `NIP ${'.'.repeat(44)}`];
}
