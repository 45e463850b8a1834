import { SaxesParser } from 'saxes';
import { FileFault } from '../table.js';
import { limits } from './limits.js';

export interface XmlTag {
  /** As written, with its prefix. */
  name: string;
  /** Without prefix. */
  local: string;
  attributes: Readonly<Record<string, string>>;
  selfClosing: boolean;
}

/** Depth of the root is 1. Comments and processing instructions are passed over. */
export interface XmlHandlers {
  open?(tag: XmlTag, depth: number): void;
  close?(tag: XmlTag, depth: number): void;
  text?(text: string): void;
}

export const localName = (name: string): string => name.slice(name.indexOf(':') + 1);

/** By the mark at the begin; without one it is UTF-8. */
export function decoderOf(bytes: Buffer): InstanceType<typeof TextDecoder> {
  const mark = bytes.toString('latin1', 0, 2);
  const encoding = mark === '\xff\xfe' ? 'utf-16le' : mark === '\xfe\xff' ? 'utf-16be' : 'utf-8';
  return new TextDecoder(encoding, { fatal: true });
}

/** Feeds bytes to a parser that knows no DTD and no entities but the five of XML, and that holds little back. */
export class XmlReader {
  private readonly parser = new SaxesParser<{ xmlns: false; position: false }>({ xmlns: false, position: false });
  private decoder: InstanceType<typeof TextDecoder> | undefined;
  private start: Buffer | undefined = Buffer.alloc(0);
  private readonly path: XmlTag[] = [];
  /** Characters since the last tag: a text may be cut by any number of comments, and is one text all the same. */
  private silent = 0;

  constructor(handlers: XmlHandlers) {
    const { parser, path } = this;
    parser.on('error', (error) => {
      throw new FileFault(error.message.includes('entity') ? 'FILE_XML_FORBIDDEN' : 'FILE_DAMAGED');
    });
    parser.on('doctype', () => {
      throw new FileFault('FILE_XML_FORBIDDEN');
    });
    parser.on('xmldecl', ({ encoding }) => {
      if (encoding && !/^(utf-?8|utf-?16(le|be)?|us-ascii)$/i.test(encoding)) throw new FileFault('FILE_DAMAGED');
    });
    parser.on('opentag', ({ name, attributes, isSelfClosing }) => {
      this.silent = 0;
      const tag = { name, local: localName(name), attributes, selfClosing: isSelfClosing };
      if (path.push(tag) > limits.xmlDepth) throw new FileFault('FILE_XML_FORBIDDEN');
      handlers.open?.(tag, path.length);
    });
    parser.on('closetag', () => {
      this.silent = 0;
      handlers.close?.(path.at(-1)!, path.length);
      path.pop();
    });
    const text = (value: string): void => {
      if (path.length > 0) handlers.text?.(value);
    };
    parser.on('text', text);
    parser.on('cdata', text);
  }

  /** @throws {FileFault} FILE_DAMAGED, FILE_XML_FORBIDDEN, FILE_EXPANDS_TOO_MUCH; and what a handler throws */
  write(bytes: Buffer): void {
    if (this.start) {
      this.start = Buffer.concat([this.start, bytes]);
      if (this.start.length < 3) return;
      this.begin();
      return;
    }
    this.feed(bytes);
  }

  /** @throws {FileFault} as {@link write} */
  end(): void {
    if (this.start) this.begin();
    this.parseText(this.decode());
    this.parser.close();
  }

  private begin(): void {
    const bytes = this.start!;
    this.start = undefined;
    this.decoder = decoderOf(bytes);
    this.feed(bytes);
  }

  private feed(bytes: Buffer): void {
    this.parseText(this.decode(bytes));
  }

  private decode(bytes?: Buffer): string {
    try {
      return bytes ? this.decoder!.decode(bytes, { stream: true }) : this.decoder!.decode();
    } catch {
      throw new FileFault('FILE_DAMAGED');
    }
  }

  private parseText(text: string): void {
    if (text === '') return;
    this.silent += text.length;
    this.parser.write(text);
    if (this.silent > limits.xmlToken + text.length) throw new FileFault('FILE_EXPANDS_TOO_MUCH');
  }
}

/** @throws {FileFault} as {@link XmlReader}, and those of the pieces */
export async function readXml(pieces: AsyncIterable<Buffer>, handlers: XmlHandlers): Promise<void> {
  const reader = new XmlReader(handlers);
  for await (const piece of pieces) reader.write(piece);
  reader.end();
}

/** The same for a part that is small and at hand. @throws {FileFault} as {@link XmlReader} */
export function parseXml(text: string, handlers: XmlHandlers): void {
  const reader = new XmlReader(handlers);
  reader.write(Buffer.from(text));
  reader.end();
}
