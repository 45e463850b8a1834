import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

/** One registry per process; labels are closed sets (codes, routes, subjects), never anything of a person. */
export const metrics = new Registry();
collectDefaultMetrics({ register: metrics });

export const counter = <L extends string>(name: string, help: string, labelNames: L[]) =>
  new Counter({ name, help, labelNames, registers: [metrics] });

export const gauge = <L extends string>(name: string, help: string, labelNames: L[]) =>
  new Gauge({ name, help, labelNames, registers: [metrics] });

export const histogram = <L extends string>(name: string, help: string, labelNames: L[]) =>
  new Histogram({
    name,
    help,
    labelNames,
    registers: [metrics],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
  });
