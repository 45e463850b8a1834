import type { EntityManager } from 'typeorm';
import { Sam } from './entities.js';

/** SAM cards of an agreement, in the order in which they were asked for. */
const samsOf = (manager: EntityManager, agreementId: string): Promise<Sam[]> =>
  manager.find(Sam, { where: { agreementId }, order: { id: 'ASC' } });

const nameOf = ({ serial, sifilmaNumber }: Sam): string => (serial === null ? `permintaan ${sifilmaNumber}` : serial);

/** What is still to be done about each before the agreement can be closed (O-13). */
export async function samsNotReturned(manager: EntityManager, agreementId: string): Promise<string[]> {
  const open = (await samsOf(manager, agreementId)).filter(
    ({ personalisedOn, returnedOn }) => personalisedOn !== null && returnedOn === null,
  );
  return open.map(
    (sam) =>
      `SAM ${nameOf(sam)}: catat pengembalian berkas konfigurasinya (sam return-configuration), atau catat langkah ini dengan keterangan (note) mengapa tidak dikembalikan.`,
  );
}

/** For the berita acara: each SAM with its receipt. */
export async function samLines(manager: EntityManager, agreementId: string): Promise<string[]> {
  return (await samsOf(manager, agreementId)).map((sam) =>
    sam.returnedOn === null
      ? `SAM ${nameOf(sam)}: tidak dikembalikan`
      : `SAM ${nameOf(sam)}: dikembalikan ${sam.returnedOn}, tanda terima ${sam.returnReceipt ?? ''}`,
  );
}
