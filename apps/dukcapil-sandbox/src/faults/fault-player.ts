import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Departure } from '../call-nik/desk.js';
import { errorPage, HTML, LOGIN_PAGE } from '../call-nik/html-page.js';
import { page, pageWithEmptyContent, pageWithObject, pageWithoutContent, type Answer } from '../call-nik/page.js';
import { codeRecord, findDescription, responRecord } from '../call-nik/response-text.js';
import type { Connections } from './connections.js';
import type { Play } from './fault-book.js';
import { countsHit, type Fault } from './fault.js';
import { drip, garble, hang, JSON_TYPE, randomBody, sendText, streamHuge, truncate } from './wire-trouble.js';

/** Plays faults on the wire, and knows how many requests are waiting because of them. */
export class FaultPlayer {
  inFlight = 0;

  constructor(private readonly connections: Connections) {}

  /** `answer` looks the NIK up under the rules and counts it unless told otherwise. */
  play({ latency, fault }: Play, socket: Socket, response: ServerResponse, answer: (how: Departure) => Answer): void {
    this.inFlight += 1;
    response.once('close', () => (this.inFlight -= 1));
    const counting = [latency, fault].every((met) => met === undefined || countsHit(met));
    const right = answer({ counting, lying: fault?.kind === 'wrong-nik' });
    const act = () => {
      if (response.destroyed || socket.destroyed) return;
      if (fault === undefined) sendText(response, page(right));
      else this.#act(fault, socket, response, right);
    };
    if (latency === undefined) act();
    else setTimeout(act, latency.ms).unref();
  }

  #act(fault: Exclude<Fault, { kind: 'latency' }>, socket: Socket, response: ServerResponse, right: Answer): void {
    switch (fault.kind) {
      case 'drop-before-count':
      case 'drop-after-count':
        return void socket.destroy();
      case 'hang-before-count':
      case 'hang-after-count':
        return hang(response, socket);
      case 'reset':
        return this.connections.reset(socket);
      case 'slow-drip':
        return drip(response, page(right), fault.bytesPerSecond);
      case 'garbage':
        return sendText(response, randomBody());
      case 'html':
        return sendText(response, LOGIN_PAGE, HTML);
      case 'empty':
        return sendText(response, '');
      case 'truncated':
        return truncate(response, socket, page(right), fault.ending);
      case 'wrong-encoding':
        return sendText(response, garble(page(right), fault.encoding));
      case 'huge':
        return streamHuge(response, right, fault.megabytes);
      case 'status':
        return fault.body === undefined
          ? sendText(response, errorPage(fault.status), HTML, fault.status)
          : sendText(response, fault.body, JSON_TYPE, fault.status);
      case 'code': {
        const desc = fault.desc ?? findDescription(fault.code) ?? 'Kode Contoh';
        return sendText(response, page({ ...right, record: codeRecord(fault.code, desc, fault.asNumber) }));
      }
      case 'respon':
        return sendText(response, page({ ...right, record: responRecord(fault.text) }));
      case 'content-object':
        return sendText(response, pageWithObject(right));
      case 'content-empty':
        return sendText(response, pageWithEmptyContent(right));
      case 'missing-content':
        return sendText(response, pageWithoutContent(right));
      case 'wrong-nik':
        return sendText(response, page(right));
    }
  }
}
