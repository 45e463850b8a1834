import { Column, Entity, Index, PrimaryColumn, Unique } from 'typeorm';
import type { EntityList } from '../feature.js';

@Entity({ schema: 'reporting', name: 'letter_numbering' })
export class LetterNumberingRow {
  @PrimaryColumn('uuid', { name: 'institution_id' }) institutionId!: string;
  @Column('jsonb') numbering!: object;
  @Column('timestamptz', { name: 'changed_at' }) changedAt!: Date;
  @Column('uuid', { name: 'changed_by', nullable: true }) changedBy!: string | null;
}

@Entity({ schema: 'reporting', name: 'letter_counter' })
export class LetterCounterRow {
  @PrimaryColumn('uuid', { name: 'institution_id' }) institutionId!: string;
  @PrimaryColumn('integer') year!: number;
  @Column('integer') last!: number;
}

@Entity({ schema: 'reporting', name: 'letter' })
@Unique('letter_serial', ['institutionId', 'year', 'serial'])
@Unique('letter_number', ['institutionId', 'number'])
@Index('letter_list', ['institutionId', 'id'])
export class LetterRow {
  @PrimaryColumn('uuid') id!: string;
  @Column('uuid', { name: 'institution_id' }) institutionId!: string;
  @Column('text') kind!: string;
  @Column('integer') year!: number;
  @Column('integer') serial!: number;
  @Column('text') number!: string;
  @Column('date') dated!: string;
  @Column('jsonb') fields!: object;
  @Column('timestamptz', { name: 'created_at' }) createdAt!: Date;
  @Column('uuid', { name: 'created_by', nullable: true }) createdBy!: string | null;
}

export const entities: EntityList = [LetterNumberingRow, LetterCounterRow, LetterRow];
