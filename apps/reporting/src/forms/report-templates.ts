import { Injectable } from '@nestjs/common';
import pg from 'pg';
import type { ReportActor, ReportTemplate } from '#contracts';
import { AppError } from '#service';
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

const shown = `uploaded_at, encode(sha256(file), 'hex') AS sha256, octet_length(file) AS bytes, names, cells`;

/** The ministry's own form of each office: one, which a new one replaces. */
@Injectable()
export class ReportTemplates {
  constructor(private readonly pool: pg.Pool) {}

  /** What is mapped stays mapped, for the cells that the new file has too. @throws {AppError} TEMPLATE_INVALID, with the reason */
  async upload({ institutionId, operatorId }: ReportActor, file: Buffer): Promise<ReportTemplate> {
    const names = readTemplate(file).cells.map(({ name }) => name);
    const { rows } = await this.pool.query<TemplateRow>(
      `INSERT INTO reporting.report_template AS present (institution_id, uploaded_at, uploaded_by, file, names, cells)
       VALUES ($1, reporting.clock(), $2, $3, $4, '{}')
       ON CONFLICT (institution_id) DO UPDATE SET
         uploaded_at = EXCLUDED.uploaded_at, uploaded_by = EXCLUDED.uploaded_by, file = EXCLUDED.file, names = EXCLUDED.names,
         cells = (SELECT coalesce(jsonb_object_agg(key, value), '{}') FROM jsonb_each(present.cells)
                   WHERE key = ANY (EXCLUDED.names))
       RETURNING ${shown}`,
      [institutionId, operatorId, file, names],
    );
    return summaryOf(rows[0]!);
  }

  /** @throws {AppError} TEMPLATE_MISSING; REQUEST_INVALID: a name that the file does not have, a value that no report has */
  async map({ institutionId }: ReportActor, cells: Record<string, string>): Promise<ReportTemplate> {
    checkPaths(cells);
    const { rows } = await this.pool.query<TemplateRow>(
      `UPDATE reporting.report_template SET cells = $2 WHERE institution_id = $1 AND names @> $3 RETURNING ${shown}`,
      [institutionId, cells, Object.keys(cells)],
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
    const { rows } = await this.pool.query<TemplateRow>(
      `SELECT ${shown} FROM reporting.report_template WHERE institution_id = $1`,
      [institutionId],
    );
    if (!rows[0]) throw new AppError('TEMPLATE_MISSING');
    return summaryOf(rows[0]);
  }

  /** For the form TEMPLATE of a report; undefined: the office has none. */
  async findFile(institutionId: string): Promise<TemplateFile | undefined> {
    const { rows } = await this.pool.query<TemplateFile>(
      'SELECT file AS bytes, cells FROM reporting.report_template WHERE institution_id = $1',
      [institutionId],
    );
    return rows[0];
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
