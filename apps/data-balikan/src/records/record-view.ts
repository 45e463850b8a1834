import type { BalikanRecord, BalikanState, DeliveryFailure } from '#contracts';
import { deliveryDetail } from './delivery-detail.js';

/** What is read of a record: never the NIK, sealed or as HMAC. */
export const recordColumns = `id, register_number AS "registerNumber", business_name AS "businessName",
  business_type AS "businessType", kbli_code AS "kbliCode", kbli_version AS "kbliVersion", register_date::text AS "registerDate",
  verification_id AS "verificationId", source, batch_id AS "batchId", operator_id AS "operatorId", accepted_at AS "acceptedAt",
  state, attempts, last_attempt_at AS "lastAttemptAt", due_at AS "dueAt", failure, delivered_at AS "deliveredAt", receipt,
  media_package_id AS "mediaPackageId"`;

export interface RecordColumns {
  id: string;
  registerNumber: string;
  businessName: string;
  businessType: string;
  kbliCode: string | null;
  kbliVersion: '2020' | '2025' | null;
  registerDate: string;
  verificationId: string;
  source: BalikanRecord['source'];
  batchId: string | null;
  operatorId: string | null;
  acceptedAt: Date;
  state: BalikanState;
  attempts: number;
  lastAttemptAt: Date | null;
  dueAt: Date;
  failure: DeliveryFailure | null;
  deliveredAt: Date | null;
  receipt: BalikanRecord['delivery']['receipt'];
  mediaPackageId: string | null;
}

export function toRecord(row: RecordColumns): BalikanRecord {
  const arrived = row.state === 'DELIVERED' || row.state === 'HANDED_OVER';
  return {
    id: row.id,
    nomorRegister: row.registerNumber,
    namaUsaha: row.businessName,
    jenisUsaha: row.businessType,
    kbli: row.kbliCode && row.kbliVersion ? { kode: row.kbliCode, versi: row.kbliVersion } : null,
    tanggal: row.registerDate,
    verificationId: row.verificationId,
    source: row.source,
    batchId: row.batchId,
    operatorId: row.operatorId,
    acceptedAt: row.acceptedAt.toISOString(),
    delivery: {
      state: row.state,
      attempts: row.attempts,
      lastAttemptAt: row.lastAttemptAt?.toISOString() ?? null,
      nextAttemptAt: row.state === 'WAITING' ? row.dueAt.toISOString() : null,
      // what once stood in the way of a record that has arrived is of no interest any more
      failure: arrived ? null : row.failure,
      detail: deliveryDetail(row.state, row.failure),
      deliveredAt: row.deliveredAt?.toISOString() ?? null,
      receipt: row.receipt,
      mediaPackageId: row.mediaPackageId,
    },
  };
}
