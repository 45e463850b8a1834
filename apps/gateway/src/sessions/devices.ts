import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { clockOf } from '../administration/admin-record.js';
import { SealingKey } from '#service/keys/sealing-key';
import { addDevice, findDevice } from './device-cookie.js';

/** Browsers with which somebody has logged in before; what is known of them is in their cookie alone. */
@Injectable()
export class Devices {
  constructor(
    private readonly source: DataSource,
    private readonly sealing: SealingKey,
  ) {}

  /** @returns an id of the browser for this name, or undefined: unknown */
  async find(username: string, cookie: string | undefined): Promise<string | undefined> {
    if (!cookie) return undefined;
    const { now } = await clockOf(this.source.manager);
    return findDevice(await this.key(), cookie, username, now);
  }

  /** @returns the cookie by which the browser is known from now on */
  async add(username: string, cookie: string | undefined): Promise<string> {
    const { now } = await clockOf(this.source.manager);
    return addDevice(await this.key(), cookie, username, now);
  }

  private key(): Promise<Buffer> {
    return this.sealing.derive('device-cookie');
  }
}
