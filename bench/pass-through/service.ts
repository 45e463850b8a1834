import { Controller, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { MessagePattern, Payload, type MicroserviceOptions } from '@nestjs/microservices';
import { Pool } from 'undici';
import { BusServer, runMain } from '#service';
import type { SandboxConsumer } from '../sandbox.js';

const { userId, password, ip, pathPrefix } = JSON.parse(process.env.PASS_THROUGH_CONSUMER ?? '{}') as SandboxConsumer;

// the settings of MinistryClient
const sandbox = new Pool(process.env.PASS_THROUGH_SANDBOX_URL ?? '', {
  connections: 64,
  pipelining: 1,
  keepAliveTimeout: 2_000,
  keepAliveTimeoutThreshold: 500,
  headersTimeout: 0,
  bodyTimeout: 0,
});

/** What is left of the look-up without ledger, evidence and rules: the NIK goes on, the record comes back. */
@Controller()
class PassThroughController {
  @MessagePattern('verification.verify.v1')
  async verify(@Payload() { nik }: { nik: string }): Promise<unknown> {
    const response = await sandbox.request({
      method: 'POST',
      path: `${pathPrefix}/call_nik`,
      headers: { 'content-type': 'application/json', accept: 'application/json' },
      body: JSON.stringify({ nik, user_id: userId, password, ip_user: ip }),
    });
    const page = (await response.body.json()) as { content: unknown[] };
    return page.content[0];
  }
}

@Module({ controllers: [PassThroughController] })
class PassThroughModule {}

await runMain('pass-through-service', async () => {
  const strategy = new BusServer(
    {
      servers: [process.env.PASS_THROUGH_NATS_URL ?? ''],
      user: 'nik-verification',
      password: process.env.PASS_THROUGH_NATS_PASSWORD ?? '',
    },
    'pass-through',
  );
  const app = await NestFactory.createMicroservice<MicroserviceOptions>(PassThroughModule, { strategy, logger: false });
  await app.listen();
  return { managementPort: 0, close: () => app.close() };
});
