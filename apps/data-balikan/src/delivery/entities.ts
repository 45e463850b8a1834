import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { EntityList } from '../feature.js';

@Entity({ schema: 'balikan', name: 'lane' })
export class LaneRow {
  @PrimaryColumn('uuid', { name: 'institution_id' }) institutionId!: string;
  @Column('timestamptz', { name: 'paused_at', nullable: true }) pausedAt!: Date | null;
  @Column('uuid', { name: 'paused_by', nullable: true }) pausedBy!: string | null;
  @Column('text', { name: 'paused_reason', nullable: true }) pausedReason!: string | null;
  @Column('text', { default: 'ready' }) gate!: 'ready' | 'open' | 'trial' | 'access-broken';
  @Column('timestamptz', { name: 'gate_since', nullable: true }) gateSince!: Date | null;
  @Column('timestamptz', { name: 'gate_until', nullable: true }) gateUntil!: Date | null;
  @Column('integer', { default: 0 }) streak!: number;
  @Column('integer', { default: 0 }) reopened!: number;
  @Column('uuid', { name: 'refused_id', nullable: true }) refusedId!: string | null;
  @Column('timestamptz', { name: 'last_delivered_at', nullable: true }) lastDeliveredAt!: Date | null;
  @Column('text', { nullable: true }) holder!: string | null;
  @Column('timestamptz', { name: 'held_until', nullable: true }) heldUntil!: Date | null;
  @Column('bigint', { default: 0 }) term!: string;
  @Column('timestamptz', { name: 'served_at', nullable: true }) servedAt!: Date | null;
  @Column('integer', { default: 10 }) portion!: number;
}

@Entity({ schema: 'balikan', name: 'switch' })
export class SwitchRow {
  @PrimaryColumn('boolean', { default: true }) singleton!: boolean;
  @Column('boolean') sending!: boolean;
  @Column('timestamptz', { name: 'changed_at' }) changedAt!: Date;
  @Column('uuid', { name: 'changed_by', nullable: true }) changedBy!: string | null;
  @Column('text') reason!: string;
}

@Entity({ schema: 'balikan', name: 'evidence_outbox' })
export class EvidenceOutboxRow {
  @PrimaryColumn('uuid') id!: string;
  @Column('timestamptz') at!: Date;
  @Column('uuid', { name: 'institution_id' }) institutionId!: string;
  @Column('text') act!: string;
  @Column('uuid', { name: 'actor_id', nullable: true }) actorId!: string | null;
  @Column('uuid') subject!: string;
  @Column('bytea', { name: 'content_hash' }) contentHash!: Buffer;
}

export const entities: EntityList = [LaneRow, SwitchRow, EvidenceOutboxRow];
