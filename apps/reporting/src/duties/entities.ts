import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { Duty } from '#contracts';
import type { EntityList } from '../feature.js';

@Entity({ schema: 'reporting', name: 'duty' })
@Index('duty_open', ['institutionId', 'kind', 'number'], { unique: true, where: 'done_at IS NULL' })
@Index('duty_list', ['institutionId', 'receivedAt'])
export class DutyRow {
  @PrimaryColumn('uuid') id!: string;
  @Column('uuid', { name: 'institution_id' }) institutionId!: string;
  @Column('text') kind!: Duty['kind'];
  @Column('text') number!: string;
  @Column('timestamptz', { name: 'received_at' }) receivedAt!: Date;
  @Column('timestamptz', { name: 'due_at' }) dueAt!: Date;
  @Column('timestamptz', { name: 'recorded_at' }) recordedAt!: Date;
  @Column('uuid', { name: 'recorded_by', nullable: true }) recordedBy!: string | null;
  @Column('timestamptz', { name: 'done_at', nullable: true }) doneAt!: Date | null;
  @Column('text', { name: 'letter_number', nullable: true }) letterNumber!: string | null;
  @Column('text', { nullable: true }) note!: string | null;
  @Column('timestamptz', { name: 'closed_at', nullable: true }) closedAt!: Date | null;
  @Column('uuid', { name: 'closed_by', nullable: true }) closedBy!: string | null;
}

export const entities: EntityList = [DutyRow];
