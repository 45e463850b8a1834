import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { EntityList } from '../feature.js';

@Entity({ schema: 'reporting', name: 'counted' })
@Index('counted_once', ['institutionId', 'periodFrom', 'periodUntil', 'origin', 'size', 'asOfAt'], { unique: true })
export class CountedRow {
  @PrimaryColumn('uuid') id!: string;
  @Column('uuid', { name: 'institution_id' }) institutionId!: string;
  @Column('date', { name: 'period_from' }) periodFrom!: string;
  @Column('date', { name: 'period_until' }) periodUntil!: string;
  @Column('text') origin!: string;
  @Column('bigint') size!: string;
  @Column('timestamptz', { name: 'as_of_at' }) asOfAt!: Date;
  @Column('text') facts!: string;
  @Column('integer') undelivered!: number;
}

@Entity({ schema: 'reporting', name: 'undelivered_line' })
export class UndeliveredLineRow {
  @PrimaryColumn('uuid', { name: 'counted_id' }) countedId!: string;
  @PrimaryColumn('integer') n!: number;
  @Column('text') line!: string;
}

@Entity({ schema: 'reporting', name: 'report' })
@Index('report_list', { synchronize: false })
@Index('report_scheduled', { synchronize: false })
@Index('report_of_semester', { synchronize: false })
@Index('report_closing', { synchronize: false })
@Index('report_correction', { synchronize: false })
export class ReportRow {
  @PrimaryColumn('uuid') id!: string;
  @Column('uuid', { name: 'institution_id' }) institutionId!: string;
  @Column('text') type!: string;
  @Column('integer') version!: number;
  @Column('uuid', { nullable: true }) corrects!: string | null;
  @Column('uuid', { nullable: true }) supplements!: string | null;
  @Column('text', { name: 'period_kind' }) periodKind!: string;
  @Column('date', { name: 'period_from' }) periodFrom!: string;
  @Column('date', { name: 'period_until' }) periodUntil!: string;
  @Column('text') state!: string;
  @Column('boolean') scheduled!: boolean;
  @Column('uuid', { name: 'counted_id' }) countedId!: string;
  @Column('boolean') closing!: boolean;
  @Column('text') content!: string;
  @Column('bytea', { name: 'content_hash' }) contentHash!: Buffer;
}

@Entity({ schema: 'reporting', name: 'report_step' })
@Index('report_step_event', ['id'], { unique: true })
export class ReportStepRow {
  @PrimaryColumn('uuid', { name: 'report_id' }) reportId!: string;
  @PrimaryColumn('integer') n!: number;
  @Column('uuid') id!: string;
  @Column('timestamptz') at!: Date;
  @Column('text') act!: string;
  @Column('uuid', { name: 'actor_id', nullable: true }) actorId!: string | null;
  @Column('text', { name: 'actor_name', nullable: true }) actorName!: string | null;
  @Column('jsonb') said!: unknown;
  @Column('bytea') salt!: Buffer;
  @Column('text') particulars!: string;
}

@Entity({ schema: 'reporting', name: 'occasion' })
export class OccasionRow {
  @PrimaryColumn('uuid', { name: 'institution_id' }) institutionId!: string;
  @PrimaryColumn('text') type!: string;
  @PrimaryColumn('date', { name: 'period_from' }) periodFrom!: string;
  @Column('integer') attempts!: number;
  @Column('timestamptz', { name: 'next_at' }) nextAt!: Date;
}

export const entities: EntityList = [CountedRow, UndeliveredLineRow, ReportRow, ReportStepRow, OccasionRow];
