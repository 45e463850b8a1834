/** The one spelling of a log-in name, in which it is stored, looked for and counted. */
export function usernameOf(typed: string): string {
  // PostgreSQL's text cannot hold NUL; no name has one
  return typed.normalize('NFKC').trim().toLowerCase().replaceAll('\0', '\ufffd');
}
