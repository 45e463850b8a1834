import { Inject, Injectable } from '@nestjs/common';
import pg from 'pg';
import type { openBalikanEvents, RpcInput, RpcOutput } from '#contracts';
import { deliveredContent } from '../evidence-report/delivered-content.js';

interface Row {
  id: string;
  salt: Buffer;
  nomorRegister: string;
  namaUsaha: string;
  jenisUsaha: string;
  kodeKbli: string | null;
  versiKbli: string | null;
  tanggal: string;
  receipt: 'SUCCESS' | 'ALREADY_SENT' | 'MEDIA';
  verificationId: string;
}

/** What the leaves of deliveries commit to (docs/evidence-format.md, DATA_BALIKAN): everything but the person. */
@Injectable()
export class DeliveredEvents {
  constructor(@Inject(pg.Pool) private readonly pool: pg.Pool) {}

  /** Of records of other institutions, and of those that are not delivered, there is nothing in the answer. */
  async open({
    institutionId,
    events,
  }: RpcInput<typeof openBalikanEvents>): Promise<RpcOutput<typeof openBalikanEvents>> {
    const { rows } = await this.pool.query<Row>(
      `SELECT id, salt, register_number AS "nomorRegister", business_name AS "namaUsaha", business_type AS "jenisUsaha",
         kbli_code AS "kodeKbli", kbli_version AS "versiKbli", register_date::text AS tanggal, receipt,
         verification_id AS "verificationId"
       FROM balikan.record
       WHERE institution_id = $1 AND id = ANY ($2) AND state IN ('DELIVERED', 'HANDED_OVER')`,
      [institutionId, events.map(({ subject }) => subject)],
    );
    const records = new Map(rows.map((row) => [row.id, row]));
    return {
      events: events.flatMap(({ id, subject }) => {
        const record = records.get(subject);
        if (!record) return [];
        const { salt, kodeKbli, versiKbli, ...said } = record;
        const kbli = kodeKbli !== null && versiKbli !== null ? { kode: kodeKbli, versi: versiKbli } : null;
        return [{ id, salt: salt.toString('base64'), content: { ...deliveredContent({ ...said, kbli }) } }];
      }),
    };
  }
}
