import type { z } from 'zod';
import type { ErrorCode } from './errors.js';

/** One message on the bus. Handler and caller are typed from it, and both ends validate with it. */
export interface Rpc<
  I extends z.ZodType = z.ZodType,
  O extends z.ZodType = z.ZodType,
  E extends ErrorCode = ErrorCode,
> {
  /** `<service>.<verb>.v<n>` */
  readonly subject: string;
  readonly input: I;
  readonly output: O;
  /** What the handler may answer instead; SERVICE_UNAVAILABLE, SERVICE_TIMEOUT and INTERNAL_ERROR need not be named. */
  readonly errors: readonly E[];
}

export type RpcInput<R extends Rpc> = z.infer<R['input']>;
export type RpcOutput<R extends Rpc> = z.infer<R['output']>;

export function defineRpc<I extends z.ZodType, O extends z.ZodType, const E extends ErrorCode>(rpc: {
  subject: string;
  input: I;
  output: O;
  errors: readonly E[];
}): Rpc<I, O, E> {
  return Object.freeze(rpc);
}
