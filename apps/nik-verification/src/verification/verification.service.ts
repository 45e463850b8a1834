import { Injectable } from '@nestjs/common';
import { uuidv7 } from 'uuidv7';
import {
  elementNames,
  inElementOrder,
  nikMessages,
  readNik,
  type Actor,
  type ElementName,
  type Outcome,
  type RpcInput,
  type VerificationMode,
  type VerificationRequest,
  type VerificationResult,
  type verify,
} from '#contracts';
import { AppError, counter, histogram, type Call, type Log } from '#service';
import type { EvidenceLag } from '../evidence/evidence-lag.js';
import type { Pseudonymiser, Pseudonyms } from '../evidence/pseudonym.js';
import type { Receipts } from '../evidence/receipts.js';
import type { Admission, HitLedger, Reservation, Settled } from '../ledger/hit-ledger.js';
import type { SequenceWatch } from '../patterns/sequence-watch.js';
import type { MinistryAnswer } from '../upstream/ministry-answer.js';
import type { MinistryQuestion } from '../upstream/ministry-client.js';
import type { Upstream, UpstreamDirectory } from '../upstream/upstream-directory.js';
import { Flights } from './flights.js';
import { describeQuota } from './quota.js';

/** Time kept back from the caller's deadline for writing the outcome and answering, milliseconds. */
const reserveForAnswerMs = 750;
/** Look-ups that one replica has on their way at most. */
const mostInFlight = 1_000;

const outcomesTotal = counter('gerbang_verifications_total', 'Look-ups by outcome or error code', ['outcome']);
const upstreamSeconds = histogram('gerbang_upstream_seconds', 'Time the ministry took', ['mode']);

type VerifyInput = RpcInput<typeof verify>;

interface Prepared {
  actor: Actor;
  request: VerificationRequest;
  question: MinistryQuestion;
  pseudonyms: Pseudonyms;
  warnings: VerificationResult['warnings'];
  flightKey: Buffer;
  keyHmac: Buffer | undefined;
  /** The identical look-up that this replica had on its way already. */
  begun?: Promise<VerificationResult> | undefined;
}

/** One look-up from the NIK as typed to the answer: rules, one hit, evidence, the ministry, the outcome on record. */
@Injectable()
export class VerificationService {
  private readonly flights = new Flights<VerificationResult>(mostInFlight);

  constructor(
    private readonly ledger: HitLedger,
    private readonly pseudonymiser: Pseudonymiser,
    private readonly directory: UpstreamDirectory,
    private readonly receipts: Receipts,
    private readonly lag: EvidenceLag,
    private readonly sequences: Pick<SequenceWatch, 'notice'>,
    private readonly upstreamDeadlineMs: number,
    private readonly log: Log,
    private readonly askHolder: (holder: string, input: VerifyInput, deadlineAt: number) => Promise<VerificationResult>,
  ) {}

  async verify(input: VerifyInput, call: Call, { forwarded = false } = {}): Promise<VerificationResult> {
    const prepared = await this.prepare(input);
    const flightKey = prepared.flightKey.toString('base64');
    const upstream = await this.findUpstream(prepared.actor.institutionId);
    this.lag.refuseStalled(prepared.actor.institutionId);
    // from here to `share` nothing is waited for, so of several that come together one is the first
    const begun = this.flights.find(flightKey);
    // with a key of its own it goes through the ledger, so that the key is remembered
    if (begun && !prepared.keyHmac) return begun;
    if (this.flights.full) throw new AppError('OVERLOADED', { retryAfter: 1 });
    const own = () => this.admitAndAsk(input, { ...prepared, begun }, upstream, call, forwarded);
    return begun ? own() : this.flights.share(flightKey, own);
  }

  private async findUpstream(institutionId: string): Promise<Upstream> {
    let upstream: Upstream | undefined;
    try {
      upstream = await this.directory.find(institutionId);
    } catch (error) {
      if (error instanceof AppError) throw error;
      throw new AppError('EVIDENCE_UNAVAILABLE', { retryAfter: 2 }, { cause: error });
    }
    if (!upstream) throw new AppError('UPSTREAM_NOT_CONFIGURED');
    return upstream;
  }

  private async prepare({ actor, request, idempotencyKey }: VerifyInput): Promise<Prepared> {
    const nik = readNik(request.nik);
    if (!nik.ok) throw new AppError('NIK_INVALID', { issues: [{ path: 'nik', message: nikMessages[nik.fault] }] });
    const warnings = nik.warnings.map((code) => ({ code, message: nikMessages[code] }));
    if (warnings.length > 0 && request.confirmWarnings !== true) {
      throw new AppError('NIK_NEEDS_CONFIRMATION', {
        issues: warnings.map(({ message }) => ({ path: 'nik', message })),
      });
    }
    const mode: VerificationMode = request.match ? 'MATCH' : 'LOOKUP';
    const fields = request.match ? matchedElements(request.match) : inElementOrder(request.fields ?? actor.elements);
    const pseudonyms = await this.pseudonymiser.of(actor.agreementId);
    return {
      actor,
      request,
      question: { nik: nik.nik, mode, fields, match: request.match },
      pseudonyms,
      warnings,
      flightKey: pseudonyms.request([
        actor.institutionId,
        actor.operatorId,
        actor.clientId,
        nik.nik,
        mode,
        fields,
        request.match ?? null,
        request.purpose,
      ]),
      keyHmac: idempotencyKey === undefined ? undefined : pseudonyms.idempotencyKey(actor.clientId, idempotencyKey),
    };
  }

  private async admitAndAsk(
    input: VerifyInput,
    prepared: Prepared,
    upstream: Upstream,
    call: Call,
    forwarded: boolean,
  ): Promise<VerificationResult> {
    const reservation = makeReservation(prepared);
    const admission = await this.ledger.reserve(reservation, call.deadlineAt - reserveForAnswerMs);
    if (admission.verdict === 'joined') return this.join(input, prepared, admission, call, forwarded);
    if (admission.verdict !== 'reserved') {
      outcomesTotal.inc({ outcome: admission.verdict });
      throw refusal(admission);
    }
    this.warnOfQuota(prepared.actor.institutionId, admission);
    const admitted = { ...reservation, id: admission.verificationId ?? reservation.id };
    try {
      return await this.ask(admitted, prepared, upstream, admission, call);
    } finally {
      const { question, pseudonyms } = prepared;
      this.sequences.notice({ verificationId: admitted.id, nik: question.nik, pseudonyms });
    }
  }

  /** Once for each threshold and day: with the look-up that reaches it. */
  private warnOfQuota(institutionId: string, { used, limit, day }: Admission): void {
    const reached = [0.9, 0.7].find((share) => used === Math.ceil(limit * share));
    if (reached)
      this.log.event('warn', 'quota is running out', {
        institutionId,
        day,
        hits: used,
        limit,
        warning: `QUOTA_${reached * 100}`,
      });
  }

  /** An identical look-up is on its way, here or at another replica: its answer and its hit serve both. */
  private async join(
    input: VerifyInput,
    prepared: Prepared,
    admission: Admission,
    call: Call,
    forwarded: boolean,
  ): Promise<VerificationResult> {
    if (admission.holder === this.ledger.options.holder || forwarded) {
      if (prepared.begun) return prepared.begun;
      throw new AppError('REQUEST_IN_PROGRESS', { retryAfter: 1 });
    }
    return this.askHolder(admission.holder ?? '', input, call.deadlineAt);
  }

  private async ask(
    reservation: Reservation,
    prepared: Prepared,
    upstream: Upstream,
    admission: Admission,
    call: Call,
  ): Promise<VerificationResult> {
    const { id } = reservation;
    const started = performance.now();
    const patience = Math.min(
      upstream.deadlineMs ?? this.upstreamDeadlineMs,
      call.deadlineAt - started - reserveForAnswerMs,
    );
    const answer = await this.askMinistry(prepared.question, upstream, patience);
    const latencyMs = performance.now() - started;
    upstreamSeconds.observe({ mode: prepared.question.mode }, latencyMs / 1000);
    const outcome = answer.kind === 'answer' ? answer.outcome : answer.code;
    const settled = await this.ledger.settle(
      {
        id,
        state: answer.kind === 'answer' ? 'confirmed' : answer.hit,
        effect: answer.kind === 'answer' ? 'success' : answer.effect,
        outcome,
        latencyMs,
      },
      Math.max(call.deadlineAt - 250, performance.now() + 250),
    );
    outcomesTotal.inc({ outcome });
    this.log.event('debug', 'look-up answered', { verificationId: id, outcome, durationMs: Math.round(latencyMs) });
    if (answer.kind === 'fault')
      throw new AppError(answer.code, { verificationId: id, ...retryHint(answer, admission) });
    const { data, match } = answer;
    // given up as `unknown` in the meantime and then confirmed by nobody: there is no evidence of this answer to show
    if (!settled) throw new AppError('EVIDENCE_UNAVAILABLE', { verificationId: id });
    return {
      id,
      outcome: answer.outcome,
      ...(data ? { data } : {}),
      ...(match ? { match } : {}),
      warnings: prepared.warnings,
      quota: describeQuota(admission),
      ...(await this.receiptOf(reservation, settled, answer.outcome, Math.round(latencyMs), prepared)),
    };
  }

  /** Made of exactly what is on record. */
  private receiptOf(
    { id, ...asked }: Reservation,
    settled: Settled,
    outcome: Outcome,
    latencyMs: number,
    { actor, question }: Prepared,
  ): Promise<{ receipt: string; receiptCode: string }> {
    return this.receipts.issue({
      leaf: {
        agreementVersion: asked.agreementVersionId,
        at: settled.at,
        client: asked.clientId,
        fields: asked.fields,
        hit: 'confirmed',
        id: settled.eventId,
        institution: asked.institutionId,
        latencyMs,
        mode: asked.mode,
        nikHmac: asked.nikHmac.toString('hex'),
        operator: asked.operatorId,
        outcome,
        referenceHmac: asked.referenceHmac.toString('hex'),
        service: asked.service,
        type: 'ANSWERED',
        v: 1,
        verification: id,
      },
      institution: actor,
      elements: question.mode === 'MATCH' || outcome === 'FOUND' ? question.fields : [],
    });
  }

  private async askMinistry(
    question: MinistryQuestion,
    upstream: Upstream,
    patienceMs: number,
  ): Promise<MinistryAnswer> {
    if (patienceMs < 50) return { kind: 'fault', code: 'UPSTREAM_TIMEOUT', effect: 'none', hit: 'released' };
    return upstream.breaker.fire(() => upstream.client.ask(question, patienceMs));
  }
}

function makeReservation({ actor, request, question, pseudonyms, flightKey, keyHmac }: Prepared): Reservation {
  return {
    id: uuidv7(),
    institutionId: actor.institutionId,
    agreementVersionId: actor.agreementVersionId,
    validFrom: actor.validFrom,
    validUntil: actor.validUntil,
    clientId: actor.clientId,
    operatorId: actor.operatorId,
    service: request.purpose.service,
    reference: request.purpose.reference,
    mode: question.mode,
    fields: [...question.fields],
    referenceHmac: pseudonyms.reference(request.purpose.reference),
    nikHmac: pseudonyms.nik(question.nik),
    flightKey,
    keyHmac,
  };
}

function matchedElements(match: NonNullable<VerificationRequest['match']>): ElementName[] {
  return elementNames.filter((name) => name in match);
}

function refusal(admission: Admission): AppError {
  const code = admission.verdict as Exclude<Admission['verdict'], 'reserved' | 'joined'>;
  if (code === 'QUOTA_EXHAUSTED') {
    return new AppError(code, {
      retryAfter: Math.ceil(admission.msToMidnight / 1000),
      quota: describeQuota(admission),
    });
  }
  if (code === 'ALREADY_ANSWERED' && admission.verificationId)
    return new AppError(code, { verificationId: admission.verificationId });
  const retryAfter = admission.retryAfterMs === null ? undefined : Math.ceil(admission.retryAfterMs / 1000);
  return new AppError(code, retryAfter === undefined ? {} : { retryAfter });
}

function retryHint(answer: Extract<MinistryAnswer, { kind: 'fault' }>, admission: Admission): { retryAfter?: number } {
  return answer.code === 'QUOTA_EXHAUSTED' ? { retryAfter: Math.ceil(admission.msToMidnight / 1000) } : {};
}
