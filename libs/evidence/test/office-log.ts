import { ed25519 } from '@noble/curves/ed25519.js';
import { sha256 } from '@noble/hashes/sha2.js';
import {
  canonicalJson,
  Frontier,
  leafHash,
  receiptCode,
  receiptType,
  rootOf,
  signCheckpoint,
  toBase64,
  toBase64url,
  verifierKey,
  keyId,
  type AccessLeaf,
  type BundleHeader,
  type Leaf,
  type ReadNode,
  type ReceiptClaims,
} from '../src/index.js';
import { nodeHash } from '../src/tree.js';

export const institution = '0198c1d2-7000-7000-8000-000000000001';
/** 1 November 2025, 08.00 WIB: seconds. */
export const opening = Date.UTC(2025, 10, 1, 1) / 1000;

export interface OfficeKey {
  publicKey: Uint8Array;
  sign(message: Uint8Array): Uint8Array;
}

export function officeKey(seed: number): OfficeKey {
  const secret = sha256(Uint8Array.of(seed));
  return { publicKey: ed25519.getPublicKey(secret), sign: (message) => ed25519.sign(message, secret) };
}

export function timeOf(seconds: number): string {
  return `${new Date(seconds * 1000).toISOString().slice(0, 23)}000Z`;
}

function uuid(number: number): string {
  return `0198c1d2-7000-7000-9000-${number.toString(16).padStart(12, '0')}`;
}

/** An office that logs, signs and exports as the specification says. */
export class OfficeLog {
  readonly leaves: Leaf[] = [];
  readonly notes: { size: number; note: string; time: number }[] = [];
  private ids = 0;

  constructor(
    readonly key: OfficeKey = officeKey(1),
    readonly origin = `gerbang-contoh/${institution}/1`,
  ) {}

  get verifierKey(): string {
    return verifierKey(this.origin, this.key.publicKey);
  }

  /** A look-up that is asked for at `seconds` and answered one second later. */
  lookUp(seconds: number): AccessLeaf {
    const verification = uuid(++this.ids + 0x100000);
    this.add(this.access('REQUESTED', seconds, verification));
    const answered = this.access('ANSWERED', seconds + 1, verification);
    this.add(answered);
    return answered;
  }

  access(type: AccessLeaf['type'], seconds: number, verification: string): AccessLeaf {
    return {
      agreementVersion: uuid(7),
      at: timeOf(seconds),
      client: uuid(8),
      fields: ['NAMA_LGKP', 'ALAMAT'],
      hit: type === 'ANSWERED' ? 'confirmed' : null,
      id: uuid(++this.ids),
      institution,
      latencyMs: type === 'ANSWERED' ? 120 : null,
      mode: 'LOOKUP',
      nikHmac: 'ab'.repeat(32),
      operator: uuid(9),
      outcome: type === 'ANSWERED' ? 'FOUND' : null,
      referenceHmac: null,
      service: 'KTP_EL',
      type,
      v: 1,
      verification,
    };
  }

  add(...leaves: Leaf[]): void {
    this.leaves.push(...leaves);
  }

  sign(seconds: number, size = this.leaves.length): string {
    const note = signCheckpoint({ origin: this.origin, size, root: rootOf(size, this.read) }, seconds, this.key);
    this.notes.push({ size, note, time: seconds });
    return note;
  }

  /** A node of the tree, hashed anew each time. */
  readonly read: ReadNode = (level, index) => {
    if (level === 0) return hashOf(this.leaves[index]!);
    return nodeHash(this.read(level - 1, index * 2), this.read(level - 1, index * 2 + 1));
  };

  receipt(answered: AccessLeaf, changes: Partial<ReceiptClaims> = {}): string {
    const claims: ReceiptClaims = {
      iss: this.origin,
      jti: answered.verification,
      iat: Math.floor(Date.parse(`${answered.at.slice(0, 23)}Z`) / 1000),
      at: answered.at,
      institution: { id: institution, name: 'Kecamatan Contoh', regionCode: '33.74.01' },
      agreement: { version: answered.agreementVersion! },
      service: answered.service!,
      mode: answered.mode!,
      outcome: answered.outcome!,
      elements: answered.fields,
      code: receiptCode(answered.verification),
      leafHash: toBase64url(hashOf(answered)),
      ...changes,
    };
    const header = { alg: 'EdDSA', kid: keyId(this.origin, this.key.publicKey), typ: receiptType };
    return signedJws(header, claims, this.key);
  }

  bundle(from = 0, to = this.notes.at(-1)!.size): Bundle {
    const before = new Frontier();
    this.leaves.slice(0, from).forEach((leaf) => before.append(hashOf(leaf)));
    const lines: Partial<BundleObject & BundleHeader>[] = [
      {
        format: 'gerbang-evidence/1',
        origin: this.origin,
        institution: { id: institution, name: 'Kecamatan Contoh' },
        keys: [this.verifierKey],
        from,
        to,
        before: before.roots.map(toBase64),
        exportedAt: timeOf(this.notes.at(-1)!.time + 3600),
      },
    ];
    const notes = (size: number) =>
      this.notes.filter((one) => one.size === size).map(({ note }) => ({ checkpoint: note }));
    if (from > 0) lines.push(...notes(from));
    for (let i = from; i < to; i++) {
      const leaf = this.leaves[i]!;
      lines.push({ i, h: toBase64(hashOf(leaf)), leaf: { ...leaf } }, ...notes(i + 1));
    }
    const checkpoints = lines.filter((line) => 'checkpoint' in line).length;
    const closing = { end: true, leaves: to - from, checkpoints };
    return new Bundle([...lines, closing] as BundleObject[]);
  }
}

function hashOf(leaf: unknown): Uint8Array {
  return leafHash(new TextEncoder().encode(canonicalJson(leaf)));
}

export function signedJws(header: object, claims: object, key: OfficeKey): string {
  const encode = (value: object) => toBase64url(new TextEncoder().encode(JSON.stringify(value)));
  const signed = `${encode(header)}.${encode(claims)}`;
  return `${signed}.${toBase64url(key.sign(new TextEncoder().encode(signed)))}`;
}

/** A line of a bundle, for those who know which one it is. */
export interface BundleObject {
  i: number;
  h: string;
  leaf: Record<string, unknown>;
  checkpoint: string;
  from: number;
  to: number;
  keys: string[];
  before: string[];
  institution: { id: string };
  leaves: number;
  checkpoints: number;
}

/** The lines of a bundle, for those who want to change them. */
export class Bundle {
  constructor(readonly lines: BundleObject[]) {}

  get header(): BundleObject {
    return this.lines[0]!;
  }

  get closing(): BundleObject {
    return this.lines.at(-1)!;
  }

  get events(): BundleObject[] {
    return this.lines.filter((line) => 'leaf' in line);
  }

  get checkpoints(): BundleObject[] {
    return this.lines.filter((line) => 'checkpoint' in line);
  }

  event(index: number): BundleObject {
    return this.events.find(({ i }) => i === index)!;
  }

  /** What a tamperer does who knows the format: the hash of the changed event. */
  rehash(line: BundleObject): void {
    line.h = toBase64(hashOf(line.leaf));
  }

  /** The same: numbers and counts fit what is left. */
  renumber(): void {
    let next = this.header.from;
    this.events.forEach((line) => (line.i = next++));
    this.closing.leaves = this.events.length;
    this.closing.checkpoints = this.checkpoints.length;
  }

  remove(line: BundleObject): void {
    this.lines.splice(this.lines.indexOf(line), 1);
  }

  insertBefore(line: BundleObject, added: Partial<BundleObject>): void {
    this.lines.splice(this.lines.indexOf(line), 0, added as BundleObject);
  }

  swap(one: BundleObject, other: BundleObject): void {
    const [a, b] = [this.lines.indexOf(one), this.lines.indexOf(other)];
    [this.lines[a], this.lines[b]] = [other, one];
  }

  toString(): string {
    return this.lines.map((line) => `${JSON.stringify(line)}\n`).join('');
  }
}
