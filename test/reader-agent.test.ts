import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { AgentProcess } from './support/reader-agent/agent-process.js';
import { Broker } from './support/reader-agent/broker.js';
import { StandInGateway } from './support/reader-agent/stand-in-gateway.js';

const card = {
  nik: '3313044107909901',
  namaLengkap: 'SITI CONTOH',
  jenisKelamin: 'PEREMPUAN',
  tempatLahir: 'KARANGANYAR',
  tanggalLahir: '1990-07-01',
  jenisPekerjaan: 'PEDAGANG',
  statusPerkawinan: 'KAWIN',
  alamat: 'JL CONTOH NO 1',
};
const config = (reads: unknown[] = [{ card }], deadlines = {}) => ({
  adapter: 'simulator',
  deadlines,
  simulator: { stepMs: 5, reads },
});

let broker: Broker;
let gateway: StandInGateway;
let agent: AgentProcess;

beforeAll(async () => {
  broker = await Broker.start();
});
afterAll(() => broker.stop());
afterEach(async () => {
  await agent.remove();
  await gateway.close();
});

async function running(...given: Parameters<typeof config>): Promise<void> {
  gateway = await StandInGateway.start(broker);
  agent = new AgentProcess(gateway.joined, config(...given));
  await agent.start();
  await gateway.reports.find((status) => status.faults.length === 0);
}

test('a card, a finger, an answer: the steps in order, and only what was ordered', async () => {
  await running();
  const { steps, numbers, result } = await gateway.read({ elements: ['nik', 'namaLengkap'] });
  expect(steps).toEqual(['WAITING_FOR_CARD', 'CARD_FOUND', 'HOLD_STILL', 'PUT_FINGER', 'READING']);
  expect(numbers).toEqual([0, 1, 2, 3, 4, 5]);
  expect(result).toEqual({
    outcome: 'MATCHED',
    tries: 0,
    elements: { nik: card.nik, namaLengkap: card.namaLengkap },
  });
});
