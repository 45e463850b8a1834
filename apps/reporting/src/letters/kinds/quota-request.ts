import { dayText } from '#paper';
import { jakartaDay } from '#report';
import { grouped, heading, items, rows, text, type Block, type Paper } from '../paper/paper.js';
import { agreementOn, quotaOn, type LetterFacts, type LetterOf } from '../facts.js';
import { technicalStudy, type TechnicalStudy, type Trend } from './technical-study.js';
import { agreementWords, camatSignature, closing, officeWords, recipientOf } from './words.js';

type Request = LetterOf<'QUOTA_REQUEST'>;

/** O-04: a larger quota, with the technical study behind it. */
export function quotaRequest(letter: Request, facts: LetterFacts): Paper {
  const { register, on, figures } = facts;
  if (!figures) throw new Error('a technical study without figures');
  const agreement = agreementOn(register.agreements, on);
  const quota = agreement ? quotaOn(agreement, on) : null;
  const study = technicalStudy(figures.lookUps.days, register.agreements, letter, jakartaDay(figures.at));
  const { total } = study;
  return {
    head: {
      nature: 'Penting',
      attachments: '1 (satu) berkas',
      subject: 'Permohonan Penambahan Kuota Akses NIK',
      recipients: [recipientOf(facts)],
    },
    blocks: [
      text(
        `Berdasarkan ${agreementWords(facts)}, ${officeWords(facts)} ` +
          `${quota === null ? '' : `memperoleh kuota ${grouped(quota)} pemeriksaan NIK per hari. Bersama ini kami `}` +
          `mengajukan permohonan agar kuota tersebut menjadi ${grouped(letter.wantedQuota)} pemeriksaan NIK per hari.`,
      ),
      text('Sebagai pertimbangan:'),
      items(
        `pada ${periodWords(letter)}, 95% dari hari-hari perjanjian memerlukan paling banyak ${grouped(total.p95)} pemeriksaan per hari;`,
        total.refused === 0
          ? 'kuota belum pernah habis, dan tidak ada pemeriksaan yang ditolak karenanya;'
          : `kuota habis pada ${grouped(total.exhaustedDays)} hari, sehingga ${grouped(total.refused)} pemeriksaan untuk pelayanan warga ditolak;`,
        forecastWords(study.trend, quota),
      ),
      text(`Alasan kebutuhan: ${letter.reasons}`),
      text('Kajian teknis terlampir.'),
      text(closing),
    ],
    signatures: [camatSignature(facts)],
    copies: ['Arsip.'],
    annexes: [{ title: 'Kajian Teknis Kebutuhan Kuota', landscape: false, blocks: annex(letter, study, quota, facts) }],
  };
}

function annex(letter: Request, study: TechnicalStudy, quota: number | null, { figures }: LetterFacts): Block[] {
  const { total, months, trend } = study;
  const last = figures?.checkpoints.at(-1);
  return [
    heading('1. Dasar penghitungan'),
    text(
      `Angka dihitung dari catatan bukti akses pada ${periodWords(letter)}, sampai dengan checkpoint ${last?.origin ?? ''} ukuran ${last ? grouped(last.size) : ''}, ` +
        'dan dapat dihitung ulang dari catatan itu. Hari tanpa pemeriksaan ikut dihitung. p95 adalah jumlah pemeriksaan per hari yang tidak dilampaui pada 95% dari hari-hari perjanjian.',
    ),
    heading('2. Ringkasan'),
    rows(
      ['Hari perjanjian', `${grouped(total.days)} hari`],
      ['Kuota sekarang', quota === null ? '-' : `${grouped(quota)} pemeriksaan per hari`],
      ['Terpakai', `${grouped(total.used)} dari ${grouped(total.granted)} pemeriksaan`],
      ['p95 per hari', `${grouped(total.p95)} pemeriksaan`],
      [
        'Hari tersibuk',
        total.peak === null ? '-' : `${dayText(total.peak.day)}, ${grouped(total.peak.hits)} pemeriksaan`,
      ],
      ['Hari kuota habis', `${grouped(total.exhaustedDays)} hari`],
      ['Pemeriksaan ditolak', `${grouped(total.refused)} pemeriksaan karena kuota habis`],
      ['Kuota yang diminta', `${grouped(letter.wantedQuota)} pemeriksaan per hari`],
    ),
    heading('3. Pemakaian setiap bulan'),
    {
      kind: 'table',
      columns: [
        { title: 'Bulan', share: 5 },
        { title: 'Hari perjanjian', share: 4, right: true },
        { title: 'Terpakai', share: 3, right: true },
        { title: 'p95 per hari', share: 3, right: true },
        { title: 'Hari tersibuk', share: 3, right: true },
        { title: 'Hari kuota habis', share: 3, right: true },
        { title: 'Ditolak', share: 3, right: true },
      ],
      rows: months.map(({ month, days, used, p95, peak, exhaustedDays, refused }) => [
        monthText(month),
        ...[days, used, p95, peak?.hits ?? 0, exhaustedDays, refused].map(grouped),
      ]),
    },
    heading('4. p95 per hari dibandingkan dengan kuota'),
    {
      kind: 'bars',
      bars: [
        ...months.map(({ month, p95 }) => ({ label: monthText(month), value: p95 })),
        ...(quota === null ? [] : [{ label: 'Kuota sekarang', value: quota, reference: true }]),
        { label: 'Kuota yang diminta', value: letter.wantedQuota, reference: true },
      ],
    },
    heading('5. Perkiraan kebutuhan'),
    text(`${capital(forecastWords(trend, quota))} ${methodWords(trend)}`),
    heading('6. Alasan kebutuhan'),
    text(letter.reasons),
  ];
}

/** Of the last month that is looked ahead to, and of the first in which the quota does not do any more. */
function forecastWords(trend: Trend | null, quota: number | null): string {
  const last = trend?.ahead.at(-1);
  if (!trend || !last) return 'perkiraan tidak dibuat, karena bulan perjanjian yang utuh kurang dari tiga.';
  const over = quota === null ? undefined : trend.ahead.find(({ p95 }) => p95 > quota);
  const exceeds = over ? `, dan melampaui kuota sekarang mulai ${monthText(over.month)}` : '';
  return `menurut kecenderungannya, p95 pada ${monthText(last.month)} diperkirakan ${grouped(last.p95)} pemeriksaan per hari${exceeds}.`;
}

function methodWords(trend: Trend | null): string {
  if (!trend) return '';
  const tenths = Math.round(Math.abs(trend.slope) * 10) / 10;
  const change =
    tenths === 0 ? 'tetap' : `${trend.slope > 0 ? 'naik' : 'turun'} rata-rata ${decimal(tenths)} per bulan`;
  return `Perkiraan adalah garis lurus (kuadrat terkecil) melalui p95 dari ${trend.months} bulan yang utuh, yang ${change}, diteruskan dua belas bulan.`;
}

const decimal = (tenths: number): string => {
  const [whole, part] = tenths.toFixed(1).split('.');
  return part === '0' ? grouped(Number(whole)) : `${grouped(Number(whole))},${part}`;
};
const periodWords = ({ from, until }: Request): string => `masa ${dayText(from)} sampai dengan ${dayText(until)}`;
/** `Maret 2026` */
const monthText = (month: string): string => dayText(`${month}-01`).replace(/^1 /, '');
const capital = (words: string): string => words.charAt(0).toUpperCase() + words.slice(1);
