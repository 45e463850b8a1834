import { runBenchmark } from '../run.js';
import { benchDataBalikan } from './bench.js';
import { readBalikanPlan } from './plan.js';

/** `npm run bench:data-balikan` */
await runBenchmark((run) => benchDataBalikan(readBalikanPlan(process.env), run));
