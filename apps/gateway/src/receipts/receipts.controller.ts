import { Body, Controller, Inject, Param, Req, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { z } from 'zod';
import { checkReceipt, getReceiptPicture, ReceiptVerification, verifyReceipt, type ReceiptVerdict } from '#contracts';
import { readReceiptCode } from '#evidence';
import { AppError, RpcClient } from '#service';
import type { AuthorisedRequest } from '../access/principal.js';
import { Administration } from '../administration/administration.service.js';
import { readerOf } from '../evidence/evidence-reader.js';
import { ApiRoute } from '../http/route.decorator.js';
import { GuessLimiter } from './guess-limiter.js';
import { qrPicture } from './qr-picture.js';
import { withNames } from './receipt-names.js';

const deadlineMs = 5_000;

export interface ReceiptSettings {
  /** Of the page where receipts are checked. */
  url: string | undefined;
}

/** What stands on a document: whether it is genuine, and its code as a picture. */
@Controller()
export class ReceiptsController {
  private readonly guesses = new GuessLimiter();

  constructor(
    private readonly bus: RpcClient,
    private readonly administration: Administration,
    @Inject('receipts') private readonly settings: ReceiptSettings,
  ) {}

  @ApiRoute(checkReceipt)
  async check(
    @Req() { facts, ip }: AuthorisedRequest,
    @Body({ schema: ReceiptVerification }) { receipt }: z.infer<typeof ReceiptVerification>,
  ): Promise<z.infer<typeof ReceiptVerdict>> {
    const reader = readerOf(facts);
    const keys = [`by ${facts.client.id}\n${reader.id}`, `from ${ip}`];
    const ask = () => this.bus.call(verifyReceipt, { receipt }, { deadlineMs });
    const verdict = await this.guesses.guard(keys, ask, isWrong);
    const said = verdict.receipt;
    if (!said) return verdict;
    return this.administration.transaction((manager) => withNames({ ...verdict, receipt: said }, manager));
  }

  @ApiRoute(getReceiptPicture)
  picture(
    @Req() { facts }: AuthorisedRequest,
    @Param('code') typed: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): string {
    readerOf(facts);
    const code = readReceiptCode(typed);
    if (code === undefined) throw new AppError('RECEIPT_MALFORMED');
    void reply
      .type('image/svg+xml; charset=utf-8')
      .header('Content-Disposition', `inline; filename="kode-bukti-${code.replace(/[^0-9A-Z-]/g, '')}.svg"`)
      // opened by itself it is a page of this host: it may do nothing there
      .header('Content-Security-Policy', "default-src 'none'; frame-ancestors 'none'; sandbox");
    return qrPicture(code, this.settings.url);
  }
}

const isWrong = (answer: unknown): boolean =>
  answer instanceof AppError
    ? answer.code === 'RECEIPT_MALFORMED'
    : (answer as { genuine?: unknown }).genuine === false;
