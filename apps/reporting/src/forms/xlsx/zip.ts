import { strToU8, zipSync } from 'fflate';

/** Parts in their order, all with one date, so that the same content gives the same bytes. `day`: `YYYY-MM-DD`, 1980 to 2099. */
export function zipOf(parts: Readonly<Record<string, string | Uint8Array>>, day: string): Buffer {
  const [year = 1980, month = 1, date = 1] = day.split('-').map(Number);
  // a zip has the local time of nowhere: fflate takes it apart again with the same time zone
  const mtime = new Date(year, month - 1, date, 12);
  const entries = Object.entries(parts).map(([name, data]) => [name, typeof data === 'string' ? strToU8(data) : data]);
  return Buffer.from(zipSync(Object.fromEntries(entries) as Record<string, Uint8Array>, { mtime, level: 6 }));
}
