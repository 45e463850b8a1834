import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { EntityList } from '../feature.js';

@Entity({ schema: 'reporting', name: 'sample' })
@Index('sample_list', ['institutionId', 'id'])
export class SampleRow {
  @PrimaryColumn('uuid') id!: string;
  @Column('uuid', { name: 'institution_id' }) institutionId!: string;
  @Column('date', { name: 'period_from' }) periodFrom!: string;
  @Column('date', { name: 'period_until' }) periodUntil!: string;
  @Column('integer') size!: number;
  @Column('text') seed!: string;
  @Column('text', { name: 'log_origin' }) logOrigin!: string;
  @Column('bigint', { name: 'log_size' }) logSize!: string;
  @Column('integer') population!: number;
  @Column('timestamptz', { name: 'drawn_at' }) drawnAt!: Date;
  @Column('uuid', { name: 'drawn_by', nullable: true }) drawnBy!: string | null;
}

export const entities: EntityList = [SampleRow];
