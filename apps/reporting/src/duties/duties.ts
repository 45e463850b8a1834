import { Injectable } from '@nestjs/common';
import type { Duty, DutyDone, NewDuty } from '#contracts';
import { AppError } from '#service';
import { DutyRepository } from './duty.repository.js';

const yearMs = 366 * 86_400_000;

const invalid = (path: string, message: string) => new AppError('REQUEST_INVALID', { issues: [{ path, message }] });

/** Requests and incidents that have to be dealt with in 3x24 hours (O-24). */
@Injectable()
export class Duties {
  constructor(private readonly duties: DutyRepository) {}

  /** @throws {AppError} REQUEST_INVALID; STATE_CONFLICT when this number is open already, or too many are */
  async open(institutionId: string, duty: NewDuty, by: string | null): Promise<Duty> {
    const now = await this.duties.now();
    const receivedAt = Date.parse(duty.receivedAt);
    if (receivedAt > now.getTime())
      throw invalid('receivedAt', 'Saat diterima belum tiba. Periksa tanggal dan jamnya.');
    if (receivedAt < now.getTime() - yearMs)
      throw invalid('receivedAt', 'Lebih dari setahun yang lalu. Periksa tahunnya.');
    const opened = await this.duties.open(institutionId, duty, by);
    if (!opened) throw new AppError('STATE_CONFLICT');
    return opened;
  }

  /** @throws {AppError} RESOURCE_NOT_FOUND; REQUEST_INVALID; STATE_CONFLICT when it is closed already */
  async close(institutionId: string, id: string, done: DutyDone, by: string | null): Promise<Duty> {
    const known = await this.duties.find(institutionId, id);
    if (!known) throw new AppError('RESOURCE_NOT_FOUND');
    if (known.done) throw new AppError('STATE_CONFLICT');
    const at = Date.parse(done.at);
    if (at < Date.parse(known.receivedAt)) throw invalid('at', 'Sebelum diterima. Periksa tanggal dan jamnya.');
    if (at > (await this.duties.now()).getTime())
      throw invalid('at', 'Saat selesai belum tiba. Periksa tanggal dan jamnya.');
    const closed = await this.duties.close(institutionId, id, done, by);
    if (!closed) throw new AppError('STATE_CONFLICT');
    return closed;
  }

  list(institutionId: string): Promise<Duty[]> {
    return this.duties.list(institutionId);
  }
}
