import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { BalikanStore } from './balikan-store.js';
import { BalikanFault, stores, type ActiveBalikanFault, type BalikanFaultBook } from './fault.js';

const Asked = z.strictObject({
  userId: z.string(),
  idLembaga: z.string(),
  nik: z.string(),
  nomorRegister: z.string(),
});

const presentFault = ({ id, fault, played }: ActiveBalikanFault) => ({ id, ...fault, store: stores(fault), played });

/** What was received, and what shall go wrong. A person is only ever asked for, in a body, never listed. */
export function dataBalikanControlRoutes(app: FastifyInstance, store: BalikanStore, faults: BalikanFaultBook): void {
  app.get('/data-balikan', () => ({
    distinct: store.stored().length,
    requests: store.requestCount,
    underWay: store.underWay,
    mostAtOnce: store.requests.reduce((most, { atOnce }) => Math.max(most, atOnce), 0),
    faults: faults.all().map(presentFault),
  }));
  app.get('/data-balikan/stored', () => store.stored());
  app.get('/data-balikan/requests', () => store.requests);
  app.post('/data-balikan/find', (request) => {
    const { userId, ...record } = Asked.parse(request.body);
    return { stored: store.has(userId, record) };
  });
  app.delete('/data-balikan', async (_request, reply) => {
    store.clear();
    return reply.code(204).send();
  });

  app.get('/data-balikan/faults', () => faults.all().map(presentFault));
  app.post('/data-balikan/faults', async (request, reply) =>
    reply.code(201).send(presentFault(faults.add(BalikanFault.parse(request.body)))),
  );
  app.delete('/data-balikan/faults', async (_request, reply) => {
    faults.clear();
    return reply.code(204).send();
  });
}
