import { once } from 'node:events';
import { Readable } from 'node:stream';
import MailComposer from 'nodemailer/lib/mail-composer';
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import type { Courier, Delivered, Message } from './courier.js';
import type { MailServer } from './reminder-config.js';
import { subjectOf, textOf } from './reminder-text.js';

/** How long a server may take to say goodbye to us, milliseconds. */
const goodbyeMs = 500;

/** E-mail by SMTP (RFC 5321), one recipient in a message. */
export class MailCourier implements Courier {
  constructor(
    private readonly server: MailServer,
    private readonly timeoutMs: number,
  ) {}

  async deliver(message: Message, handOver: () => Promise<void>): Promise<Delivered> {
    const letter = await this.write(message);
    const connection = this.connection();
    let handedOver = false;
    // it may be cut at any time, also when nobody waits any more
    const cut = new Promise<never>((_, reject) => connection.on('error', reject));
    cut.catch(() => undefined);
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error('late')), 3 * this.timeoutMs);
    });
    const step = (begin: (done: (error?: Error | null) => void) => void): Promise<void> =>
      Promise.race([
        cut,
        late,
        new Promise<void>((resolve, reject) => begin((error) => (error ? reject(error) : resolve()))),
      ]);
    // the dot that ends a message leaves when this stream ends
    const stream = Readable.from(
      (async function* () {
        yield letter;
        await handOver();
        handedOver = true;
      })(),
    );
    try {
      await step((done) => connection.connect((error?: Error) => done(error)));
      const { login } = this.server;
      if (login) await step((done) => connection.login(login, (error) => done(error)));
      const envelope = { from: this.server.from, to: message.recipient };
      await step((done) => connection.send(envelope, stream, (error) => done(error)));
      // who says yes before the end cannot mean this message
      if (!handedOver) return { refused: 'Server surat menjawab sebelum surat selesai.' };
      await farewell(connection);
      return { sent: true };
    } catch (error) {
      return outcomeOf(error as MailError, handedOver);
    } finally {
      // in the same turn as the verdict: what has not left by now never does
      connection.close();
      stream.destroy();
      clearTimeout(timer);
    }
  }

  private connection(): SMTPConnection {
    const { host, port, tls, ca } = this.server;
    return new SMTPConnection({
      host,
      port,
      secure: tls === 'tls',
      requireTLS: tls === 'starttls',
      ignoreTLS: tls === 'none',
      ...(ca === undefined ? {} : { tls: { ca } }),
      connectionTimeout: this.timeoutMs,
      greetingTimeout: this.timeoutMs,
      socketTimeout: this.timeoutMs,
      dnsTimeout: this.timeoutMs,
      // cut and not ended: an end could be taken for the end of the message
      socketCloseTimeout: 0,
    });
  }

  private write(message: Message): Promise<Buffer> {
    const mail = new MailComposer({
      from: this.server.from,
      to: message.recipient,
      subject: subjectOf(message),
      text: textOf(message),
      date: message.createdAt,
      messageId: `<${message.id}@${this.server.from.slice(this.server.from.lastIndexOf('@') + 1)}>`,
      headers: { 'Auto-Submitted': 'auto-generated' },
      disableFileAccess: true,
      disableUrlAccess: true,
    });
    return mail.compile().build();
  }
}

/** The answer is there: whatever happens now changes nothing. */
async function farewell(connection: SMTPConnection): Promise<void> {
  const ended = once(connection, 'end', { signal: AbortSignal.timeout(goodbyeMs) }).catch(() => undefined);
  connection.quit();
  await ended;
}

/** With the code of the system's or of TLS's error, where there is one. */
type MailError = SMTPConnection.SMTPError & { originalCode?: string };

const isOfCertificate = (code = ''): boolean => /CERT|SIGNATURE|ISSUER|SSL|TLS|^EPROTO$/.test(code);

/** A reply of 4xx or 5xx is a no, before the message as after it (RFC 5321 4.2.1); its text is not kept. */
function outcomeOf({ responseCode, code, originalCode }: MailError, handedOver: boolean): Delivered {
  if (responseCode !== undefined && responseCode >= 400 && responseCode <= 599)
    return { refused: `Server surat menolak (${responseCode}).` };
  if (handedOver) return { uncertain: 'Server surat menerima seluruh surat tetapi tidak menjawab.' };
  if (code === 'ETLS' || isOfCertificate(originalCode))
    return { refused: 'Sambungan aman ke server surat gagal (TLS).' };
  if (code === 'EAUTH') return { refused: 'Server surat tidak menerima nama pengguna atau kata sandi.' };
  return { refused: 'Server surat tidak dapat dihubungi atau terputus.' };
}
