import type { XmlTag } from './xml.js';

export const xmlHead = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\t': '&#9;',
  '\n': '&#10;',
  '\r': '&#13;',
};

export const escapeText = (text: string): string => text.replace(/[&<>\r]/g, (sign) => escapes[sign]!);
export const escapeAttribute = (text: string): string => text.replace(/[&<>"\t\n\r]/g, (sign) => escapes[sign]!);

/** A cell's text as Excel spells it: what XML cannot hold is written _xHHHH_ (ECMA-376 22.9.2.19, ST_Xstring). */
export const excelText = (text: string): string =>
  escapeText(
    text
      .replace(/_(?=x[0-9A-Fa-f]{4}_)/g, '_x005F_')
      .replace(/[\u0000-\u0008\u000b-\u001f\ufffe\uffff]|\p{Cs}/gu, escapeUnit),
  );

const escapeUnit = (sign: string): string => `_x${sign.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}_`;

export const attributesText = (attributes: Readonly<Record<string, string | number | undefined>>): string =>
  Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => ` ${name}="${escapeAttribute(String(value))}"`)
    .join('');

/** Writes what an {@link XmlReader} reads, with changes; take the text away often. */
export class XmlCopy {
  private out = xmlHead;
  private pending = '';

  open(
    tag: Pick<XmlTag, 'name' | 'attributes'>,
    attributes: Readonly<Record<string, string | undefined>> = tag.attributes,
  ): void {
    this.flush();
    this.pending = `<${tag.name}${attributesText(attributes)}`;
  }

  close(tag: Pick<XmlTag, 'name'>): void {
    if (this.pending === '') {
      this.out += `</${tag.name}>`;
    } else {
      this.out += `${this.pending}/>`;
      this.pending = '';
    }
  }

  text(text: string): void {
    this.raw(escapeText(text));
  }

  /** XML as it is, inside the element that is open. */
  raw(xml: string): void {
    if (xml === '') return;
    this.flush();
    this.out += xml;
  }

  get length(): number {
    return this.out.length;
  }

  /** What was written since the last time. */
  take(): string {
    const text = this.out;
    this.out = '';
    return text;
  }

  private flush(): void {
    if (this.pending === '') return;
    this.out += `${this.pending}>`;
    this.pending = '';
  }
}
