import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

@Entity({ schema: 'verification', name: 'tally_chunk' })
export class TallyChunkRow {
  @PrimaryColumn('integer', { name: 'log_id' }) logId!: number;
  @PrimaryColumn('bigint') first!: string;
  @Column('integer') width!: number;
  @Column('timestamptz', { name: 'tallied_at' }) talliedAt!: Date;
  @Column('date', { name: 'checked_on' }) checkedOn!: string;
  @Column('timestamptz', { name: 'faulty_since', nullable: true }) faultySince!: Date | null;
}

@Entity({ schema: 'verification', name: 'tally_cell' })
@Index('tally_cell_day', ['logId', 'day'])
export class TallyCellRow {
  @PrimaryColumn('integer', { name: 'log_id' }) logId!: number;
  @PrimaryColumn('bigint') first!: string;
  @PrimaryColumn('integer') cell!: number;
  @Column('date') day!: string;
  @Column('text') kind!: string;
  @Column('uuid', { name: 'agreement_version_id', nullable: true }) agreementVersionId!: string | null;
  @Column('text', { name: 'client_id', nullable: true }) clientId!: string | null;
  @Column('uuid', { name: 'operator_id', nullable: true }) operatorId!: string | null;
  @Column('text', { nullable: true }) service!: string | null;
  @Column('text', { nullable: true }) mode!: string | null;
  @Column('text', { name: 'hit_state', nullable: true }) hitState!: string | null;
  @Column('text', { nullable: true }) outcome!: string | null;
  @Column('bigint') events!: string;
}

@Entity({ schema: 'verification', name: 'sequence_mark' })
@Index('sequence_mark_period', ['institutionId', 'at'])
export class SequenceMarkRow {
  @PrimaryColumn('uuid', { name: 'verification_id' }) verificationId!: string;
  @PrimaryColumn('smallint') distance!: number;
  @PrimaryColumn('boolean', { name: 'same_operator' }) sameOperator!: boolean;
  @Column('uuid', { name: 'institution_id' }) institutionId!: string;
  @Column('timestamptz') at!: Date;
  @Column('uuid', { name: 'operator_id', nullable: true }) operatorId!: string | null;
  @Column('integer', { name: 'minutes_before' }) minutesBefore!: number;
}

@Entity({ schema: 'verification', name: 'opened_event' })
@Index('opened_event_day', ['logId', 'type', 'day'], { where: 'day IS NOT NULL' })
@Index('opened_event_named', ['verificationId'], { where: "type = 'DATA_BALIKAN'" })
export class OpenedEventRow {
  @PrimaryColumn('integer', { name: 'log_id' }) logId!: number;
  @PrimaryColumn('bigint') index!: string;
  @Column('uuid', { name: 'event_id' }) eventId!: string;
  @Column('uuid', { name: 'institution_id' }) institutionId!: string;
  @Column('text') type!: string;
  @Column('text') act!: string;
  @Column('text', { nullable: true }) subject!: string | null;
  @Column('date') day!: string;
  @Column('text', { nullable: true }) outcome!: string | null;
  @Column('integer', { nullable: true }) tries!: number | null;
  @Column('text', { nullable: true }) service!: string | null;
  @Column('text', { nullable: true }) receipt!: string | null;
  @Column('uuid', { name: 'verification_id', nullable: true }) verificationId!: string | null;
}

@Entity({ schema: 'verification', name: 'opened_until' })
export class OpenedUntilRow {
  @PrimaryColumn('integer', { name: 'log_id' }) logId!: number;
  @Column('bigint') index!: string;
}
