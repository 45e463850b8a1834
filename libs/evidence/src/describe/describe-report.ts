import { type Finding } from '../verify/findings.js';
import { printable } from '../verify/printable.js';
import { type Report } from '../verify/report.js';
import { momentInWords, numberInWords, typeNames, type Language } from './words.js';

const texts = {
  id: {
    title: 'PEMERIKSAAN BUKTI AKSES DATA KEPENDUDUKAN',
    institution: 'Instansi',
    log: 'Catatan',
    exported: 'Diekspor',
    period: 'Waktu',
    to: 'sampai',
    events: 'Peristiwa',
    numbers: (from: string, to: string) => `nomor ${from} sampai ${to}`,
    checkpoints: 'Titik periksa',
    last: 'Yang terakhir',
    lastOf: (size: string, at: string) => `${size} peristiwa, ditandatangani ${at}`,
    root: 'Sidik akar',
    key: 'Kunci',
    pinned: 'dari penilai',
    unpinned: 'dari berkas ini sendiri',
    checked:
      'Yang diperiksa: isi, jumlah dan urutan setiap peristiwa, waktunya, tanda tangan titik periksa, dan kesinambungan riwayat.',
    good: 'HASIL: UTUH. Tidak ditemukan perubahan.',
    goodUnpinned:
      'HASIL: UTUH, TETAPI KUNCI BELUM DICOCOKKAN. Berkas cocok dengan dirinya sendiri; siapa penanda tangannya baru pasti bila kunci di atas sama dengan kunci yang diberitahukan kantor secara tertulis.',
    bad: (count: string) => `HASIL: TIDAK UTUH. Ditemukan ${count} masalah.`,
    more: (count: string) => `dan ${count} lagi`,
    notices: 'Perlu diketahui:',
    unsigned: 'Nama instansi dan waktu ekspor tidak ditandatangani.',
  },
  en: {
    title: 'CHECK OF THE EVIDENCE OF ACCESS',
    institution: 'Institution',
    log: 'Log',
    exported: 'Exported',
    period: 'Time',
    to: 'to',
    events: 'Events',
    numbers: (from: string, to: string) => `numbers ${from} to ${to}`,
    checkpoints: 'Checkpoints',
    last: 'The last one',
    lastOf: (size: string, at: string) => `${size} events, signed ${at}`,
    root: 'Root hash',
    key: 'Key',
    pinned: 'given by the evaluator',
    unpinned: 'from the bundle itself',
    checked:
      'Checked: content, number and order of all events, their times, the signatures of the checkpoints, and that the history is one.',
    good: 'RESULT: INTACT. No change was found.',
    goodUnpinned:
      'RESULT: INTACT, BUT THE KEY WAS NOT COMPARED. The bundle agrees with itself; who signed it is certain only if the key above is the one that the office told on paper.',
    bad: (count: string) => `RESULT: NOT INTACT. ${count} findings.`,
    more: (count: string) => `and ${count} more`,
    notices: 'To be known:',
    unsigned: 'The name of the institution and the time of the export are not signed.',
  },
};

/** The report as an official reads it: plain text, lines end with a newline. */
export function describeReport(report: Report, language: Language = 'id'): string {
  const words = texts[language];
  const number = (value: number) => numberInWords(value, language);
  const row = (label: string, value: string) => `${label.padEnd(14)}: ${value}`;
  const lines = [words.title, ''];
  if (report.origin !== null) {
    const { institution, lastCheckpoint } = report;
    const name = institution?.name == null ? '' : `${printable(institution.name, 120)} `;
    lines.push(
      row(words.institution, `${name}(${printable(institution?.id ?? '-', 60)})`),
      row(words.log, printable(report.origin, 200)),
      row(words.exported, printable(momentInWords(report.exportedAt, language), 60)),
      row(
        words.period,
        `${momentInWords(report.firstAt, language)} ${words.to} ${momentInWords(report.lastAt, language)}`,
      ),
      row(words.events, eventsInWords(report, language)),
      ...Object.entries(report.byType).map(
        ([type, count]) => `  ${(typeNames[language][type] ?? type).padEnd(32)}${number(count).padStart(10)}`,
      ),
      row(words.checkpoints, number(report.checkpoints)),
    );
    if (lastCheckpoint !== null) {
      const signedAt = momentInWords(lastCheckpoint.time, language);
      lines.push(
        row(words.last, words.lastOf(number(lastCheckpoint.size), signedAt)),
        row(words.root, lastCheckpoint.root),
      );
    }
    const source = report.isKeyPinned ? words.pinned : words.unpinned;
    lines.push(row(words.key, `${report.keyIds.join(', ') || '-'} (${source})`), '', words.checked, words.unsigned);
  }
  lines.push('', verdict(report, language));
  for (const [name, findings] of byName(report.findings)) {
    const count = report.findingsByName[name] ?? findings.length;
    lines.push('', `${name} (${number(count)})`, ...findings.map((finding) => sentence(finding, language)));
    if (count > findings.length) lines.push(`  … ${words.more(number(count - findings.length))}`);
  }
  if (report.notices.length > 0) {
    lines.push('', words.notices, ...report.notices.map((notice) => sentence(notice, language)));
  }
  return `${lines.join('\n')}\n`;
}

/** One sentence. */
export function verdict(report: Report, language: Language = 'id'): string {
  const words = texts[language];
  if (!report.ok) return words.bad(numberInWords(report.findingCount, language));
  return report.isKeyPinned ? words.good : words.goodUnpinned;
}

function eventsInWords({ leaves, from, to }: Report, language: Language): string {
  const [count, first, last] = [leaves, from, to - 1].map((value) => numberInWords(value, language));
  return to > from ? `${count} (${texts[language].numbers(first!, last!)})` : count!;
}

function sentence({ detail, pesan }: Finding, language: Language): string {
  return `  - ${language === 'id' ? pesan : detail}`;
}

function byName(findings: readonly Finding[]): Map<Finding['name'], Finding[]> {
  const groups = new Map<Finding['name'], Finding[]>();
  for (const finding of findings) groups.set(finding.name, [...(groups.get(finding.name) ?? []), finding]);
  return groups;
}
