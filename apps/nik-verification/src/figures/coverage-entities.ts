import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

@Entity({ schema: 'verification', name: 'sent_look_up' })
@Index('sent_look_up_day', ['logId', 'day', 'index'])
@Index('sent_look_up_place', ['logId', 'index'])
export class SentLookUpRow {
  @PrimaryColumn('uuid', { name: 'verification_id' }) verificationId!: string;
  @PrimaryColumn('integer', { name: 'log_id' }) logId!: number;
  @Column('bigint') index!: string;
  /** Asia/Jakarta */
  @Column('date') day!: string;
}

@Entity({ schema: 'verification', name: 'covered_until' })
export class CoveredUntilRow {
  @PrimaryColumn('integer', { name: 'log_id' }) logId!: number;
  @Column('bigint') index!: string;
  /** Asia/Jakarta */
  @Column('date', { name: 'checked_on' }) checkedOn!: string;
  @Column('bigint', { name: 'checked_to' }) checkedTo!: string;
}
