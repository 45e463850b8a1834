import { Body, Controller, HttpCode, Inject, Module, Post } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { ClientNats } from '@nestjs/microservices';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Observable } from 'rxjs';
import { makeBusClient, runMain } from '#service';

const bus = makeBusClient({
  servers: [process.env.PASS_THROUGH_NATS_URL ?? ''],
  user: 'gateway',
  password: process.env.PASS_THROUGH_NATS_PASSWORD ?? '',
});

/** What is left of the gateway without any gate: JSON in, a message over the bus, JSON out. */
@Controller()
class PassThroughController {
  constructor(@Inject('bus') private readonly client: ClientNats) {}

  @Post('/v1/verifications')
  @HttpCode(200)
  create(@Body() request: unknown): Observable<unknown> {
    return this.client.send('verification.verify.v1', request);
  }
}

@Module({ controllers: [PassThroughController], providers: [{ provide: 'bus', useValue: bus }] })
class PassThroughModule {}

await runMain('pass-through-gateway', async () => {
  const app = await NestFactory.create<NestFastifyApplication>(PassThroughModule, new FastifyAdapter(), {
    logger: false,
  });
  await bus.connect();
  await app.listen(0, '127.0.0.1');
  const close = async () => {
    await app.close();
    await bus.close();
  };
  return { url: await app.getUrl(), managementPort: 0, close };
});
