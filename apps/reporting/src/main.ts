import { runMain } from '#service';
import { serviceName, start } from './start.js';

await runMain(serviceName, start);
