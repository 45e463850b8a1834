import { describeMachine, load1 } from '../machine.js';
import { save, say } from '../report/results.js';
import { aimsTable } from '../report/table.js';
import type { Run } from '../run.js';
import { csvRatio, deliveryRatio, judgeBalikan, type Measurements } from './aims.js';
import { CsvRounds } from './csv-rounds.js';
import { DeliveryRounds } from './delivery-rounds.js';
import { Installation } from './installation.js';
import { Plain } from './plain.js';
import type { BalikanPlan } from './plan.js';
import { rowOf, type BalikanRow } from './rows.js';
import { csvProcessTable, csvTable, deliveryTable, workbookTable } from './tables.js';
import { playWorkbooks } from './workbook-rounds.js';

/** What data balikan cost: files taken beside a bare COPY, records delivered beside a bare loop. False: a count was wrong. */
export async function benchDataBalikan(plan: BalikanPlan, { folder, parts }: Run): Promise<boolean> {
  const machine = describeMachine();
  say(`Data balikan on ${machine.cpu}, ${machine.cores} cores, Node ${machine.node}, load ${machine.loadBefore}\n`);
  const installation = await Installation.start(folder, parts, plan.people);
  const plain = parts.keep(Plain.start());
  let made = 0;
  const from = `${new Date().getUTCFullYear() - 1}-01-01`;
  const nextRows = (count: number): BalikanRow[] =>
    Array.from({ length: count }, () => rowOf(made++, plan.people, from));

  say(`CSV of ${plan.csv.rows} rows`);
  const rounds = await CsvRounds.prepare(installation, plain, folder, nextRows);
  parts.keep(rounds.watch);
  for (let n = 0; n < 2; n += 1) await rounds.play(plan.csv.warmUpRows);
  const csv: Measurements['csv'] = { rows: plan.csv.rows, rounds: [], peakMb: undefined };
  for (let n = 0; n < plan.csv.rounds; n += 1) {
    const round = await rounds.play(plan.csv.rows);
    csv.rounds.push(round);
    say(
      `  ${round.service.perSecond.toFixed(0)}/s beside ${round.plain.perSecond.toFixed(0)}/s = ${csvRatio(round).toFixed(2)}`,
    );
  }
  csv.peakMb = installation.peakMb;
  const loadAfterCsv = load1();

  say(`\nXLSX of ${plan.xlsx.rows} rows`);
  const workbooks = await playWorkbooks(installation, plan.xlsx, nextRows, (round) =>
    say(`  all right ${round.seconds.toFixed(1)} s, 1 % wrong and marked up ${round.markedSeconds.toFixed(1)} s`),
  );

  const { deliveries, faults: deliveryFaults } = await playDeliveries(installation, plain, plan, nextRows);
  const all: Measurements = { csv, xlsx: { rows: plan.xlsx.rows, ...workbooks }, deliveries };
  const aims = judgeBalikan(all);
  const faults = [...rounds.faults, ...workbooks.faults, ...deliveryFaults];
  say(`\nCSV of ${plan.csv.rows} rows, from the end of the upload to the commit\n${csvTable(csv)}`);
  const names = rounds.watch.watched.map(({ name }) => name);
  say(`\nProcessor time of one row, microseconds\n${csvProcessTable(csv, names)}`);
  say(`\nXLSX of ${plan.xlsx.rows} rows\n${workbookTable(all.xlsx)}`);
  for (const { parallel, rounds: of } of deliveries)
    say(`\nDeliveries a second, ${parallel} at once\n${deliveryTable(of)}`);
  say(`\n${aimsTable(aims)}`);
  say(`\n${describeFaults(faults, made)}`);
  const load = { before: machine.loadBefore, afterCsv: loadAfterCsv, after: load1() };
  say(`Load ${Object.values(load).join(', ')}: before, after the CSV files, now`);
  const memoryMb = Object.fromEntries(names.map((name) => [name, rounds.watch.peakMb(name)]));
  await save('data-balikan', { at: new Date().toISOString(), machine, load, plan, aims, faults, memoryMb, ...all });
  return faults.length === 0;
}

/** The service anew for each number of requests at once. */
async function playDeliveries(
  installation: Installation,
  plain: Plain,
  { deliveries: { parallel: all, records, rounds: count } }: BalikanPlan,
  nextRows: (count: number) => BalikanRow[],
): Promise<{ deliveries: Measurements['deliveries']; faults: string[] }> {
  await installation.database.query(
    'TRUNCATE balikan.record, balikan.batch_chunk, balikan.batch_fault, balikan.batch, balikan.lane',
  );
  const consumer = await installation.sandbox.addConsumer('bare-loop');
  const rounds = new DeliveryRounds(installation, plain, consumer, nextRows);
  const deliveries: Measurements['deliveries'] = [];
  for (const parallel of all) {
    say(`\nDeliveries, ${parallel} at once`);
    await installation.restartService({ DATA_BALIKAN_PARALLEL: String(parallel) });
    await rounds.play(parallel, Math.ceil(records / 4));
    const played: Measurements['deliveries'][number] = { parallel, rounds: [] };
    for (let n = 0; n < count; n += 1) {
      const round = await rounds.play(parallel, records);
      played.rounds.push(round);
      say(`  ${round.service.toFixed(0)}/s beside ${round.plain.toFixed(0)}/s = ${deliveryRatio(round).toFixed(2)}`);
    }
    deliveries.push(played);
  }
  return { deliveries, faults: rounds.faults };
}

function describeFaults(faults: string[], made: number): string {
  if (faults.length > 0)
    return `WRONG, so the figures above mean nothing:\n${faults.map((fault) => `  ${fault}`).join('\n')}`;
  return `Exact: of ${made} rows every right one is one record, and every record sent was accepted by the sandbox once.`;
}
