import { AgentProcess } from './agent-process.js';
import { type Broker } from './broker.js';
import { StandInGateway } from './stand-in-gateway.js';

/** The one synthetic card of these tests. */
export const card = {
  nik: '3313044107909901',
  namaLengkap: 'SITI CONTOH',
  jenisKelamin: 'PEREMPUAN',
  tempatLahir: 'KARANGANYAR',
  tanggalLahir: '1990-07-01',
  jenisPekerjaan: 'PEDAGANG',
  statusPerkawinan: 'KAWIN',
  alamat: 'JL CONTOH NO 1',
};

export const simulated = (reads: unknown[] = [{ card }], deadlines = {}) => ({
  adapter: 'simulator',
  deadlines,
  simulator: { stepMs: 5, reads },
});

/** A counter with a simulated reader: agent process, real broker, and a stand-in for the gateway. */
export class PlayedCounter {
  private constructor(
    readonly broker: Broker,
    readonly gateway: StandInGateway,
    readonly agent: AgentProcess,
  ) {}

  static async open(broker: Broker, ...given: Parameters<typeof simulated>): Promise<PlayedCounter> {
    const gateway = await StandInGateway.start(broker);
    const agent = new AgentProcess(gateway.joined, simulated(...given));
    await agent.start();
    const counter = new PlayedCounter(broker, gateway, agent);
    await counter.inOrder();
    return counter;
  }

  /** Plays these reads next, from the first. */
  async play(...reads: unknown[]): Promise<void> {
    await this.agent.told({ do: 'script', reads });
  }

  /** The agent has reported itself ready for a read. */
  async inOrder(from = 0): Promise<void> {
    await this.gateway.reports.find(({ faults, busy }) => faults.length === 0 && !busy, from);
  }

  async close(): Promise<void> {
    await this.agent.remove();
    await this.gateway.close();
  }
}
