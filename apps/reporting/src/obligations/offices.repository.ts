import { Inject, Injectable } from '@nestjs/common';
import pg from 'pg';

export interface OfficeName {
  id: string;
  name: string;
  regionCode: string;
}

/** What an office was called when the gateway last said it. */
@Injectable()
export class OfficeNames {
  constructor(@Inject(pg.Pool) private readonly pool: pg.Pool) {}

  async find(id: string): Promise<OfficeName | undefined> {
    const { rows } = await this.pool.query<OfficeName>(
      'SELECT institution_id AS id, name, region_code AS "regionCode" FROM reporting.office WHERE institution_id = $1',
      [id],
    );
    return rows[0];
  }

  async keep({ id, name, regionCode }: OfficeName): Promise<void> {
    await this.pool.query(
      `INSERT INTO reporting.office AS known (institution_id, name, region_code) VALUES ($1, $2, $3)
       ON CONFLICT (institution_id) DO UPDATE SET name = excluded.name, region_code = excluded.region_code
       WHERE (known.name, known.region_code) IS DISTINCT FROM (excluded.name, excluded.region_code)`,
      [id, name, regionCode],
    );
  }
}
