import type { CoreControl } from '../cores/core-control.js';
import type { DrivenPath, DrivenRoute } from '../drive/path-log.js';
import type { Finding } from '../search/finding.js';
import type { SearchedPlace } from '../search/place-search.js';

export type Verdict = 'nothing-found' | 'found' | 'not-proven';

/** The status of the command, for each verdict; 3 is for a proof that could not be run. */
export const exitStatus: Record<Verdict, number> = { 'nothing-found': 0, found: 1, 'not-proven': 2 };

/** A route of the contract that was not driven, and what is the matter with it. */
export interface UndrivenRoute {
  operationId: string;
  why: string;
}

/** What the proof says. Of a canary only what it is called, never a value. */
export interface Statement {
  kind: 'gerbang-paten/retention-proof/1';
  verdict: Verdict;
  /** Why it is not proven, or what was found; empty when nothing was found. */
  reasons: string[];
  /** A rehearsal: something was put there on purpose, to be found. */
  rehearsal: string | null;
  product: { name: string; version: string; commit: string | null; build: string };
  begunAt: string;
  endedAt: string;
  machine: { system: string; cores: number; node: string };
  installation: { kind: 'launcher' | 'compose'; made: Record<string, string>; logLevels: string[] };
  scale: 'small' | 'full';
  canaries: { count: number; values: number };
  search: {
    encodings: { name: string; meaning: string; patterns: number }[];
    patterns: number;
    files: number;
    bytes: number;
  };
  places: Omit<SearchedPlace, 'findings'>[];
  database: { settings: Record<string, string>; packedValues: number };
  coreDumps: {
    /** What the kernel does with them. */
    pattern: string;
    /** Of the proof itself, soft and hard: what the installation would inherit. */
    inherited: string;
    limits: { process: string; limit: string }[];
    control: CoreControl;
  };
  paths: DrivenPath[];
  routes: DrivenRoute[];
  undriven: UndrivenRoute[];
  planted: { expected: number; found: number; missing: string[]; notPlanted: string[] };
  findings: Finding[];
  /** What this proof does not say anything about, Indonesian. */
  outside: string[];
}

/** What no search of the disk can tell. */
export const outside = [
  'Isi memori selama layanan berjalan, dan swap: pada docker-compose swap dimatikan untuk setiap layanan (memswap_limit = mem_limit), di luar itu tanggung jawab pengelola mesin.',
  'Berkas yang sudah dihapus tetapi bloknya belum ditimpa di disk; enkripsi disk melindungi dari itu.',
  'Yang dibuat dengan sengaja oleh orang yang berhak atas mesin: laporan Node (--report-on-signal), heap snapshot, gcore, rekaman jaringan (tcpdump). Tidak satu pun dinyalakan oleh instalasi ini.',
  'Komputer di loket, aplikasi PATEN, dan apa yang diketik orang ke dalam isian bebas (misalnya nama di nomor berkas).',
  'Layanan Kementerian, yang di sini digantikan oleh sandbox.',
  'NIK pejabat yang disegel (O-05) dan pseudonim HMAC: nilainya tidak dapat dibaca tanpa kunci, yang disimpan di luar basis data.',
  'Nilai yang terenkripsi, atau dipadatkan dengan cara lain daripada yang dipakai PostgreSQL dan gzip.',
];
