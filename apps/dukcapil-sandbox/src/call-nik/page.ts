/** What goes into an answer: the one record of the page as JSON text, and the hits left where the server tells them. */
export interface Answer {
  readonly record: string;
  readonly quotaLimiter?: number | undefined;
}

const PAGE_OF_ONE =
  ',"lastPage":true,"numberOfElements":1,"sort":null,"totalElements":1,"firstPage":true,"number":0,"size":1';
const PAGE_OF_NONE = PAGE_OF_ONE.replace('"numberOfElements":1', '"numberOfElements":0').replace(
  '"totalElements":1',
  '"totalElements":0',
);

const end = ({ quotaLimiter }: Answer) => (quotaLimiter === undefined ? '}' : `,"quotaLimiter":${quotaLimiter}}`);

/** The page envelope around an answer; everything, errors too, comes in one with HTTP 200. */
export function page(answer: Answer): string {
  return `{"content":[${answer.record}]${PAGE_OF_ONE}${end(answer)}`;
}

/** `content` is the record itself and no array, as some servers do. */
export function pageWithObject(answer: Answer): string {
  return `{"content":${answer.record}${PAGE_OF_ONE}${end(answer)}`;
}

export function pageWithEmptyContent(answer: Answer): string {
  return `{"content":[]${PAGE_OF_NONE}${end(answer)}`;
}

export function pageWithoutContent(answer: Answer): string {
  return `{${PAGE_OF_NONE.slice(1)}${end(answer)}`;
}
