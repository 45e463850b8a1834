import { Injectable } from '@nestjs/common';
import { readNik, type findLookUps, type listBusinessLookUps, type RpcInput, type RpcOutput } from '#contracts';
import { AppError, hmacKeyName, takeFitting, type KeyFolder } from '#service';
import type { Pseudonymiser, Pseudonyms } from '../evidence/pseudonym.js';
import type { LookUpRepository, WantedPerson } from './look-up.repository.js';

const pageSize = 1_000;

type Person = RpcInput<typeof findLookUps>['people'][number];

/** What data-balikan has to know of look-ups: whose data was accessed (O-07), and after which ones a record is owed. */
@Injectable()
export class LookUps {
  constructor(
    private readonly repository: LookUpRepository,
    private readonly pseudonymiser: Pseudonymiser,
    private readonly keys: KeyFolder,
  ) {}

  /** @throws {AppError} AGREEMENT_CLOSED when its key is destroyed: it recognises nobody any more; EVIDENCE_UNAVAILABLE */
  async find({ institutionId, agreementId, people }: RpcInput<typeof findLookUps>): Promise<string[][]> {
    let wanted: WantedPerson[];
    try {
      const pseudonyms = await this.pseudonymiser.of(agreementId);
      wanted = people.map((person) => toWanted(person, pseudonyms));
    } catch (error) {
      if (await this.keys.findTombstone(hmacKeyName(agreementId))) throw new AppError('AGREEMENT_CLOSED');
      throw error;
    }
    return this.repository.findAll(institutionId, wanted).catch(unavailable);
  }

  /** @throws {AppError} EVIDENCE_UNAVAILABLE */
  async listBusiness({
    institutionId,
    ...range
  }: RpcInput<typeof listBusinessLookUps>): Promise<RpcOutput<typeof listBusinessLookUps>> {
    const found = await this.repository
      .listBusiness(institutionId, { ...range, limit: pageSize + 1 })
      .catch(unavailable);
    const lookUps = takeFitting(found.slice(0, pageSize));
    return { lookUps, next: lookUps.length < found.length ? (lookUps.at(-1)?.verificationId ?? null) : null };
  }
}

function toWanted({ nik, verificationId, reference }: Person, pseudonyms: Pseudonyms): WantedPerson {
  const reading = readNik(nik);
  return {
    nikHmac: reading.ok ? pseudonyms.nik(reading.nik) : null,
    verificationId,
    referenceHmac: reference === null ? null : pseudonyms.reference(reference),
  };
}

function unavailable(cause: unknown): never {
  throw new AppError('EVIDENCE_UNAVAILABLE', { retryAfter: 2 }, { cause });
}
