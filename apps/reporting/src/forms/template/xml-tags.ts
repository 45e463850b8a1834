import { SaxesParser } from 'saxes';
import { AppError } from '#service';
import { templateFault } from './template-fault.js';

export interface XmlTag {
  /** As written, with its prefix. */
  name: string;
  local: string;
  attributes: Readonly<Record<string, string>>;
  /** Position of `<` in the text, and of what comes behind `>`. */
  start: number;
  end: number;
  selfClosing: boolean;
}

export interface XmlHandlers {
  /** Depth of the root is 1. */
  open?(tag: XmlTag, depth: number): void;
  /** `end`: position behind the end tag. */
  close?(tag: XmlTag, depth: number, end: number): void;
  text?(text: string): void;
}

const mostDepth = 100;

/** Well-formed XML without a DTD. @throws {AppError} TEMPLATE_INVALID */
export function parseXml(xml: string, handlers: XmlHandlers): void {
  const parser = new SaxesParser<{ xmlns: false }>({ xmlns: false });
  const path: XmlTag[] = [];
  const damaged = (cause?: unknown): never => {
    throw templateFault('DAMAGED', cause);
  };
  parser.on('error', damaged);
  parser.on('doctype', () => damaged());
  parser.on('opentag', ({ name, attributes, isSelfClosing }) => {
    const end = parser.position;
    // `<` cannot stand inside an attribute, so the last one before is where this tag begins
    const start = xml.lastIndexOf('<', end - 1);
    const tag = { name, local: name.slice(name.indexOf(':') + 1), attributes, start, end, selfClosing: isSelfClosing };
    if (path.push(tag) > mostDepth) damaged();
    handlers.open?.(tag, path.length);
  });
  parser.on('closetag', () => {
    handlers.close?.(path.at(-1)!, path.length, parser.position);
    path.pop();
  });
  const text = (value: string) => handlers.text?.(value);
  parser.on('text', text);
  parser.on('cdata', text);
  try {
    parser.write(xml).close();
  } catch (error) {
    throw error instanceof AppError ? error : templateFault('DAMAGED', error);
  }
}
