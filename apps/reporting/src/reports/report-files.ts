import { createHash } from 'node:crypto';
import type pg from 'pg';
import type { readReportForm, ReportActor, ReportForm, RpcOutput } from '#contracts';
import { AppError } from '#service';
import type { FormInput, RenderedForm } from '../forms/render-form.js';
import * as db from './report.repository.js';
import { seen } from './reports.js';

type Piece = RpcOutput<typeof readReportForm>;
export type Template = NonNullable<FormInput['template']>;

/** Bytes of one message. */
export const pieceBytes = 128 * 1024;
/** Bytes of rendered forms that are kept; the one that was read longest ago goes first. */
const mostBytes = 48 * 1024 * 1024;
/** Forms at once, also while they are small or not done. */
const mostForms = 32;

/** The forms that reports are handed out in, piece by piece. A form is rendered once for each state, content and template. */
export class ReportFiles {
  /** In the order in which they were read last. */
  private readonly kept = new Map<string, { file: Promise<RenderedForm>; bytes: number }>();

  constructor(
    private readonly pool: pg.Pool,
    private readonly render: (form: ReportForm, input: FormInput) => Promise<RenderedForm>,
    private readonly templates: { findFile(institutionId: string, approvedAt?: string): Promise<Template | undefined> },
  ) {}

  /** @throws {AppError} RESOURCE_NOT_FOUND, also past the last piece; TEMPLATE_MISSING */
  async read(actor: ReportActor, id: string, form: ReportForm, n: number): Promise<Piece> {
    const { state, contentHash, steps } = seen(actor, await db.findReport(this.pool, actor.institutionId, id));
    const approvedAt = steps.find(({ act }) => act === 'report.approve')?.at;
    const template = form === 'TEMPLATE' ? await this.templates.findFile(actor.institutionId, approvedAt) : undefined;
    if (form === 'TEMPLATE' && !template) throw new AppError('TEMPLATE_MISSING');
    const key = [id, form, state, contentHash, ...(template ? [digestOf(template)] : [])].join(' ');
    const { bytes, fileName } = await this.once(key, async () => {
      const content = await db.getContent(this.pool, id);
      return this.render(form, { content, contentHash, state, ...(template && { template }) });
    });
    const begin = n * pieceBytes;
    if (begin >= bytes.length && n > 0) throw new AppError('RESOURCE_NOT_FOUND');
    const piece = bytes.subarray(begin, begin + pieceBytes);
    return { bytes: piece.toString('base64'), last: begin + piece.length >= bytes.length, fileName };
  }

  private once(key: string, make: () => Promise<RenderedForm>): Promise<RenderedForm> {
    const known = this.kept.get(key);
    this.kept.delete(key);
    const entry = known ?? { file: make(), bytes: 0 };
    this.kept.set(key, entry);
    if (!known)
      entry.file.then(
        (file) => {
          entry.bytes = file.bytes.length;
          this.makeRoom();
        },
        // not kept: the next one tries again
        () => this.kept.get(key) === entry && this.kept.delete(key),
      );
    this.makeRoom();
    return entry.file;
  }

  private makeRoom(): void {
    let bytes = [...this.kept.values()].reduce((sum, one) => sum + one.bytes, 0);
    for (const [key, one] of this.kept) {
      if (this.kept.size === 1 || (bytes <= mostBytes && this.kept.size <= mostForms)) return;
      this.kept.delete(key);
      bytes -= one.bytes;
    }
  }
}

const digestOf = ({ bytes, cells }: Template): string =>
  createHash('sha256').update(JSON.stringify(cells)).update('\n').update(bytes).digest('hex');
