import {
  getRegister,
  listExceptions,
  listOffices,
  listPeople,
  openAccessEvents,
  type ErrorCode,
  type Rpc,
  type RpcInput,
  type RpcOutput,
} from '#contracts';
import { AppError, type Envelope } from '#service';
import { Administration } from '../administration/administration.service.js';
import type { ActsFixture } from '../operators/acts-fixture.js';
import { ReportingFactsController } from './facts.controller.js';

const methods = new Map<Rpc, keyof ReportingFactsController>([
  [listOffices, 'offices'],
  [getRegister, 'register'],
  [listPeople, 'people'],
  [listExceptions, 'exceptions'],
  [openAccessEvents, 'open'],
]);

/** What the decorator makes of a method. */
type Handler = (input: unknown, nats: { getHeaders(): undefined }) => Promise<Envelope>;

/** Asks as the bus does, with the checks of both ends. @throws {AppError} the code of the answer */
export async function askFacts<R extends Rpc>(
  { source }: ActsFixture,
  rpc: R,
  input: RpcInput<R>,
): Promise<RpcOutput<R>> {
  const controller = new ReportingFactsController(new Administration(source)) as unknown as Record<string, Handler>;
  const answer = await controller[methods.get(rpc) ?? '']?.(input, { getHeaders: () => undefined });
  if (!answer) throw new Error(`nobody answers ${rpc.subject}`);
  if ('error' in answer) throw new AppError(answer.error.code as ErrorCode);
  return rpc.output.parse(answer.value) as RpcOutput<R>;
}
