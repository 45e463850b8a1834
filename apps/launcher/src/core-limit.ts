/**
 * A core dump would hold what the ministry answered. The limit is 0, soft and hard, before the program begins: a service
 * cannot raise it again, and whatever it starts inherits it. The process id stays the same.
 */
export function withoutCoreDumps(command: string, args: readonly string[]): { command: string; args: string[] } {
  if (process.platform === 'win32') return { command, args: [...args] };
  return { command: '/bin/sh', args: ['-c', 'ulimit -c 0 && exec "$0" "$@"', command, ...args] };
}
