import { Injectable } from '@nestjs/common';
import type { AsOf, Letter, LetterPage, NewLetter, ReportActor } from '#contracts';
import { dayOf } from '#paper';
import { AppError, type Call } from '#service';
import { officialsOf, peopleOf, renderLetter } from './compose-letter.js';
import { camatOn, type LetterFacts, type Official } from './facts.js';
import { letterFaults } from './letter-faults.js';
import { LetterRepository, type KeptLetter } from './letter.repository.js';
import { RegisterReader } from './register-reader.js';
import { letterFileName } from './numbering.js';

/** Kept back from the caller's deadline for what comes after the facts, milliseconds. */
const marginMs = 500;
/** A piece of a file: base64 of it and an envelope fit one message of the bus. */
const pieceBytes = 128 * 1024;

/** Letters of an office: numbered once, written anew each time from what stands. */
@Injectable()
export class Letters {
  constructor(
    private readonly letters: LetterRepository,
    private readonly facts: RegisterReader,
  ) {}

  /** @throws {AppError} RESOURCE_NOT_FOUND or REQUEST_INVALID with what is missing or wrong; nothing is numbered then */
  async make({ institutionId, operatorId }: ReportActor, letter: NewLetter, { deadlineAt }: Call): Promise<Letter> {
    const until = deadlineAt - marginMs;
    const now = await this.letters.now();
    const on = letter.on ?? dayOf(now);
    const [register, people, duty] = await Promise.all([
      this.facts.register(institutionId, until),
      this.facts.people(institutionId, until),
      this.dutyOf(institutionId, letter),
    ]);
    const faults = letterFaults(letter, { on, now, register, people, duty });
    if (faults) throw new AppError(faults.code, { issues: faults.issues });
    const asOf = await this.checkpointFor(institutionId, letter, until);
    return this.letters.keep({ institutionId, by: operatorId, on, letter, asOf });
  }

  async list(institutionId: string, limit: number, before?: string): Promise<LetterPage> {
    const found = await this.letters.list(institutionId, limit + 1, before);
    const letters = found.slice(0, limit);
    return { letters, next: found.length > limit ? (letters.at(-1)?.id ?? null) : null };
  }

  /** @throws {AppError} RESOURCE_NOT_FOUND */
  async get(institutionId: string, id: string): Promise<Letter & { officialIds: string[] }> {
    const { letter, asOf: _asOf, ...summary } = await this.letters.get(institutionId, id);
    return { ...summary, officialIds: officialsOf(letter) };
  }

  /**
   * The file, piece `n`. NIKs of officials are in it and nowhere else: they are neither kept nor logged (O-15).
   *
   * @throws {AppError} RESOURCE_NOT_FOUND when there is no such letter or piece
   */
  async read(institutionId: string, id: string, n: number, officials: readonly Official[], { deadlineAt }: Call) {
    const kept = await this.letters.get(institutionId, id);
    const facts = await this.factsOf(institutionId, kept, officials, deadlineAt - marginMs);
    const file = await renderLetter(kept.letter, facts, new Date(kept.createdAt));
    const bytes = file.subarray(n * pieceBytes, (n + 1) * pieceBytes);
    if (bytes.length === 0) throw new AppError('RESOURCE_NOT_FOUND');
    return { bytes, last: (n + 1) * pieceBytes >= file.length, fileName: letterFileName(kept) };
  }

  private async factsOf(
    institutionId: string,
    { letter, asOf, on, number }: KeptLetter,
    officials: readonly Official[],
    until: number,
  ): Promise<LetterFacts> {
    const [register, everybody, numbering, figures, duty] = await Promise.all([
      this.facts.register(institutionId, until),
      this.facts.people(institutionId, until),
      this.letters.numbering(institutionId),
      letter.kind === 'QUOTA_REQUEST'
        ? this.facts.figures(institutionId, { from: letter.from, until: letter.until }, asOf, until)
        : null,
      this.dutyOf(institutionId, letter),
    ]);
    const named = new Set(peopleOf(letter));
    const people = new Map([...everybody].filter(([id]) => named.has(id)));
    const camat = camatOn(everybody.values(), on);
    const { letterhead } = numbering;
    return { on, number, letterhead, register, people, camat, officials, figures, duty };
  }

  private async dutyOf(institutionId: string, letter: NewLetter) {
    return letter.kind === 'BREACH_NOTICE'
      ? ((await this.letters.findBreachDuty(institutionId, letter.dutyId)) ?? null)
      : null;
  }

  /** A technical study tells the figures of one checkpoint, whenever it is read. */
  private async checkpointFor(institutionId: string, letter: NewLetter, until: number): Promise<AsOf | null> {
    if (letter.kind !== 'QUOTA_REQUEST') return null;
    const period = { from: letter.from, until: letter.until };
    const { checkpoints } = await this.facts.figures(institutionId, period, null, until);
    const last = checkpoints.at(-1);
    return last ? { origin: last.origin, size: last.size } : null;
  }
}
