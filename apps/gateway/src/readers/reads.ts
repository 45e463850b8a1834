import {
  beginRead,
  eventSubject,
  type ReadAnswer,
  type ReadOrder,
  type ReadProgress,
  type ReadRequest,
} from '#contracts';
import { AppError, toAppError, type Log } from '#service';
import type { AgentLine } from './bus/agent-line.js';
import type { BrokerConnection, SystemLine } from './bus/system-line.js';
import type { Permits } from './permits.js';
import { answerOf, levelOf } from './read-answer.js';
import type { AllowedRead, ReadGate } from './read-gate.js';
import type { ReadRecords } from './read-records.js';
import { ReadSession } from './read-session.js';
import type { ReaderRepository } from './reader-facts.js';
import type { RegisterCheck } from './register-check.js';
import type { AuthorisedRequest } from '../access/principal.js';

/** At once, in this process: each is a counter with somebody standing at it. */
const mostReads = 200;
/** How long an agent may take to begin. */
const beginMs = 5_000;
/** How often it is looked whether it may go on: a revocation ends it within a second (O-19). */
const confirmEveryMs = 400;
/** An agent that has only lost its line is back by then: it gives itself five seconds. */
const reconnectMs = 6_500;
const lookEveryMs = 500;

/** A read that has begun. */
export interface Reading {
  id: string;
  deadlineMs: number;
  watch(onProgress: (progress: ReadProgress) => void): void;
  /** The asker is gone, or does not want it any more. */
  cancel(): void;
  /** @throws {AppError} what was decided against it meanwhile; EVIDENCE_UNAVAILABLE when its end is not on record */
  answer: Promise<ReadAnswer>;
}

/** Reads of cards: decided, on record, ordered, watched, and followed by the register where that is wished. */
export class Reads {
  private readonly running = new Set<ReadSession>();

  constructor(
    private readonly parts: {
      line: AgentLine;
      system: Pick<SystemLine, 'onGone'>;
      gate: ReadGate;
      permits: Permits;
      records: ReadRecords;
      readers: ReaderRepository;
      register: RegisterCheck;
      log: Log;
    },
    private readonly deadlineMs: number,
  ) {
    parts.system.onGone((gone) => {
      for (const session of this.running)
        if (session.connection?.server === gone.server && session.connection.cid === gone.cid) this.wait(session, gone);
    });
  }

  /** @throws {AppError} the gate that is shut, READER_BUSY with who and since when, READER_OFFLINE, EVIDENCE_UNAVAILABLE, ... */
  async begin(request: AuthorisedRequest, readerId: string, body: ReadRequest): Promise<Reading> {
    const allowed = await this.parts.gate.decide(request, readerId, body);
    if (this.running.size >= mostReads) throw new AppError('OVERLOADED', { retryAfter: 10 });
    const { permit, connection } = await this.permitFor(readerId);
    const id = await this.parts.records.begin({
      readerId,
      actor: allowed.actor,
      purpose: body.purpose,
      elements: allowed.order,
      deadlineMs: this.deadlineMs,
    });
    const order: ReadOrder = {
      readId: id,
      by: request.facts.operator?.fullName ?? '',
      elements: allowed.order,
      permit,
      deadlineMs: this.deadlineMs,
    };
    const session = await this.order(readerId, order);
    session.connection = connection ?? undefined;
    const standing = this.keepConfirming(session, request, readerId, body);
    const answer = this.finish(session, request, readerId, body, allowed).finally(() => {
      clearInterval(standing);
      this.running.delete(session);
    });
    return {
      id,
      deadlineMs: this.deadlineMs,
      watch: (onProgress) => session.watch(onProgress),
      cancel: () => session.abandon('CANCELLED'),
      answer,
    };
  }

  /** The line of this gateway to the broker was cut: what readers said meanwhile is lost. */
  lineLost(): void {
    for (const session of this.running) session.abandon('AGENT_LOST');
  }

  /** For a shutdown. */
  close(): void {
    for (const session of this.running) session.abandon('CANCELLED');
  }

  private async permitFor(readerId: string) {
    const facts = await this.parts.readers.findWithOffice(readerId);
    if (!facts) throw new AppError('RESOURCE_NOT_FOUND');
    const given = await this.parts.permits.give(facts);
    if ('refusal' in given) throw new AppError(given.refusal);
    return { permit: given.permit, connection: facts.reader.connection };
  }

  /** The order leaves: it is on record by now, and its events are listened to. */
  private async order(readerId: string, order: ReadOrder): Promise<ReadSession> {
    const { line, records, log } = this.parts;
    const session = new ReadSession(line, readerId, order, eventSubject(readerId), log);
    this.running.add(session);
    try {
      await line.flush();
      const answer = await line.ask(beginRead(readerId), order, beginMs);
      if (answer.state === 'busy')
        throw new AppError('READER_BUSY', { busy: { by: answer.by, since: answer.since }, retryAfter: 5 });
      session.instanceId = answer.instanceId;
      return session;
    } catch (thrown) {
      const error = toAppError(thrown);
      const told = error.code === 'SERVICE_TIMEOUT' ? new AppError('READER_OFFLINE', {}, { cause: error }) : error;
      // it may have begun all the same
      if (error.code === 'SERVICE_TIMEOUT') session.abandon('AGENT_LOST');
      else session.close();
      this.running.delete(session);
      await records.end(order.readId, { outcome: told.code });
      throw told;
    }
  }

  private async finish(
    session: ReadSession,
    request: AuthorisedRequest,
    readerId: string,
    body: ReadRequest,
    allowed: AllowedRead,
  ): Promise<ReadAnswer> {
    const { records, register } = this.parts;
    const { readId } = session.order;
    const end = await session.ended;
    if ('error' in end) {
      await records.end(readId, { outcome: end.error.code });
      throw end.error;
    }
    const { result } = end;
    const followed =
      result.outcome === 'MATCHED' && body.then
        ? await register.ask(request, readerId, readId, body, result.elements ?? {}, allowed)
        : undefined;
    const verificationId = followed && 'verification' in followed ? followed.verification.id : undefined;
    const level = levelOf(result, followed);
    await records.end(readId, { outcome: result.outcome, tries: result.tries, level, verificationId });
    return answerOf(readId, result, allowed.elements, followed);
  }

  /** One look after the other, until the timer is cleared. */
  private keepConfirming(session: ReadSession, request: AuthorisedRequest, readerId: string, body: ReadRequest) {
    let looking = false;
    return setInterval(() => {
      if (looking) return;
      looking = true;
      this.parts.gate
        .confirm(request, readerId, body)
        // what cannot be decided is refused
        .catch((thrown: unknown) => session.refuse(toAppError(thrown)))
        .finally(() => (looking = false));
    }, confirmEveryMs);
  }

  /** Its agent is gone: for good, or until the line is back. What it says meanwhile is heard. */
  private wait(session: ReadSession, gone: BrokerConnection): void {
    const until = Date.now() + reconnectMs;
    const look = async (): Promise<void> => {
      if (!this.running.has(session)) return;
      const connection = (await this.parts.readers.find(session.readerId))?.connection;
      const isNew = connection && (connection.server !== gone.server || connection.cid !== gone.cid);
      if (isNew && connection.instance === session.instanceId) session.connection = connection;
      // another process knows nothing of this read
      else if (isNew || Date.now() >= until) session.abandon('AGENT_LOST');
      else lookLater();
    };
    const lookLater = () =>
      setTimeout(() => void look().catch(() => session.abandon('AGENT_LOST')), lookEveryMs).unref();
    lookLater();
  }
}
