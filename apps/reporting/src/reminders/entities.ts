import { Column, Entity, Index, PrimaryColumn, Unique } from 'typeorm';
import type { Reminder } from '#contracts';
import type { EntityList } from '../feature.js';

@Entity({ schema: 'reporting', name: 'reminder_settings' })
export class ReminderSettingsRow {
  @PrimaryColumn('uuid', { name: 'institution_id' }) institutionId!: string;
  @Column('text', { array: true }) emails!: string[];
  @Column('text', { name: 'webhook_url', nullable: true }) webhookUrl!: string | null;
  @Column('bytea', { name: 'webhook_secret', nullable: true }) webhookSecret!: Buffer | null;
  @Column('timestamptz', { name: 'changed_at' }) changedAt!: Date;
  @Column('uuid', { name: 'changed_by', nullable: true }) changedBy!: string | null;
}

@Entity({ schema: 'reporting', name: 'reminder_check' })
export class ReminderCheckRow {
  @PrimaryColumn('uuid', { name: 'institution_id' }) institutionId!: string;
  @PrimaryColumn('text') kind!: 'daily' | 'hourly';
  @Column('timestamptz', { name: 'done_slot', nullable: true }) doneSlot!: Date | null;
  @Column('timestamptz', { name: 'retry_at', nullable: true }) retryAt!: Date | null;
}

@Entity({ schema: 'reporting', name: 'reminder' })
@Unique('reminder_once', ['institutionId', 'rule', 'instance', 'obligationState', 'week', 'channel', 'recipient'])
@Index('reminder_queue', ['dueAt'], { where: "state = 'WAITING'" })
@Index('reminder_list', { synchronize: false })
export class ReminderRow {
  @PrimaryColumn('uuid') id!: string;
  @Column('uuid', { name: 'institution_id' }) institutionId!: string;
  @Column('text') rule!: string;
  @Column('text') clause!: string;
  @Column('text') instance!: string;
  @Column('text', { name: 'obligation_state' }) obligationState!: Reminder['obligationState'];
  @Column('integer') week!: number;
  @Column('text') channel!: Reminder['channel'];
  @Column('text') recipient!: string;
  @Column('text') office!: string;
  @Column('text') title!: string;
  @Column('date', { name: 'due_on', nullable: true }) dueOn!: string | null;
  @Column('timestamptz', { name: 'obligation_due_at', nullable: true }) obligationDueAt!: Date | null;
  @Column('text', { name: 'next_step', nullable: true }) nextStep!: string | null;
  @Column('timestamptz', { name: 'created_at' }) createdAt!: Date;
  @Column('text', { default: 'WAITING' }) state!: Reminder['state'];
  @Column('integer', { default: 0 }) attempts!: number;
  @Column('text', { nullable: true }) failure!: string | null;
  @Column('timestamptz', { name: 'due_at' }) dueAt!: Date;
  @Column('timestamptz', { name: 'sending_since', nullable: true }) sendingSince!: Date | null;
  @Column('timestamptz', { name: 'claimed_until', nullable: true }) claimedUntil!: Date | null;
  @Column('bigint', { default: 0 }) term!: string;
  @Column('timestamptz', { name: 'handed_over_at', nullable: true }) handedOverAt!: Date | null;
  @Column('timestamptz', { name: 'sent_at', nullable: true }) sentAt!: Date | null;
  @Column('uuid', { name: 'resent_by', nullable: true }) resentBy!: string | null;
}

export const entities: EntityList = [ReminderSettingsRow, ReminderCheckRow, ReminderRow];
