import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { EntityList } from '../feature.js';

@Entity({ schema: 'balikan', name: 'destination' })
export class DestinationRow {
  @PrimaryColumn('uuid', { name: 'institution_id' }) institutionId!: string;
  @Column('uuid', { name: 'agreement_id' }) agreementId!: string;
  @Column('text', { name: 'key_id' }) keyId!: string;
  @Column('bytea') sealed!: Buffer;
  @Column('timestamptz', { name: 'configured_at' }) configuredAt!: Date;
}

export const entities: EntityList = [DestinationRow];
