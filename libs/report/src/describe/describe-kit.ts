import { momentInWords, numberInWords, printable, type Language } from '#evidence';
import { dayInWords, kitWords } from './kit-words.js';
import type { KitFinding } from '../kit/findings.js';
import type { KitReport } from '../kit/kit-report.js';

/** What was found in a kit as an official reads it: plain text, lines end with a newline. */
export function describeKit(kit: KitReport, language: Language = 'id'): string {
  const words = kitWords[language];
  const lines = [
    words.title,
    '',
    ...aboutReport(kit, language),
    ...aboutTables(kit, language),
    '',
    kitVerdict(kit, language),
  ];
  for (const [name, findings] of byName(kit.findings)) {
    const count = kit.findingsByName[name] ?? findings.length;
    lines.push('', `${name} (${numberInWords(count, language)})`, ...findings.map((one) => sentence(one, language)));
    if (count > findings.length) lines.push(`  … ${words.more(numberInWords(count - findings.length, language))}`);
  }
  for (const { file, evidence } of kit.bundles) {
    if (evidence.findings.length === 0) continue;
    lines.push('', `${file}:`, ...evidence.findings.map((one) => `${sentence(one, language)} [${one.name}]`));
  }
  if (kit.sample !== null) {
    const [count, population] = [kit.sample.ids.length, kit.sample.population].map((one) =>
      numberInWords(one, language),
    );
    lines.push('', words.sample(count!, population!), ...kit.sample.ids.map((id) => `  ${id}`));
  }
  const notices = [...kit.notices, ...noticesOfEvidence(kit)];
  if (notices.length > 0) lines.push('', words.notices, ...notices.map((one) => sentence(one, language)));
  return `${lines.join('\n')}\n`;
}

/** One sentence. */
export function kitVerdict(kit: KitReport, language: Language = 'id'): string {
  const words = kitWords[language];
  if (!kit.ok) return words.bad(numberInWords(kit.findingCount, language));
  return kit.isKeyPinned ? words.good : words.goodUnpinned;
}

function aboutReport({ report, approval, bundles }: KitReport, language: Language): string[] {
  const words = kitWords[language];
  const row = (label: string, value: string) => `${label.padEnd(14)}: ${printable(value, 240)}`;
  if (report === null) return [];
  const { institution, period, version, type, asOf, contentHash } = report;
  const keys = [...new Set(bundles.flatMap(({ evidence }) => evidence.keyIds))].join(', ') || '-';
  const by = approval && (approval.by === null ? '' : ` (${approval.by})`);
  return [
    row(words.institution, `${institution.name} (${institution.id})`),
    row(words.report, `${words.types[type]}, ${words.version(version)}, ${report.id}`),
    row(words.period, `${dayInWords(period.from, language)} – ${dayInWords(period.until, language)}`),
    row(words.asOf, words.asOfIn(momentInWords(asOf.at, language), numberInWords(asOf.size, language))),
    row(words.log, asOf.origin),
    row(words.hash, contentHash),
    row(words.approved, approval === null ? words.notApproved : `${momentInWords(approval.at, language)}${by}`),
    row(words.key, keys),
  ];
}

/** What was counted anew, and what is only as the office declares it. */
function aboutTables({ tables, opened, register }: KitReport, language: Language): string[] {
  const words = kitWords[language];
  if (tables.length === 0) return [];
  const number = (value: number) => numberInWords(value, language);
  const rows = tables.map(({ path, basis, compared, differing }) => {
    const result = differing === 0 ? words.same(number(compared)) : words.differ(number(differing), number(compared));
    return `  ${(words.tables[path] ?? path).padEnd(28)}${words.basis[basis].padEnd(34)}${result}`;
  });
  const acts = words.registerActs(...([register.proven, register.rows].map(number) as [string, string]));
  return ['', words.counted, ...rows, words.particulars(number(opened)), acts, words.declared];
}

function noticesOfEvidence({ bundles }: KitReport): { detail: string; pesan: string }[] {
  const told = ['KEY_NOT_PINNED', 'SEEN_CHECKPOINT_NOT_COMPARED'];
  return bundles.flatMap(({ evidence }) => evidence.notices.filter(({ name }) => !told.includes(name)));
}

function sentence({ detail, pesan }: Pick<KitFinding, 'detail' | 'pesan'>, language: Language): string {
  return `  - ${language === 'id' ? pesan : detail}`;
}

function byName(findings: readonly KitFinding[]): Map<KitFinding['name'], KitFinding[]> {
  const groups = new Map<KitFinding['name'], KitFinding[]>();
  for (const finding of findings) groups.set(finding.name, [...(groups.get(finding.name) ?? []), finding]);
  return groups;
}
