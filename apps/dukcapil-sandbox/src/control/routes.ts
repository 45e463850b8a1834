import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { jakartaDayNumber, jakartaDayText, type Clock } from '../clock.js';
import type { ConsumerBook } from '../consumers/consumer-book.js';
import { Consumer } from '../consumers/consumer.js';
import type { BalikanStore } from '../data-balikan/balikan-store.js';
import { dataBalikanControlRoutes } from '../data-balikan/control-routes.js';
import type { BalikanFaultBook } from '../data-balikan/fault.js';
import type { ActiveFault, FaultBook } from '../faults/fault-book.js';
import type { FaultPlayer } from '../faults/fault-player.js';
import { countsHit, Fault } from '../faults/fault.js';
import { readGuest } from '../people/guest.js';
import { OUTCOMES } from '../people/person.js';
import type { Population } from '../people/population.js';
import type { Register } from '../people/register.js';
import { listPeople, presentPerson } from './people-list.js';

export interface ControlParts {
  readonly population: Population;
  readonly register: Register;
  readonly consumers: ConsumerBook;
  readonly faults: FaultBook;
  readonly player: FaultPlayer;
  readonly clock: Clock;
  readonly balikan: BalikanStore;
  readonly balikanFaults: BalikanFaultBook;
}

const PeopleQuery = z.strictObject({
  outcome: z.enum(OUTCOMES).optional(),
  limit: z.coerce.number().int().min(1).max(20_000).default(100),
});
const StateQuery = z.strictObject({ detail: z.enum(['0', '1']).default('0') });
const ClockBody = z.strictObject({ at: z.iso.datetime({ offset: true }) });

const presentConsumer = ({ password: _password, token: _token, ...rest }: Consumer) => rest;
const presentFault = ({ id, fault, played }: ActiveFault) => ({
  id,
  ...fault,
  count: countsHit(fault),
  played,
  left: fault.times === undefined ? null : fault.times - played,
});

/** What tests and benchmarks steer the sandbox by. It stands for no real interface: bind the sandbox to loopback. */
export function controlRoutes(app: FastifyInstance, parts: ControlParts): void {
  const { population, register, consumers, faults, player, clock, balikan, balikanFaults } = parts;

  app.setErrorHandler((error: Error & { statusCode?: number }, _request, reply) => {
    if (!(error instanceof z.ZodError)) return reply.code(error.statusCode ?? 500).send({ faults: [error.message] });
    return reply.code(400).send({ faults: error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`) });
  });

  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => {
    try {
      done(null, body === '' ? undefined : JSON.parse(String(body)));
    } catch {
      done(Object.assign(new Error('the body is not JSON'), { statusCode: 400 }));
    }
  });

  app.get('/people', (request) => {
    const { outcome, limit } = PeopleQuery.parse(request.query);
    return listPeople(population, outcome, limit);
  });
  app.get<{ Params: { nik: string } }>('/people/:nik', ({ params: { nik } }) => {
    const person = register.findPerson(nik);
    return person === undefined ? { nik, outcome: register.outcomeOf(nik) } : presentPerson(person);
  });
  app.put<{ Params: { nik: string } }>('/people/:nik', async ({ params: { nik }, body }, reply) => {
    const person = readGuest({ ...(body as object), nik });
    return reply.code(register.put(person) ? 201 : 200).send(presentPerson(person));
  });

  app.get('/state', (request) => {
    const detailed = StateQuery.parse(request.query).detail === '1';
    const now = clock.now();
    const day = jakartaDayText(jakartaDayNumber(now));
    return {
      now: new Date(now).toISOString(),
      consumers: consumers.all().map(({ consumer, count }) => ({
        userId: consumer.userId,
        day,
        quota: consumer.quota,
        hits: count.hitsOn(now),
        requests: count.requests,
        refusedOverQuota: count.refusedOverQuota,
        hitsByDay: count.hitsByDay(now),
        ...(detailed && { hitsByNik: count.hitsByNik() }),
      })),
      requestsOfNobody: consumers.requestsOfNobody,
      inFlight: player.inFlight,
      faults: faults.all().map(presentFault),
    };
  });
  app.post('/reset', async (_request, reply) => {
    consumers.resetCounts();
    register.dismissGuests();
    faults.clear();
    balikan.clear();
    balikanFaults.clear();
    clock.reset();
    return reply.code(204).send();
  });

  app.get('/consumers', () => consumers.all().map(({ consumer }) => presentConsumer(consumer)));
  app.put<{ Params: { userId: string } }>('/consumers/:userId', async (request, reply) => {
    const consumer = Consumer.parse({ ...(request.body as object), userId: request.params.userId });
    const status = consumers.put(consumer) ? 201 : 200;
    const token = consumers.all().find((account) => account.consumer === consumer)?.token;
    return reply.code(status).send({ ...presentConsumer(consumer), token });
  });

  app.get('/faults', () => faults.all().map(presentFault));
  app.post('/faults', async (request, reply) =>
    reply.code(201).send(presentFault(faults.add(Fault.parse(request.body)))),
  );
  app.delete('/faults', async (_request, reply) => {
    faults.clear();
    return reply.code(204).send();
  });
  app.delete<{ Params: { id: string } }>('/faults/:id', async (request, reply) =>
    reply.code(faults.remove(request.params.id) ? 204 : 404).send(),
  );

  dataBalikanControlRoutes(app, balikan, balikanFaults);

  app.put('/clock', async (request, reply) => {
    clock.setTo(Date.parse(ClockBody.parse(request.body).at));
    return reply.code(204).send();
  });
  app.delete('/clock', async (_request, reply) => {
    clock.reset();
    return reply.code(204).send();
  });
}
