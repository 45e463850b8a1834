import { Column, Entity, Index, PrimaryColumn, Unique } from 'typeorm';
import type { EntityList } from '../feature.js';
import type { Minutes } from './minutes.js';

@Entity({ schema: 'balikan', name: 'media_package' })
@Unique('media_package_institution_id_number_key', ['institutionId', 'number'])
@Index('media_package_open', ['institutionId'], { unique: true, where: "state = 'OPEN'" })
export class MediaPackageRow {
  @PrimaryColumn('uuid') id!: string;
  @Column('uuid', { name: 'institution_id' }) institutionId!: string;
  @Column('uuid', { name: 'agreement_id' }) agreementId!: string;
  @Column('integer') number!: number;
  @Column('text') state!: 'OPEN' | 'RECEIPTED' | 'CANCELLED';
  @Column('timestamptz', { name: 'created_at' }) createdAt!: Date;
  @Column('uuid', { name: 'created_by', nullable: true }) createdBy!: string | null;
  @Column('integer') records!: number;
  @Column('bigint') bytes!: string;
  @Column('text') sha256!: string;
  @Column('integer') chunks!: number;
  @Column('jsonb') minutes!: Minutes;
  @Column('text', { name: 'receipt_number', nullable: true }) receiptNumber!: string | null;
  @Column('date', { name: 'receipt_date', nullable: true }) receiptDate!: string | null;
  @Column('integer', { nullable: true }) accepted!: number | null;
  @Column('integer', { nullable: true }) refused!: number | null;
  @Column('timestamptz', { name: 'closed_at', nullable: true }) closedAt!: Date | null;
}

@Entity({ schema: 'balikan', name: 'media_chunk' })
export class MediaChunkRow {
  @PrimaryColumn('uuid', { name: 'package_id' }) packageId!: string;
  @PrimaryColumn('integer') n!: number;
  @Column('bytea') bytes!: Buffer;
}

export const entities: EntityList = [MediaPackageRow, MediaChunkRow];
