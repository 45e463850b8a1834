/** What the generator is told to do; `perSecond` makes it an open loop, without it each connection asks again at once. */
export interface Job {
  url: string;
  authorization: string;
  connections: number;
  ms: number;
  perSecond?: number;
}

export interface JobResult {
  sent: number;
  /** 200 with the person who was asked for. */
  answered: number;
  /** Whatever else came back, by status or error code. */
  wrong: Record<string, number>;
  /** Right answers within the time of the job, without those that came while it drained. */
  inTime: number;
  /** Of every answer, milliseconds; in an open loop from the moment at which the request was due. */
  latencies: Float64Array;
}

export type ToGenerator = { people: string[] } | { job: Job };
export type FromGenerator = 'ready' | { result: JobResult } | { failed: string };
