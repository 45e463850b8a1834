import { IsNull, type DataSource } from 'typeorm';
import { z } from 'zod';
import { NewReader, SamPersonalisation, type ReaderDetail, type SamDetail } from '#contracts';
import { Institution } from '../access/entities.js';
import { clockOf } from '../administration/admin-record.js';
import type { Administration } from '../administration/administration.service.js';
import { Reader } from '../readers/entities.js';
import { issueJoinCode, registerReader } from '../readers/reader-acts.js';
import { activateSam, assignSam, recordPersonalisation, requestSam } from '../readers/sam-acts.js';

/** A reader with an activated SAM, and whether a join code is wanted. */
export const SeedReader = z.strictObject({
  regionCode: z.string(),
  reader: NewReader.omit({ reason: true }),
  sam: SamPersonalisation.pick({ serial: true, pcidFingerprint: true }),
  join: z.boolean(),
});
export type SeedReader = z.infer<typeof SeedReader>;

const actor = { kind: 'command-line' } as const;
const reason = 'Data awal (seed)';

/** Registers it unless it is there, by the acts that everybody takes. May be run again. */
export async function seedReader(
  administration: Administration,
  database: DataSource,
  { regionCode, reader, sam, join }: SeedReader,
): Promise<{ readerId: string; code: string | null }> {
  const { id: institutionId } = await database.manager.findOneByOrFail(Institution, { regionCode });
  const found = await database.manager.findOneBy(Reader, {
    institutionId,
    serial: reader.serial,
    revokedAt: IsNull(),
  });
  const readerId = found?.id ?? (await register());
  if (!join) return { readerId, code: null };
  const { joinCode } = await administration.perform(issueJoinCode, actor, institutionId, { readerId }, reason);
  return { readerId, code: joinCode };

  async function register(): Promise<string> {
    const { today } = await clockOf(database.manager);
    const { id }: ReaderDetail = await administration.perform(registerReader, actor, institutionId, reader, reason);
    const request = { sifilmaNumber: `SIFILMA/${sam.serial}`, letter: { number: `470/${sam.serial}`, date: today } };
    const { id: samId }: SamDetail = await administration.perform(requestSam, actor, institutionId, request, reason);
    const personalised = { samId, ...sam, doneOn: today };
    await administration.perform(recordPersonalisation, actor, institutionId, personalised, reason);
    await administration.perform(activateSam, actor, institutionId, { samId, doneOn: today }, reason);
    await administration.perform(assignSam, actor, institutionId, { samId, readerId: id }, reason);
    return id;
  }
}
