import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { EntityList } from '../feature.js';

@Entity({ schema: 'reporting', name: 'evidence_outbox' })
export class EvidenceOutboxRow {
  @PrimaryColumn('uuid') id!: string;
  @Column('timestamptz') at!: Date;
  @Column('uuid', { name: 'institution_id' }) institutionId!: string;
  @Column('text') act!: string;
  @Column('uuid', { name: 'actor_id', nullable: true }) actorId!: string | null;
  @Column('uuid') subject!: string;
  @Column('bytea', { name: 'content_hash' }) contentHash!: Buffer;
}

export const entities: EntityList = [EvidenceOutboxRow];
