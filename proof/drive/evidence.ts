import {
  checkReceipt,
  createEvidenceCheckpoint,
  exportEvidence,
  getInclusionProof,
  getReceiptPicture,
  listAdminEvents,
  listEvidenceCheckpoints,
  listVerifications,
  printPersonTrail,
  tracePersonData,
} from '#contracts';
import { json } from './caller.js';
import { matchOf } from './outcomes.js';
import type { Tour } from './tour.js';

/** What the evidence tells afterwards: trails, receipts, proofs, the export, and who looked at somebody's data. */
export async function driveEvidence(tour: Tour): Promise<void> {
  const { caller, canaries } = tour;
  const office = tour.office('administration');
  const { camat } = await tour.people();
  const headers = { ...camat.headers, ...json };
  const canary = await canaries.of('looked at afterwards');
  const lookUp = await caller.verify('look-up that is looked at afterwards', office, { nik: canary.nik });
  await caller.verify('look-up that is looked at afterwards', office, { nik: canary.nik, match: matchOf(canary) });
  await caller.send('checkpoint is signed', createEvidenceCheckpoint, { headers: camat.headers });
  await caller.send('checkpoints', listEvidenceCheckpoints, { headers: camat.headers });
  const { receipt, receiptCode, id } = lookUp.body as Record<'receipt' | 'receiptCode' | 'id', string | undefined>;
  for (const told of [receipt, receiptCode, id, canary.nik])
    await caller.send('receipt is checked', checkReceipt, { headers, body: JSON.stringify({ receipt: told }) });
  const picture = getReceiptPicture.path.replace('{code}', encodeURIComponent(receiptCode ?? 'none'));
  await caller.send('receipt as a picture', getReceiptPicture, { headers: camat.headers, path: picture });
  const inclusion = `${getInclusionProof.path}?verificationId=${id ?? ''}`;
  await caller.send('proof that it is in the log', getInclusionProof, { headers: camat.headers, path: inclusion });
  for (const route of [tracePersonData, printPersonTrail]) {
    for (const nik of [canary.nik, canaries.nik('trail of somebody who was never looked up')])
      await caller.send("trail of a person's data", route, {
        headers,
        body: JSON.stringify({ nik, requestNumber: '045.2/17/XI/2026' }),
      });
    const inNumber = canaries.nik(`in the number of the request, ${route.operationId}`);
    await caller.send("trail of a person's data, NIK in the wrong place", route, {
      headers,
      body: JSON.stringify({ nik: canary.nik, requestNumber: inNumber }),
    });
  }
  await caller.send('trail of the office', listVerifications, { headers: camat.headers });
  await caller.send('record of the administration', listAdminEvents, {
    headers: camat.headers,
    path: listAdminEvents.path.replace('{institutionId}', camat.session.institution.id),
  });
  await caller.send('export of the evidence', exportEvidence, { headers: camat.headers });
}
