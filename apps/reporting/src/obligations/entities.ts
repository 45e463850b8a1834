import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { EntityList } from '../feature.js';

@Entity({ schema: 'reporting', name: 'office' })
export class OfficeRow {
  @PrimaryColumn('uuid', { name: 'institution_id' }) institutionId!: string;
  @Column('text') name!: string;
  @Column('text', { name: 'region_code' }) regionCode!: string;
}

export const entities: EntityList = [OfficeRow];
