export interface Neighbour {
  nik: string;
  /** How far its serial is away, 1 to 9. */
  distance: number;
}

const mostDistance = 9;
const serialDigits = 4;

/** NIKs of the same region and date whose serial (the last 4 digits) is at most 9 away. */
export function neighboursOf(nik: string): Neighbour[] {
  const prefix = nik.slice(0, -serialDigits);
  const serial = Number(nik.slice(-serialDigits));
  const neighbours: Neighbour[] = [];
  for (let distance = 1; distance <= mostDistance; distance += 1)
    for (const other of [serial - distance, serial + distance])
      if (other >= 0 && other < 10 ** serialDigits)
        neighbours.push({ nik: prefix + String(other).padStart(serialDigits, '0'), distance });
  return neighbours;
}
