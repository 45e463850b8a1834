import { start } from './start.js';

try {
  const sandbox = await start(process.env);
  const stop = () => void sandbox.close().finally(() => process.exit());
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  // started by the launcher: it hears where we are, and we end when it does
  process.once('disconnect', stop);
  process.send?.({ msg: 'ready', service: 'dukcapil-sandbox', url: sandbox.url });
  process.stdout.write(`${JSON.stringify({ msg: 'ready', port: sandbox.port })}\n`);
} catch (error) {
  process.stderr.write(`${JSON.stringify({ msg: 'failed', error: error instanceof Error ? error.message : error })}\n`);
  process.exitCode = 1;
}
