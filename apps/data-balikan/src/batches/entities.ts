import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { EntityList } from '../feature.js';

@Entity({ schema: 'balikan', name: 'batch' })
@Index('batch_list', { synchronize: false })
@Index('batch_queue', { synchronize: false })
@Index('batch_expiry', { synchronize: false })
export class BatchRow {
  @PrimaryColumn('uuid') id!: string;
  @Column('uuid', { name: 'institution_id' }) institutionId!: string;
  @Column('uuid', { name: 'agreement_id' }) agreementId!: string;
  @Column('jsonb') actor!: unknown;
  @Column('text') policy!: string;
  @Column('text') state!: string;
  @Column('text', { nullable: true }) format!: string | null;
  @Column('bigint', { default: 0 }) bytes!: string;
  @Column('text', { default: '' }) fingerprint!: string;
  @Column('integer', { default: 0 }) chunks!: number;
  @Column('integer', { name: 'result_chunks', default: 0 }) resultChunks!: number;
  @Column('text', { name: 'key_id' }) keyId!: string;
  @Column('timestamptz', { name: 'created_at' }) createdAt!: Date;
  @Column('timestamptz', { name: 'finished_at', nullable: true }) finishedAt!: Date | null;
  @Column('timestamptz', { name: 'expires_at' }) expiresAt!: Date;
  @Column('timestamptz', { name: 'held_until', nullable: true }) heldUntil!: Date | null;
  @Column('integer', { default: 0 }) attempt!: number;
  @Column('integer', { default: 0 }) failures!: number;
  @Column('boolean', { name: 'cancel_asked', default: false }) cancelAsked!: boolean;
  @Column('integer', { default: 0 }) rows!: number;
  @Column('integer', { default: 0 }) percent!: number;
  @Column('integer', { default: 0 }) checked!: number;
  @Column('integer', { default: 0 }) accepted!: number;
  @Column('integer', { name: 'already_there', default: 0 }) alreadyThere!: number;
  @Column('integer', { default: 0 }) refused!: number;
  @Column('integer', { name: 'held_back', default: 0 }) heldBack!: number;
  @Column('integer', { default: 0 }) faults!: number;
  @Column('text', { name: 'file_fault', nullable: true }) fileFault!: string | null;
  @Column('text', { name: 'file_fault_column', nullable: true }) fileFaultColumn!: string | null;
  @Column('text', { array: true, default: '{}' }) notes!: string[];
}

@Entity({ schema: 'balikan', name: 'batch_chunk' })
export class BatchChunkRow {
  @PrimaryColumn('uuid', { name: 'batch_id' }) batchId!: string;
  @PrimaryColumn('text') part!: string;
  @PrimaryColumn('integer') n!: number;
  @Column('bytea') sealed!: Buffer;
}

@Entity({ schema: 'balikan', name: 'batch_fault' })
export class BatchFaultRow {
  @PrimaryColumn('uuid', { name: 'batch_id' }) batchId!: string;
  @PrimaryColumn('integer') n!: number;
  @Column('integer') row!: number;
  @Column('integer', { name: 'cell_column', nullable: true }) cellColumn!: number | null;
  @Column('text', { nullable: true }) field!: string | null;
  @Column('text') code!: string;
  @Column('text', { name: 'value_class' }) valueClass!: string;
}

export const entities: EntityList = [BatchRow, BatchChunkRow, BatchFaultRow];
