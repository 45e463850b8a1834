import type { Provider } from '@nestjs/common';
import { getDataSourceToken } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { type Log, poolOf } from '#service';
import { Sequencer } from '../evidence/sequencer.js';
import { Patterns } from '../patterns/patterns.js';
import { SequenceWatch } from '../patterns/sequence-watch.js';
import { AsOfFinder } from './as-of.js';
import { Coverage } from './coverage.js';
import { DeliveredRecords } from './delivered-records.js';
import { Figures } from './figures.js';
import { FiguresRepository } from './figures.repository.js';
import { LeafPages } from './leaf-pages.js';
import { OpenedEvents } from './opened-events.js';
import { LookUpSample } from './sample.js';
import { Tally } from './tally.js';
import { Turns } from './turns.js';

/** What reports and the evaluator's questions are counted with. */
export function figureProviders(log: Log, poolSize: number): Provider[] {
  const dataSource = getDataSourceToken();
  return [
    { provide: Turns, useValue: new Turns(poolSize) },
    {
      provide: AsOfFinder,
      useFactory: (source: DataSource, sequencer: Sequencer) => new AsOfFinder(poolOf(source), sequencer),
      inject: [dataSource, Sequencer],
    },
    {
      provide: Figures,
      useFactory: (source: DataSource, asOf: AsOfFinder) => new Figures(asOf, new FiguresRepository(poolOf(source))),
      inject: [dataSource, AsOfFinder],
    },
    {
      provide: LeafPages,
      useFactory: (source: DataSource) => new LeafPages(poolOf(source)),
      inject: [dataSource],
    },
    {
      provide: OpenedEvents,
      useFactory: (source: DataSource) => new OpenedEvents(poolOf(source)),
      inject: [dataSource],
    },
    {
      provide: DeliveredRecords,
      useFactory: (source: DataSource) => new DeliveredRecords(poolOf(source)),
      inject: [dataSource],
    },
    { provide: Coverage, useFactory: (source: DataSource) => new Coverage(poolOf(source), log), inject: [dataSource] },
    {
      provide: LookUpSample,
      useFactory: (source: DataSource, asOf: AsOfFinder) => new LookUpSample(poolOf(source), asOf),
      inject: [dataSource, AsOfFinder],
    },
    { provide: Patterns, useFactory: (source: DataSource) => new Patterns(poolOf(source)), inject: [dataSource] },
    {
      provide: SequenceWatch,
      useFactory: (source: DataSource) => new SequenceWatch(poolOf(source), log),
      inject: [dataSource],
    },
    { provide: Tally, useFactory: (source: DataSource) => new Tally(poolOf(source), log), inject: [dataSource] },
  ];
}
