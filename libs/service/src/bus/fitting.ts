/** JSON bytes of a list in one message; the bus carries 256 KB (deploy/nats.conf), and there is something around the list. */
const mostBytes = 200_000;

/** As many from the front as fit one message, but never none: the rest goes on another page. */
export function takeFitting<T>(items: readonly T[], most = mostBytes): T[] {
  let bytes = 0;
  const end = items.findIndex((item, index) => {
    bytes += Buffer.byteLength(JSON.stringify(item)) + 1;
    return index > 0 && bytes > most;
  });
  return end === -1 ? [...items] : items.slice(0, end);
}
