import { Column, Entity, Index, PrimaryGeneratedColumn } from 'typeorm';
import type { EntityList } from '../feature.js';

@Entity({ schema: 'reporting', name: 'report_template' })
@Index('report_template_newest', ['institutionId', 'version'])
export class ReportTemplateRow {
  @PrimaryGeneratedColumn('identity', { type: 'bigint' }) version!: string;
  @Column('uuid', { name: 'institution_id' }) institutionId!: string;
  @Column('timestamptz') since!: Date;
  @Column('timestamptz', { name: 'uploaded_at' }) uploadedAt!: Date;
  @Column('uuid', { name: 'uploaded_by', nullable: true }) uploadedBy!: string | null;
  @Column('bytea') file!: Buffer;
  @Column('text', { array: true }) names!: string[];
  @Column('jsonb') cells!: unknown;
}

export const entities: EntityList = [ReportTemplateRow];
