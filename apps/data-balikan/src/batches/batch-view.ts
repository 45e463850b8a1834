import {
  type BalikanActor,
  type Batch,
  fileFaults,
  rowFaults,
  type FileFaultCode,
  type RowFault,
  type RowFaultCode,
} from '#contracts';
import { columnLetter } from '../files/column-letter.js';

/** A row of balikan.batch. */
export interface StoredBatch {
  id: string;
  institution_id: string;
  agreement_id: string;
  actor: BalikanActor;
  policy: Batch['policy'];
  state: Batch['state'];
  format: Batch['format'];
  /** bigint: comes as text */
  bytes: string;
  fingerprint: string;
  chunks: number;
  result_chunks: number;
  key_id: string;
  created_at: Date;
  finished_at: Date | null;
  expires_at: Date;
  attempt: number;
  failures: number;
  rows: number;
  percent: number;
  checked: number;
  accepted: number;
  already_there: number;
  refused: number;
  held_back: number;
  faults: number;
  file_fault: FileFaultCode | null;
  file_fault_column: string | null;
  notes: string[];
}

/** A row of balikan.batch_fault. */
export interface StoredFault {
  n: number;
  row: number;
  cell_column: number | null;
  field: RowFault['field'];
  code: RowFaultCode;
  value_class: RowFault['value'];
}

export const batchView = (row: StoredBatch): Batch => ({
  id: row.id,
  state: row.state,
  format: row.format,
  bytes: Number(row.bytes),
  fingerprint: row.fingerprint,
  policy: row.policy,
  operatorId: row.actor.operatorId,
  createdAt: row.created_at.toISOString(),
  finishedAt: row.finished_at?.toISOString() ?? null,
  expiresAt: row.chunks > 0 || row.result_chunks > 0 ? row.expires_at.toISOString() : null,
  progress: { rows: row.rows, percent: row.percent },
  counts: {
    checked: row.checked,
    accepted: row.accepted,
    alreadyThere: row.already_there,
    refused: row.refused,
    heldBack: row.held_back,
    faults: row.faults,
  },
  fileFault: row.file_fault && {
    code: row.file_fault,
    column: row.file_fault_column,
    detail: fileFaults[row.file_fault],
  },
  notes: row.notes,
  resultReady: row.result_chunks > 0,
});

export const faultView = (fault: StoredFault): RowFault => ({
  row: fault.row,
  column: fault.cell_column === null ? null : columnLetter(fault.cell_column),
  field: fault.field,
  code: fault.code,
  value: fault.value_class,
  detail: rowFaults[fault.code],
});
