import { runBenchmark } from '../run.js';
import { benchReporting } from './bench.js';
import { readReportingPlan } from './plan.js';

/** `npm run bench:reporting` */
await runBenchmark((run) => benchReporting(readReportingPlan(process.env), run));
