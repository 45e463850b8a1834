import { Injectable } from '@nestjs/common';
import pg from 'pg';
import type { ReportActor, ReportTemplate } from '#contracts';
import { AppError, inTransaction } from '#service';
import { checkPaths } from './template/fill-template.js';
import { readTemplate } from './template/read-template.js';

interface TemplateRow {
  uploaded_at: Date;
  sha256: string;
  bytes: number;
  names: string[];
  cells: Record<string, string>;
}

export interface TemplateFile {
  bytes: Buffer;
  cells: Record<string, string>;
}

const present = `present AS (
  SELECT * FROM reporting.report_template WHERE institution_id = $1 ORDER BY version DESC LIMIT 1)`;
const shown = `uploaded_at, encode(sha256(file), 'hex') AS sha256, octet_length(file) AS bytes, names, cells`;

/** The ministry's own form of each office. A new file, or another mapping, replaces the one before from then on. */
@Injectable()
export class ReportTemplates {
  constructor(private readonly pool: pg.Pool) {}

  /** What is mapped stays mapped, for the cells that the new file has too. @throws {AppError} TEMPLATE_INVALID, with the reason */
  async upload({ institutionId, operatorId }: ReportActor, file: Buffer): Promise<ReportTemplate> {
    const names = readTemplate(file).cells.map(({ name }) => name);
    const rows = await this.insert(
      institutionId,
      `SELECT $1::uuid AS institution_id, reporting.clock() AS uploaded_at, $2::uuid AS uploaded_by, $3::bytea AS file,
         $4::text[] AS names, coalesce((SELECT jsonb_object_agg(key, value) FROM present, jsonb_each(present.cells)
           WHERE key = ANY ($4)), '{}') AS cells`,
      [operatorId, file, names],
    );
    return summaryOf(rows[0]!);
  }

  /** @throws {AppError} TEMPLATE_MISSING; REQUEST_INVALID: a name that the file does not have, a value that no report has */
  async map({ institutionId }: ReportActor, cells: Record<string, string>): Promise<ReportTemplate> {
    checkPaths(cells);
    const rows = await this.insert(
      institutionId,
      `SELECT institution_id, uploaded_at, uploaded_by, file, names, $2::jsonb AS cells FROM present WHERE names @> $3`,
      [cells, Object.keys(cells)],
    );
    if (rows[0]) return summaryOf(rows[0]);
    const { names } = await this.get(institutionId);
    const unknown = Object.keys(cells).filter((name) => !names.includes(name));
    throw new AppError('REQUEST_INVALID', {
      issues: unknown.map((name) => ({
        path: `mapping.cells.${name}`,
        message: `Formulir tidak mempunyai sel bernama "${name}".`,
      })),
    });
  }

  /** @throws {AppError} TEMPLATE_MISSING */
  async get(institutionId: string): Promise<ReportTemplate> {
    const { rows } = await this.pool.query<TemplateRow>(`WITH ${present} SELECT ${shown} FROM present`, [
      institutionId,
    ]);
    if (!rows[0]) throw new AppError('TEMPLATE_MISSING');
    return summaryOf(rows[0]);
  }

  /**
   * For the form TEMPLATE of a report: of an approved one as it stood then, if cells of that were mapped; else the newest.
   * Undefined: the office has none.
   */
  async findFile(institutionId: string, approvedAt?: string): Promise<TemplateFile | undefined> {
    const { rows } = await this.pool.query<TemplateFile>(
      `SELECT file AS bytes, cells FROM reporting.report_template WHERE institution_id = $1
       ORDER BY cells <> '{}' AND version IS NOT DISTINCT FROM (
         SELECT max(version) FROM reporting.report_template WHERE institution_id = $1 AND since <= $2::timestamptz
       ) DESC, version DESC LIMIT 1`,
      [institutionId, approvedAt ?? null],
    );
    return rows[0];
  }

  /** A version made from the `present` one; $1 is the office. One at a time: each is made from the one before. */
  private insert(institutionId: string, version: string, values: unknown[]): Promise<TemplateRow[]> {
    return inTransaction(this.pool, async (client) => {
      await client.query("SELECT pg_advisory_xact_lock(hashtextextended('report template ' || $1, 0))", [
        institutionId,
      ]);
      const { rows } = await client.query<TemplateRow>(
        `WITH ${present}
         INSERT INTO reporting.report_template (institution_id, uploaded_at, uploaded_by, file, names, cells, since)
         SELECT made.*, reporting.clock() FROM (${version}) AS made
         RETURNING ${shown}`,
        [institutionId, ...values],
      );
      return rows;
    });
  }
}

const summaryOf = ({ uploaded_at, sha256, bytes, names, cells }: TemplateRow): ReportTemplate => ({
  uploadedAt: uploaded_at.toISOString(),
  sha256,
  bytes,
  names,
  cells,
  unmapped: names.filter((name) => !Object.hasOwn(cells, name)),
});
