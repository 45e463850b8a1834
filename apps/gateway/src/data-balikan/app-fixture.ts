import { Module, type Provider, type Type } from '@nestjs/common';
import { APP_FILTER, APP_PIPE, NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { ErrorCode, Route, Rpc } from '#contracts';
import { AppError, Log, RpcClient } from '#service';
import { accessFacts } from '../../../../test/support/access-facts.js';
import type { AccessFacts } from '../access/access-facts.js';
import { AccessService } from '../access/access.service.js';
import { StandingAccess } from '../access/standing-access.js';
import { refuseOversizedBodies } from '../http/oversized-bodies.js';
import { ProblemFilter } from '../http/problem.filter.js';
import { addRequestScope } from '../http/request-scope.js';
import { acceptUploads } from '../http/uploads.js';
import { validationPipe } from '../http/validation.pipe.js';
import { BalikanAccess } from './balikan-access.js';
import type { Pace } from './batch-events.js';
import { paceToken } from './batch-events.controller.js';
import { Downloads } from './downloads.js';

export const bodyLimit = 64 * 1024;

export interface FixtureParts {
  pace?: Pace;
  providers?: Provider[];
}

/** Controllers of data balikan on a real HTTP server, behind a guard that lets in whom it is told, with a bus that is written by hand. */
export class AppFixture {
  facts: AccessFacts = openFacts();
  /** What is refused from now on, by whoever looks again. */
  revoked: ErrorCode | undefined;
  /** How often it was looked again. */
  confirmed = 0;
  readonly refusals: ErrorCode[] = [];
  readonly told: unknown[][] = [];
  answer: (rpc: Rpc, input: never) => Promise<unknown> = async () => {
    throw new AppError('SERVICE_UNAVAILABLE');
  };

  private constructor(
    readonly app: NestFastifyApplication,
    readonly url: string,
  ) {}

  static async start(
    controllers: Type[],
    { pace = { pollMs: 10, heartbeatMs: 60_000, mostMs: 60_000 }, providers = [] }: FixtureParts = {},
  ): Promise<AppFixture> {
    // the parts ask the fixture, which is only there once they are
    const holder: { fixture?: AppFixture } = {};
    const fixture = () => holder.fixture as AppFixture;
    const log = {
      event: () => undefined,
      failure: (...args: unknown[]) => fixture().told.push(args),
    } as unknown as Log;
    const access = { recordRefusal: async (_facts: unknown, code: ErrorCode) => fixture().refusals.push(code) };
    const standing = {
      confirm: async (_route: Route) => {
        fixture().confirmed += 1;
        const code = fixture().revoked;
        if (code) throw new AppError(code);
      },
    };
    const bus = { call: (rpc: Rpc, input: never) => fixture().answer(rpc, input) };

    @Module({
      controllers,
      providers: [
        BalikanAccess,
        Downloads,
        { provide: RpcClient, useValue: bus },
        { provide: AccessService, useValue: access },
        { provide: StandingAccess, useValue: standing },
        { provide: Log, useValue: log },
        ...providers,
        { provide: paceToken, useValue: pace },
        { provide: APP_PIPE, useValue: validationPipe },
        { provide: APP_FILTER, useValue: new ProblemFilter(log) },
      ],
    })
    class TestModule {}

    const app = await NestFactory.create<NestFastifyApplication>(TestModule, new FastifyAdapter({ bodyLimit }), {
      logger: false,
    });
    const server = app.getHttpAdapter().getInstance();
    addRequestScope(server, log);
    server.addHook('onRequest', (request, _reply, done) => {
      Object.assign(request, { facts: fixture().facts, user: { kind: 'client' } });
      done();
    });
    await acceptUploads(server);
    refuseOversizedBodies(server, bodyLimit);
    await app.listen(0, '127.0.0.1');
    return (holder.fixture = new AppFixture(app, await app.getUrl()));
  }

  async stop(): Promise<void> {
    this.app.getHttpServer().closeAllConnections();
    await this.app.close();
  }
}

/** Somebody at this machine who may hand in data balikan. */
export function openFacts(): AccessFacts {
  const facts = accessFacts();
  for (const agreement of facts.agreements) agreement.networks = ['127.0.0.0/8', '::1/128'];
  return facts;
}
