import type { ReportContent } from '#contracts';
import { canonicalJson, fromBase64 } from '#evidence';
import type { Bundle } from '../../evidence/test/office-log.js';
import { type KitReport, type KitSource, KitVerifier, openedHash, reportHash } from '../src/index.js';
import { june, OfficeKit, sourceOf, uuid, withManifest } from './office-kit.js';

export type Files = Map<string, Uint8Array>;

export async function verified(source: KitSource, keys: string[]): Promise<KitReport> {
  return new KitVerifier(source, { keys }).verify();
}

/** Names of what was found, each once. */
export function foundNames(report: KitReport): string[] {
  return Object.keys(report.findingsByName)
    .filter((name) => !report.notices.some((one) => one.name === name))
    .sort();
}

/** What is found in a kit of the honest office after somebody changed its files, without or with a manifest that fits. */
export async function afterChange(change: (files: Files, kit: OfficeKit) => void, fits = true): Promise<KitReport> {
  const kit = OfficeKit.honest();
  const files = kit.files();
  change(files, kit);
  return verified(sourceOf(fits ? withManifest(files) : files), [kit.log.verifierKey]);
}

/** With another bundle. */
export function rebundled(change: (bundle: Bundle, kit: OfficeKit) => void): Promise<KitReport> {
  return afterChange((files, kit) => {
    const bundle = kit.log.bundle();
    change(bundle, kit);
    files.set('evidence-1.jsonl', Buffer.from(bundle.toString()));
  });
}

export function reworded(change: (content: ReportContent) => void): (files: Files, kit: OfficeKit) => void {
  return (files, { content }) => {
    const changed = structuredClone(content);
    change(changed);
    files.set('report.json', Buffer.from(canonicalJson(changed)));
  };
}

type Line = { id: string; salt: string; content: Record<string, unknown> };

/** Changes the lines of particulars.jsonl; a line that is not given back is left out. */
export function relined(change: (line: Line) => Line | undefined): (files: Files) => void {
  return (files) => {
    const lines = Buffer.from(files.get('particulars.jsonl')!).toString().trim().split('\n');
    const changed = lines.map((line) => change(JSON.parse(line) as Line)).filter((line) => line !== undefined);
    files.set('particulars.jsonl', Buffer.from(changed.map((line) => `${JSON.stringify(line)}\n`).join('')));
  };
}

/**
 * Somebody who wants one hit fewer, and changes whatever he can: event, its hash, numbers of the bundle, figures, content hash in the particulars of
 * the approval, that event and its hash, and the manifest. What he cannot is sign.
 */
export function everythingRecomputed(): Promise<KitReport> {
  return afterChange((files, kit) => {
    const bundle = kit.log.bundle();
    const answer = bundle.events.find(
      ({ leaf }) => leaf.type === 'ANSWERED' && Date.parse(String(leaf.at)) / 1000 > june,
    )!;
    answer.leaf = { ...answer.leaf, hit: 'released', outcome: 'UPSTREAM_UNAVAILABLE' };
    bundle.rehash(answer);
    const content = structuredClone(kit.content);
    content.figures.lookUps.total.hits -= 1;
    const approval = bundle.events.find(({ leaf }) => leaf.act === 'report.approve')!;
    relined((line) => {
      if (line.id !== approval.leaf.id) return line;
      const said = { ...line.content, contentHash: reportHash(content) };
      approval.leaf.contentHash = openedHash(line.salt, said);
      bundle.rehash(approval);
      return { ...line, content: said };
    })(files);
    files.set('report.json', Buffer.from(canonicalJson(content)));
    files.set('evidence-1.jsonl', Buffer.from(bundle.toString()));
  });
}

/** A salt of somebody's own. */
export const anySalt = Buffer.alloc(32, 9).toString('base64');

export function foreignLine(): string {
  if (fromBase64(anySalt)?.length !== 32) throw new Error('a salt is 32 bytes');
  return `${JSON.stringify({ id: uuid(0xffff), salt: anySalt, content: { outcome: 'MATCHED', tries: 0 } })}\n`;
}
