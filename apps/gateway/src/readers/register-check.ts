import {
  verify,
  type CardElements,
  type ReadRequest,
  type VerificationRequest,
  type VerificationResult,
} from '#contracts';
import { AppError, toAppError, type RpcClient } from '#service';
import { decideLookup } from '../access/decide-access.js';
import type { AuthorisedRequest } from '../access/principal.js';
import { compare, elementsToMatch, pickElements, type Followed } from './read-answer.js';
import type { AllowedRead, ReadGate } from './read-gate.js';

/** After a match of the finger: the register, asked with what the chip says, under the same purpose and one evidence chain. */
export class RegisterCheck {
  constructor(
    private readonly bus: Pick<RpcClient, 'call'>,
    private readonly gate: ReadGate,
    private readonly deadlineMs: number,
  ) {}

  /** Never throws: the card is verified, whatever becomes of this. One read is one hit at most, however often it is tried. */
  async ask(
    request: AuthorisedRequest,
    readerId: string,
    readId: string,
    body: ReadRequest,
    elements: CardElements,
    allowed: AllowedRead,
  ): Promise<Followed> {
    try {
      // a finger takes its time: decided anew
      await this.gate.confirm(request, readerId, body);
      const asked = requestOf(body, elements, allowed);
      const decision = decideLookup(request.facts, request.ip, asked);
      if (!decision.allowed) throw new AppError(decision.code);
      const input = { actor: decision.actor, request: asked, idempotencyKey: readId };
      const verification = await this.bus.call(verify, input, { deadlineMs: this.deadlineMs });
      return body.then === 'LOOKUP' ? compared(verification, elements, body, allowed) : { verification };
    } catch (error) {
      return { problem: toAppError(error) };
    }
  }
}

/** More was looked up than was asked for, to compare it: it is not shown. */
function compared(
  verification: VerificationResult,
  card: CardElements,
  { fields }: ReadRequest,
  { order, elements }: AllowedRead,
): Followed {
  const { data } = verification;
  if (!data) return { verification };
  const shown = fields ? pickElements(data, elements) : data;
  return { verification: { ...verification, data: shown }, comparison: compare(card, data, order) };
}

/** @throws {AppError} NIK_INVALID, REQUEST_INVALID: the chip gave nothing to ask with */
function requestOf(
  { purpose, then, fields }: ReadRequest,
  elements: CardElements,
  allowed: AllowedRead,
): VerificationRequest {
  const { nik } = elements;
  if (!nik) throw new AppError('NIK_INVALID');
  // the chip is not mistyped
  const common = { nik, purpose, confirmWarnings: true };
  if (then === 'LOOKUP') return { ...common, ...(fields ? { fields: allowed.order } : {}) };
  const match = elementsToMatch(pickElements(elements, allowed.elements));
  if (!match) throw new AppError('FIELD_NOT_GRANTED');
  return { ...common, match };
}
