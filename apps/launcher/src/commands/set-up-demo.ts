import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { env, readConfig } from '#service';
import { currentDemo } from '../demo-agreement.js';
import { demoAccounts, demoClientId, demoConsumer, demoOperators } from '../demo.js';
import { provisionThrough } from '../provisioning.js';
import { putConsumer } from '../sandbox-consumer.js';
import { runCommand } from './run-command.js';

const schema = z.object({
  DEMO_SANDBOX_URL: z.url({ protocol: /^https?$/ }),
  /** Keeps the agreement as it was first made. */
  DEMO_STATE_DIR: z.string().min(1),
  DEMO_CLIENT_SECRET: env.secret(),
  DEMO_EXPIRED_CLIENT_SECRET: env.secret(),
  DEMO_MINISTRY_PASSWORD: env.secret(),
  DEMO_OPERATOR_PASSWORD: env.secret(),
  DEMO_CAMAT_PASSWORD: env.secret(),
  DEMO_ADMIN_PASSWORD: env.secret(),
  DEMO_EVALUATOR_PASSWORD: env.secret(),
  /** Base32 of 20 bytes: here the people of the demo share one second factor. */
  DEMO_TOTP_SECRET: env.secret(),
});

/** The demo office against the sandbox, with the gateway's own environment. May be run again, and must after the sandbox restarts. */
await runCommand('demo', async () => {
  const given = readConfig(schema, process.env);
  const secrets = {
    client: given.DEMO_CLIENT_SECRET,
    expiredClient: given.DEMO_EXPIRED_CLIENT_SECRET,
    ministryPassword: given.DEMO_MINISTRY_PASSWORD,
  };
  await putConsumer(given.DEMO_SANDBOX_URL, demoConsumer(secrets.ministryPassword));
  const demo = currentDemo(join(given.DEMO_STATE_DIR, 'demo-agreement.json'), secrets, given.DEMO_SANDBOX_URL);
  const accounts = demoAccounts({
    passwords: {
      operator: given.DEMO_OPERATOR_PASSWORD,
      camat: given.DEMO_CAMAT_PASSWORD,
      admin: given.DEMO_ADMIN_PASSWORD,
      evaluator: given.DEMO_EVALUATOR_PASSWORD,
    },
    totpSecrets: {
      camat: given.DEMO_TOTP_SECRET,
      admin: given.DEMO_TOTP_SECRET,
      evaluator: given.DEMO_TOTP_SECRET,
    },
  });
  await provisionThrough(tmpdir(), process.env, demo, accounts);
  return { client: demoClientId, operator: demoOperators.operator };
});
