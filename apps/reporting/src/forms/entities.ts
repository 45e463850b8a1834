import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { EntityList } from '../feature.js';

@Entity({ schema: 'reporting', name: 'report_template' })
export class ReportTemplateRow {
  @PrimaryColumn('uuid', { name: 'institution_id' }) institutionId!: string;
  @Column('timestamptz', { name: 'uploaded_at' }) uploadedAt!: Date;
  @Column('uuid', { name: 'uploaded_by', nullable: true }) uploadedBy!: string | null;
  @Column('bytea') file!: Buffer;
  @Column('text', { array: true }) names!: string[];
  @Column('jsonb') cells!: unknown;
}

export const entities: EntityList = [ReportTemplateRow];
