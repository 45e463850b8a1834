import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import {
  readKitPart,
  readReportForm,
  signCheckpoint,
  type Checkpoint,
  type ReportActor,
  type ReportDetail,
  type ReportForm,
  type RpcInput,
  type RpcOutput,
} from '#contracts';
import { bundleName } from '#report';
import type { RpcClient } from '#service';
import type { ZipPart } from '#service/zip-stream';
import { openBundle } from '../evidence/bundles.js';
import { verifierPage, verifierScript } from '../evidence/verifier-files.js';
import { readMe } from './kit-read-me.js';

type Part = RpcInput<typeof readKitPart>['part'];

const pageDeadlineMs = 30_000;
const signDeadlineMs = 15_000;

export interface KitOrder {
  actor: ReportActor;
  report: ReportDetail;
  institution: { id: string; name: string };
  /** ISO, by the schema's clock. */
  at: string;
  /** Before each file: rejects when whoever takes it may not any more. */
  confirm: () => Promise<void>;
}

/** Where the files of a kit come from; each is asked for when it is its turn. */
export class KitFiles {
  constructor(
    private readonly bus: Pick<RpcClient, 'call'>,
    private readonly verifierFolder: string,
  ) {}

  /**
   * The steps of the report are read before the log is signed, so whichever is told is in the bundle.
   *
   * @throws {AppError} what its first pages are refused with, as long as that can still be told
   */
  async open(order: KitOrder): Promise<ZipPart[]> {
    const { report, institution, at, confirm } = order;
    const signed = await this.sign(institution.id);
    const [content, particulars] = await Promise.all([
      this.piece(order, 'JSON', 0),
      this.page(order, 'particulars', null),
    ]);
    const fresh: { checkpoint?: Promise<Checkpoint> } = {};
    const newest = () => (fresh.checkpoint ??= this.sign(institution.id));
    const present = generationOf(signed.origin);
    const bundles = Array.from({ length: present }, (_, index) => index + 1).map((generation) => ({
      name: bundleName(generation),
      data: () => this.bundle(order, generation, generation === present ? newest : undefined),
    }));
    const parts: ZipPart[] = [
      { name: 'report.json', data: () => this.form(order, 'JSON', content) },
      { name: 'report.pdf', data: () => this.form(order, 'PDF') },
      { name: 'report.xlsx', data: () => this.form(order, 'XLSX') },
      { name: 'particulars.jsonl', data: () => this.lines(order, 'particulars', particulars) },
      { name: 'undelivered.jsonl', data: () => this.lines(order, 'undelivered') },
      ...bundles,
      ...[verifierScript, verifierPage].map((name) => ({
        name,
        data: () => createReadStream(join(this.verifierFolder, name)),
      })),
      { name: 'BACA-SAYA.txt', data: () => [readMe(report, institution.name, signed.origin, at)] },
    ];
    return parts.map(({ name, data }) => ({ name, data: () => after(confirm, data) }));
  }

  private sign(institutionId: string): Promise<Checkpoint> {
    return this.bus.call(signCheckpoint, { institutionId }, { deadlineMs: signDeadlineMs });
  }

  private piece({ actor, report }: KitOrder, form: ReportForm, n: number) {
    return this.bus.call(readReportForm, { actor, id: report.id, form, n }, { deadlineMs: pageDeadlineMs });
  }

  private page({ actor, report }: KitOrder, part: Part, after: string | null) {
    return this.bus.call(readKitPart, { actor, id: report.id, part, after }, { deadlineMs: pageDeadlineMs });
  }

  private async *form(order: KitOrder, form: ReportForm, first?: RpcOutput<typeof readReportForm>) {
    let piece = first ?? (await this.piece(order, form, 0));
    for (let n = 1; ; n++) {
      yield Buffer.from(piece.bytes, 'base64');
      if (piece.last) return;
      piece = await this.piece(order, form, n);
    }
  }

  private async *lines(order: KitOrder, part: Part, first?: RpcOutput<typeof readKitPart>) {
    let page = first ?? (await this.page(order, part, null));
    for (;;) {
      yield page.lines.map((line) => `${line}\n`).join('');
      if (page.next === null) return;
      page = await this.page(order, part, page.next);
    }
  }

  /** The whole of one generation of the log, up to its newest checkpoint. */
  private async *bundle({ institution, at }: KitOrder, generation: number, newest?: () => Promise<Checkpoint>) {
    const bounds = { from: 0, generation, ...(newest ? { to: (await newest()).size } : {}) };
    const { stream } = await openBundle(this.bus, institution, bounds, at);
    yield* stream as AsyncIterable<Buffer>;
  }
}

const generationOf = (origin: string): number => Number(origin.slice(origin.lastIndexOf('/') + 1));

async function* after(confirm: () => Promise<void>, data: ZipPart['data']) {
  await confirm();
  yield* data();
}
