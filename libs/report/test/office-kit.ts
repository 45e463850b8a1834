import { createHash } from 'node:crypto';
import { canonicalJson, contentHash, toHex, type AccessLeaf, type GapLeaf, type ReportedLeaf } from '#evidence';
import type { OpenedEvent, Register, ReportContent, UndeliveredRecord } from '#contracts';
import { type Bundle, institution, OfficeLog, officeKey, timeOf } from '../../evidence/test/office-log.js';
import {
  bundleName,
  jakartaDay,
  kitManifest,
  particularsLine,
  quotaFigures,
  registerFigures,
  reportHash,
  undeliveredLine,
  type KitSource,
} from '../src/index.js';
import { naiveCount, type CountedLeaf } from './naive-count.js';

export const uuid = (number: number) => `0198c1d2-7000-7000-a000-${number.toString(16).padStart(12, '0')}`;
/** 1 June 2026, 08.00 WIB: seconds. */
export const june = Date.UTC(2026, 5, 1, 1) / 1000;
const dayOf = 86_400;
const [camat, clerk, successor, reader, sam, agreement] = [1, 2, 3, 4, 5, 6].map(uuid) as [
  string,
  ...[string, string, string, string, string],
];
export const reportId = uuid(100);
const nda = (number: number) => ({ number: `800/${number}/CONTOH`, signedOn: '2026-01-05' });

const terms = (version: number, effectiveFrom: string, dailyQuota: number) => ({
  version,
  ...{ effectiveFrom, validFrom: '2026-01-01', validUntil: '2026-12-31', dailyQuota },
});

function register(): Register {
  const person = {
    nip: null,
    position: null,
    workUnit: 'Loket',
    activeFrom: '2026-01-05',
    activeUntil: null,
    revokedAt: null,
  };
  const version = { letterNumber: null, modes: ['LOOKUP'], elements: ['nik'] };
  return {
    institution: { id: institution, name: 'Kecamatan Contoh', regionCode: '33.98.01', address: null },
    agreements: [
      {
        ...{
          id: agreement,
          number: 'PKS/CONTOH',
          state: 'in-force',
          signedOn: '2026-01-01',
          terminatedAt: null,
          closedAt: null,
        },
        versions: [
          { id: uuid(7), ...version, ...terms(1, '2026-01-01', 1000) },
          { id: uuid(8), ...version, ...terms(2, '2026-06-10', 1500) },
        ],
        sptjm: [{ number: 'SPTJM/1', signedOn: '2026-01-02', signedBy: null }],
        openClosingSteps: [],
      },
    ],
    people: [
      { id: camat, userIdLokal: 'camat', name: 'Camat CONTOH', ...person, role: 'camat', nda: nda(1) },
      { id: clerk, userIdLokal: 'petugas', name: 'Petugas CONTOH', ...person, role: 'operator', nda: nda(2) },
      { id: successor, userIdLokal: 'baru', name: 'Petugas Baru CONTOH', ...person, role: 'operator', nda: nda(3) },
    ],
    readers: [
      {
        ...{
          id: reader,
          serial: 'CONTOH-1',
          brand: 'Uji',
          type: 'Uji',
          workUnit: 'Loket',
          state: 'CONNECTED',
          samId: sam,
        },
        ...{ registeredAt: '2026-01-05T00:00:00.000Z', revokedAt: null },
      },
    ],
    sams: [
      {
        ...{ id: sam, agreementId: agreement, sifilmaNumber: 'SIF/1', letterNumber: '1', letterDate: '2026-01-05' },
        ...{ serial: 'SAM-1', state: 'ACTIVE' },
      },
    ],
    exceptions: [{ requestedAt: '2026-06-03T02:00:00.000Z', reason: 'WORN_FINGER', decision: 'APPROVED' }],
    stops: [],
    officeHolderChanges: [],
  };
}

/** A kecamatan, its log, and a report of June that was counted on 21 June and approved. Whatever is public may be changed before `files()`. */
export class OfficeKit {
  readonly log: OfficeLog;
  readonly particulars: OpenedEvent[] = [];
  readonly undelivered: UndeliveredRecord[] = [];
  readonly extra = new Map<string, Uint8Array | string>();
  content!: ReportContent;
  private made = 1000;
  private readonly counted: CountedLeaf[] = [];
  /** Of generations before. */
  private readonly before: CountedLeaf[] = [];

  constructor(seed = 1, generation = 1) {
    this.log = new OfficeLog(officeKey(seed), `gerbang-contoh/${institution}/${generation}`);
  }

  /** The whole story. */
  static honest(seed = 1): OfficeKit {
    const kit = new OfficeKit(seed);
    kit.begin();
    kit.report(june + 20 * dayOf);
    kit.step('report.draft', june + 20 * dayOf + 60);
    kit.approve();
    kit.extra.set('report.pdf', '%PDF-1.7 contoh').set('BACA-SAYA.txt', 'Baca saya.\n');
    return kit;
  }

  /** Everything that is before the report. */
  begin(): void {
    this.administer();
    this.work();
  }

  reported(
    type: ReportedLeaf['type'],
    act: string,
    seconds: number,
    subject: string,
    content?: Record<string, unknown>,
  ): ReportedLeaf {
    const id = uuid(++this.made);
    const salt = createHash('sha256').update(id).digest();
    const leaf: ReportedLeaf = {
      ...{
        act,
        actor: camat,
        at: timeOf(seconds),
        contentHash: content ? toHex(contentHash(salt, content)) : null,
        id,
      },
      ...{ institution, loggedAt: timeOf(seconds), subject, subjectHmac: null, type, v: 1 },
    };
    if (content) this.particulars.push({ id, salt: salt.toString('base64'), content });
    this.add(leaf, content);
    return leaf;
  }

  lookUp(seconds: number, change: Partial<AccessLeaf> = {}, answer: Partial<AccessLeaf> | null = {}): string {
    const verification = uuid(++this.made);
    const both = {
      client: 'loket',
      service: 'SKU',
      operator: clerk,
      nikHmac: this.made.toString(16).padStart(64, '0'),
      ...change,
    };
    this.add({ ...this.log.access('REQUESTED', seconds, verification), ...both });
    if (answer) this.add({ ...this.log.access('ANSWERED', seconds + 1, verification), ...both, ...answer });
    return verification;
  }

  refuse(seconds: number, outcome: string): void {
    this.add({ ...this.log.access('REFUSED', seconds, uuid(++this.made)), outcome, mode: null, nikHmac: null });
  }

  /** The content of a report of what is logged, as of a checkpoint that is signed now. */
  report(seconds: number, change: Partial<ReportContent> = {}): void {
    // the story is told thing by thing, and logged in the order of time
    this.counted.sort((one, other) => (one.leaf.at < other.leaf.at ? -1 : one.leaf.at > other.leaf.at ? 1 : 0));
    const gap = this.log.leaves.filter(({ type }) => type === 'GAP');
    this.log.leaves.splice(0, Infinity, ...gap, ...this.counted.map(({ leaf }) => leaf));
    for (const size of [15, 30, 45]) {
      const next = this.log.leaves[size];
      if (next) this.log.sign(Date.parse(next.at) / 1000, size);
    }
    const note = this.log.sign(seconds);
    const at = timeOf(seconds).replace('.000000', '');
    const period = { from: '2026-06-01', until: '2026-06-30' };
    const root = note.split('\n')[2]!;
    const found = this.count(at);
    const declared = register();
    this.content = {
      ...{ format: 'gerbang-report/1', id: reportId, type: 'REPORT', version: 1, corrects: null, supplements: null },
      institution: declared.institution,
      period: { kind: 'OTHER', ...period },
      asOf: { at, checkpoints: [{ origin: this.log.origin, size: this.log.leaves.length, root, note }] },
      figures: {
        ...found,
        quota: quotaFigures(found.lookUps.days, declared.agreements, period, jakartaDay(at)),
        register: registerFigures(declared, period, at),
      },
      reported: null,
      register: declared,
      narrative: { obstacles: 'Tidak ada.', followUp: '' },
      ...change,
    };
  }

  /** As of what is logged. */
  count(asOfAt: string) {
    const period = { from: '2026-06-01', until: '2026-06-30' };
    return naiveCount([...this.before, ...this.counted], {
      period,
      asOfAt,
      overdueAfterDays: 7,
      undelivered: this.undelivered,
    });
  }

  step(act: string, seconds: number, content = this.content): void {
    const { version } = content;
    const state = act === 'report.approve' ? 'APPROVED' : 'DRAFTED';
    this.reported('REPORT', act, seconds, content.id, { contentHash: reportHash(content), note: null, state, version });
  }

  approve(seconds = june + 21 * dayOf): void {
    this.step('report.approve', seconds);
    this.log.sign(seconds + 60);
  }

  /** The files as the gateway packs them; the manifest fits them. */
  files(bundles: readonly Bundle[] = [this.log.bundle()]): Map<string, Uint8Array> {
    const texts = new Map<string, Uint8Array | string>([
      ['report.json', canonicalJson(this.content)],
      ...bundles.map((bundle, at) => [bundleName(at + 1), bundle.toString()] as const),
      ['particulars.jsonl', this.particulars.map((one) => `${particularsLine(one)}\n`).join('')],
      ['undelivered.jsonl', this.undelivered.map((one) => `${undeliveredLine(one)}\n`).join('')],
      ...this.extra,
    ]);
    return withManifest(new Map([...texts].map(([name, text]) => [name, Buffer.from(text)])));
  }

  /** The leaves of the log before count as well; this one begins with the statement of the gap. */
  continueAfter(before: OfficeKit, gap: GapLeaf): void {
    this.made += 1_000_000;
    this.log.add(gap);
    this.before.push(...before.counted);
  }

  answer(verification: string, seconds: number): void {
    this.add({ ...this.log.access('ANSWERED', seconds, verification), id: uuid(++this.made) });
  }

  /** After the register of the content was changed. */
  recountRegister(): void {
    const { figures, register, period, asOf } = this.content;
    figures.quota = quotaFigures(figures.lookUps.days, register.agreements, period, jakartaDay(asOf.at));
    figures.register = registerFigures(register, period, asOf.at);
  }

  private add(leaf: AccessLeaf | ReportedLeaf, content?: Record<string, unknown>): void {
    this.log.add(leaf);
    this.counted.push(content ? { leaf, content } : { leaf });
  }

  private act(act: string, subject: string, after: Record<string, unknown>): void {
    const [subjectType] = act.split('.');
    const who = { actorKind: 'person', actorRole: 'admin', before: null, proposalId: null, reason: 'Uji', subjectType };
    this.reported('ADMINISTRATION', act, june - 140 * dayOf + this.made, subject, { act, after, ...who });
  }

  private administer(): void {
    const document = { documentSha256: 'ab'.repeat(32) };
    this.act('agreement.create', agreement, { number: 'PKS/CONTOH' });
    this.act('agreement.add-version', agreement, { version: 1, terms: terms(1, '2026-01-01', 1000) });
    this.act('agreement.record-sptjm', agreement, { number: 'SPTJM/1', signedOn: '2026-01-02', ...document });
    this.act('operator.create', camat, { userIdLokal: 'camat', nda: { ...nda(1), ...document } });
    this.act('operator.create', clerk, { userIdLokal: 'petugas' });
    this.act('operator.record-nda', clerk, { assignment: 1, ...nda(2), ...document });
    this.act('operator.change-office-holder', uuid(9), { leaver: uuid(9), successor, from: '2026-01-05' });
    this.act('reader.register', reader, { serial: 'CONTOH-1', brand: 'Uji' });
    this.act('sam.request', sam, { state: 'requested', sifilmaNumber: 'SIF/1' });
    this.act('sam.activate', sam, { state: 'activated', activatedOn: '2026-01-06' });
    this.act('agreement.add-version', agreement, { version: 2, terms: terms(2, '2026-06-10', 1500) });
  }

  private work(): void {
    this.lookUp(june - dayOf);
    const sent = this.lookUp(june + 60);
    for (let n = 0; n < 12; n++)
      this.lookUp(june + n * dayOf + 300, { service: n % 3 ? 'SKTM' : 'NIB', referenceHmac: null });
    this.lookUp(june + 2 * dayOf, { mode: 'MATCH' }, { hit: 'released', outcome: 'UPSTREAM_UNAVAILABLE' });
    this.lookUp(june + 3 * dayOf, {}, { hit: 'unknown', outcome: 'UPSTREAM_TIMEOUT' });
    const waiting = this.lookUp(june + 4 * dayOf);
    this.refuse(june + 4 * dayOf + 5, 'QUOTA_EXHAUSTED');
    this.refuse(june + 4 * dayOf + 6, 'NDA_MISSING');
    this.reported('UPSTREAM', 'upstream.open', june + 5 * dayOf, institution);
    this.reported('UPSTREAM', 'upstream.ready', june + 5 * dayOf + 1800, institution);
    const read = { service: 'SKU', reference: 'x', outcome: 'MATCHED', tries: 1, level: null, verificationId: null };
    this.reported('READER_READ', 'reader.read', june + 6 * dayOf, reader, { ...read, verificationId: sent });
    this.reported('READER_READ', 'reader.read', june + 6 * dayOf + 9, reader, {
      ...read,
      outcome: 'NOT_MATCHED',
      tries: 4,
    });
    this.reported('READER_READ', 'reader.offline-check', june + 6 * dayOf + 20, reader, {
      outcome: 'MATCHED',
      tries: 0,
    });
    const record = {
      nomorRegister: '500/1',
      namaUsaha: 'Warung CONTOH',
      jenisUsaha: 'Warung',
      kbli: null,
      tanggal: '2026-06-02',
    };
    const delivered = { ...record, receipt: 'SUCCESS', verificationId: sent };
    this.reported('DATA_BALIKAN', 'data-balikan.delivered', june + 7 * dayOf, uuid(50), delivered);
    this.undelivered.push({
      id: uuid(51),
      verificationId: waiting,
      acceptedAt: '2026-06-06T03:00:00.000Z',
      state: 'DEAD',
    });
    this.lookUp(june + 19 * dayOf, {}, null);
  }
}

export function withManifest(files: ReadonlyMap<string, Uint8Array>): Map<string, Uint8Array> {
  const named = [...files].filter(([name]) => name !== 'manifest.json');
  const rows = named.map(([name, bytes]) => {
    return { name, bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') };
  });
  return new Map([...named, ['manifest.json', Buffer.from(kitManifest(rows))]]);
}

/** In pieces of a size that falls in the middle of things. */
export function sourceOf(files: Iterable<readonly [string, Uint8Array]>): KitSource {
  const all = [...files];
  return {
    names: all.map(([name]) => name),
    async *open(name) {
      const bytes = all.find(([one]) => one === name)![1];
      for (let at = 0; at < bytes.length; at += 1000) yield bytes.subarray(at, at + 1000);
    },
  };
}
