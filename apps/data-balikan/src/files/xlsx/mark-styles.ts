import { limits } from './limits.js';
import { parseXml, type XmlTag } from './xml.js';
import { attributesText, XmlCopy } from './xml-writing.js';

/** Of no palette, so that a mark of ours is known again in a file that was marked before. */
const markColour = 'FFFFB3AE';

interface Format {
  attributes: Readonly<Record<string, string>>;
  /** Alignment, protection: as XML. */
  content: string;
}

/** Formats of cells (cellXfs) of a workbook, and those that marking adds: the cell's own with our colour. */
export class MarkStyles {
  private readonly formats: Format[] = [];
  private readonly added: string[] = [];
  private readonly marked = new Map<number, number>();
  private readonly unmarked = new Map<number, number>();
  private fills = 0;
  private readonly ourFills = new Set<string>();
  private prefix = '';
  private textIndex: number | undefined;

  /** @param xml styles.xml, or undefined where the workbook has none */
  constructor(private readonly xml: string | undefined) {
    if (xml !== undefined) this.read(xml);
  }

  /** Whether cells can be coloured at all: not in a workbook whose styles lack what every program writes. */
  get usable(): boolean {
    return this.formats.length > 0 && this.fills > 0;
  }

  /** The number of this format with our colour. */
  mark(style: number): number {
    if (!this.usable) return style;
    return this.derive(this.marked, style, { fillId: String(this.fillId), applyFill: '1' });
  }

  /**
   * The number of a format without the colour of an earlier marking; of any other, its own. A colour that the clerk gave the
   * cell does not come back: a format has one fill, and a program that saves the file drops those that no cell uses any more.
   */
  clear(style: number): number {
    const format = this.formats[style];
    if (!format || !this.ourFills.has(format.attributes['fillId'] ?? '')) return style;
    return this.derive(this.unmarked, style, { fillId: '0', applyFill: undefined });
  }

  /** A format that keeps what it holds as text. */
  text(): number {
    if (!this.usable) return 0;
    const text = { numFmtId: '49', fontId: '0', fillId: '0', borderId: '0', xfId: '0', applyNumberFormat: '1' };
    return (this.textIndex ??= this.add({ attributes: text, content: '' }));
  }

  /** styles.xml with what was asked for. */
  write(): string {
    const copy = new XmlCopy();
    const path: string[] = [];
    const at = (...names: string[]): boolean => path.length === 2 && names.includes(path[1]!);
    parseXml(this.xml ?? '', {
      open: (tag) => {
        path.push(tag.local);
        if (at('fills')) copy.open(tag, { ...tag.attributes, count: String(this.fillId + 1) });
        else if (at('cellXfs')) copy.open(tag, { ...tag.attributes, count: String(this.count) });
        else copy.open(tag);
      },
      close: (tag) => {
        if (at('fills')) copy.raw(this.newFills());
        if (at('cellXfs')) copy.raw(this.added.join(''));
        path.pop();
        copy.close(tag);
      },
      text: (text) => copy.text(text),
    });
    return copy.take();
  }

  /** Excel takes the first two fills for its own, whatever they are. */
  private get fillId(): number {
    return Math.max(2, this.fills);
  }

  private get count(): number {
    return this.formats.length + this.added.length;
  }

  private newFills(): string {
    const p = this.prefix;
    const gray = `<${p}fill><${p}patternFill patternType="gray125"/></${p}fill>`;
    const ours = `<${p}fill><${p}patternFill patternType="solid"><${p}fgColor rgb="${markColour}"/><${p}bgColor indexed="64"/></${p}patternFill></${p}fill>`;
    return gray.repeat(this.fillId - this.fills) + ours;
  }

  private derive(known: Map<number, number>, style: number, change: Record<string, string | undefined>): number {
    const before = known.get(style);
    if (before !== undefined) return before;
    if (this.count >= limits.styles) return style;
    const format = this.formats[style] ?? this.formats[0]!;
    const index = this.add({ ...format, attributes: { ...format.attributes, ...change } as Format['attributes'] });
    known.set(style, index);
    return index;
  }

  private add({ attributes, content }: Format): number {
    const name = `${this.prefix}xf`;
    this.added.push(
      content === ''
        ? `<${name}${attributesText(attributes)}/>`
        : `<${name}${attributesText(attributes)}>${content}</${name}>`,
    );
    return this.count - 1;
  }

  private read(xml: string): void {
    const path: XmlTag[] = [];
    let content: XmlCopy | undefined;
    parseXml(xml, {
      open: (tag, depth) => {
        path.push(tag);
        if (depth === 1) this.prefix = tag.name.slice(0, tag.name.length - tag.local.length);
        const list = path[1]?.local;
        if (list === 'fills' && depth === 3) this.fills += 1;
        if (list === 'fills' && tag.local === 'fgColor' && tag.attributes['rgb']?.toUpperCase() === markColour) {
          this.ourFills.add(String(this.fills - 1));
        }
        if (list !== 'cellXfs') return;
        if (depth === 3) {
          this.formats.push({ attributes: tag.attributes, content: '' });
          content = new XmlCopy();
          content.take();
        } else if (depth > 3) {
          content?.open(tag);
        }
      },
      close: (tag, depth) => {
        if (depth > 3) content?.close(tag);
        if (depth === 3 && content) {
          this.formats.at(-1)!.content = content.take();
          content = undefined;
        }
        path.pop();
      },
    });
  }
}
