import { rowFaults } from '#contracts';
import { columnLetter } from '../column-letter.js';
import { columnNumber } from './cell-values.js';
import type { MarkedCell } from './mark-list.js';
import { parseXml, type XmlTag } from './xml.js';
import { attributesText, escapeText, excelText, XmlCopy, xmlHead } from './xml-writing.js';

/** Author of our comments, by whom they are known again. */
const author = 'Gerbang PATEN';
const appendix = `\n[${author}]`;

/** A comment of ours. */
export interface Remark extends MarkedCell {
  row: number;
}

interface Comment {
  attributes: Readonly<Record<string, string>>;
  author: string;
  /** The text element, where it has one, and what stands inside of it, without what we once added. */
  element: Pick<XmlTag, 'name' | 'attributes'> | undefined;
  content: string;
  /** What follows the text element. */
  rest: string;
  text: string;
}

interface Comments {
  prefix: string;
  namespaces: Readonly<Record<string, string>>;
  authors: string[];
  comments: Comment[];
}

/** comments.xml with the comments of other people as they were, those of an earlier marking left out and ours added. */
export function mergeComments(
  xml: string | undefined,
  remarks: readonly Remark[],
  namespace: string,
): { xml: string; cells: { row: number; column: number }[] } {
  const old: Comments = xml === undefined ? noComments(namespace) : readComments(xml);
  const p = old.prefix;
  const byReference = new Map(old.comments.map((comment) => [comment.attributes['ref'] ?? '', comment]));
  const authors = old.authors.includes(author) ? old.authors : [...old.authors, author];
  const authorId = String(authors.indexOf(author));
  for (const remark of remarks) {
    const ref = `${columnLetter(remark.column)}${remark.row}`;
    const theirs = byReference.get(ref);
    const ours = remark.codes.map((code) => rowFaults[code]).join('\n');
    // somebody else's comment with ours below it
    if (theirs) theirs.content += runOf(p, `${appendix}\n${ours}`);
    else byReference.set(ref, ourComment({ ref, authorId, shapeId: '0' }, runOf(p, ours)));
  }
  const body = [...byReference.values()].map((comment) => commentXml(comment, p));
  const names = authors.map((name) => `<${p}author>${escapeText(name)}</${p}author>`).join('');
  return {
    xml: `${xmlHead}<${p}comments${attributesText(old.namespaces)}><${p}authors>${names}</${p}authors><${p}commentList>${body.join('')}</${p}commentList></${p}comments>`,
    cells: [...byReference.keys()].map(cellOf),
  };
}

const ourComment = (attributes: Comment['attributes'], content: string): Comment => ({
  ...{ attributes, author, element: undefined, content, rest: '', text: '' },
});

function commentXml({ attributes, element, content, rest }: Comment, p: string): string {
  const { name, attributes: own } = element ?? { name: `${p}text`, attributes: {} };
  return `<${p}comment${attributesText(attributes)}><${name}${attributesText(own)}>${content}</${name}>${rest}</${p}comment>`;
}

/** A run, because some programs look for nothing else. */
const runOf = (prefix: string, text: string): string =>
  `<${prefix}r><${prefix}t xml:space="preserve">${excelText(text)}</${prefix}t></${prefix}r>`;

const ourTexts: ReadonlySet<string> = new Set(Object.values(rowFaults));

/** By the author, or by what it says: not every program that saves a workbook keeps authors. */
const isOurs = (comment: Comment): boolean =>
  comment.author === author || comment.text.split('\n').every((line) => ourTexts.has(line));

const noComments = (namespace: string): Comments => ({
  prefix: '',
  namespaces: { xmlns: namespace },
  authors: [],
  comments: [],
});

function cellOf(reference: string): { row: number; column: number } {
  const letters = /^[A-Z]*/.exec(reference)![0];
  return { row: Number(reference.slice(letters.length)), column: columnNumber(letters) };
}

/** Depth: comments 1, authors and commentList 2, comment 3, text 4, runs 5. */
function readComments(xml: string): Comments {
  const result: Comments = { prefix: '', namespaces: {}, authors: [], comments: [] };
  let list = '';
  let comment: Comment | undefined;
  let part: { copy: XmlCopy; isText: boolean } | undefined;
  let run: { copy: XmlCopy; text: string } | undefined;
  parseXml(xml, {
    open: (tag, depth) => {
      if (depth === 1) {
        result.prefix = tag.name.slice(0, tag.name.length - tag.local.length);
        result.namespaces = tag.attributes;
      } else if (depth === 2) {
        list = tag.local;
        result.namespaces = { ...result.namespaces, ...declarationsOf(tag) };
      } else if (depth === 3 && list === 'authors') {
        result.authors.push('');
      } else if (depth === 3 && list === 'commentList') {
        result.comments.push((comment = commentOf(tag, result.authors)));
      } else if (depth === 4 && comment) {
        part = { copy: emptyCopy(), isText: tag.local === 'text' && !comment.element };
        if (part.isText) comment.element = tag;
        else part.copy.open(tag);
      } else if (part) {
        if (depth === 5 && tag.local === 'r') run = { copy: emptyCopy(), text: '' };
        (run?.copy ?? part.copy).open(tag);
      }
    },
    close: (tag, depth) => {
      if (depth === 3) comment = undefined;
      if (!part || !comment) return;
      if (depth === 4) {
        if (!part.isText) part.copy.close(tag);
        comment[part.isText ? 'content' : 'rest'] += part.copy.take();
        part = undefined;
      } else {
        (run?.copy ?? part.copy).close(tag);
        if (depth !== 5 || !run) return;
        if (!run.text.startsWith(appendix)) part.copy.raw(run.copy.take());
        run = undefined;
      }
    },
    text: (text) => {
      if (run) run.text += text;
      if (part && comment) {
        if (part.isText) comment.text += text;
        (run?.copy ?? part.copy).text(text);
      } else if (list === 'authors' && result.authors.length > 0) {
        result.authors.push((result.authors.pop() ?? '') + text);
      }
    },
  });
  return { ...result, comments: result.comments.filter((one) => !isOurs(one)) };
}

/** Prefixes that are declared where the lists begin: the lists are written anew, their content is not. */
const declarationsOf = ({ attributes }: XmlTag): Comments['namespaces'] =>
  Object.fromEntries(Object.entries(attributes).filter(([name]) => name.startsWith('xmlns:')));

const commentOf = ({ attributes }: XmlTag, authors: readonly string[]): Comment => ({
  attributes,
  author: (authors[Number(attributes['authorId'] ?? 0)] ?? '').trim(),
  element: undefined,
  content: '',
  rest: '',
  text: '',
});

function emptyCopy(): XmlCopy {
  const copy = new XmlCopy();
  copy.take();
  return copy;
}
