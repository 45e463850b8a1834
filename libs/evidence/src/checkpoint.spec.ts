import { describe, expect, test } from '@jest/globals';
import { ed25519 } from '@noble/curves/ed25519.js';
import { officeKey } from '../test/office-log.js';
import { fromBase64, toBase64, toHex, utf8 } from './bytes.js';
import {
  checkpointBody,
  cosignatureTime,
  openCheckpoint,
  parseCheckpointBody,
  signCheckpoint,
  type Checkpoint,
} from './checkpoint.js';
import { keyId, parseTypedKey, parseVerifierKey, signatureTypes, verifierKey, verifyEd25519 } from './keys.js';
import { formatNote, parseNote } from './note.js';
import { emptyRoot } from './tree.js';

describe('the example of golang.org/x/mod/sumdb/note', () => {
  const text = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
  const note = `${text}\n— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n`;
  const vkey = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW';
  const secret = fromBase64('AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz')!.subarray(1);
  const key = parseVerifierKey(vkey)!;

  test('the key is read and written', () => {
    expect(key).toMatchObject({ name: 'PeterNeumann', id: 'c74f20a3' });
    expect(key.publicKey).toEqual(ed25519.getPublicKey(secret));
    expect(verifierKey('PeterNeumann', key.publicKey)).toBe(vkey);
  });

  test('the signature is the same, byte for byte', () => {
    const parsed = parseNote(note)!;
    expect(parsed.text).toBe(text);
    expect(verifyEd25519(parsed.signatures[0]!.bytes, utf8(text), key.publicKey)).toBe(true);
    const signature = { name: key.name, id: key.id, bytes: ed25519.sign(utf8(text), secret) };
    expect(formatNote({ text, signatures: [signature] })).toBe(note);
  });

  test('no part of the key, and none with another character, is a key', () => {
    for (let from = 0; from <= vkey.length; from++) {
      for (let to = from + 1; to <= vkey.length; to++) {
        if (to - from < vkey.length) expect(parseVerifierKey(vkey.slice(from, to))).toBeUndefined();
      }
    }
    for (let at = 0; at < vkey.length; at++) {
      const next = String.fromCharCode(vkey.charCodeAt(at) + 1);
      expect(parseVerifierKey(vkey.slice(0, at) + next + vkey.slice(at + 1))).toBeUndefined();
    }
    expect(
      parseVerifierKey('PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY=='),
    ).toBeUndefined();
    expect(parseVerifierKey('PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW')).toBeUndefined();
  });
});

// a checkpoint of a public log of May 2026, as its witnesses cosigned it
describe('a checkpoint from practice', () => {
  const note = `arche2025h1.staging.ct.transparency.dev
1432088532
U7WM79jrzyhGZ5/GUBTpM7NzwdyfFx61t3RovgcC4Ro=

— arche2025h1.staging.ct.transparency.dev zTM8sQAAAZ5W0WdjBAMARjBEAiBjW5IQf9pvsYLfQFX6hoGREPMHbdQ3urbllzalApkptQIgIpwtEroeW2BXaHAI4kJXFbon5Ch9MNL5zRNZ55lvGt0=
— arche2025h1.staging.ct.transparency.dev ui8GwCF1+kWqZrxGdhj4aX3gcw7XUlXQQabg/27lefwhUkzbC3NygNI75MdhL1bfTW9g8Ei59RA23oHP7Ry1k3ZFWwQ=
— transparency.dev/DEV:witness-little-garden 2AQqhwAAAABqEiEgzgFIqqhbUoDwjMWE6UP8nd8/KYTzwZ2rhIgcqoXHAwVkjZr4AscylP3v7sEodkRAErumC2q44vdgJY096st5BQ==
— remora.n621.de 2net5wAAAABqEiEgPlfF3V06o0Y+fHM+J5J9s27wgxxcOVSpZ/2g/KSiXCg9DEZI+aVCIobWX9sXTynk5XeU/zZ0WBxtqB0DrAWfBw==
`;
  const log = parseVerifierKey(
    'arche2025h1.staging.ct.transparency.dev+ba2f06c0+AU0vHmlGCS/PdN8b2OaGmKprLI8HKM+dJ472xgFYh15f',
  )!;

  test('has the signature of the log', () => {
    const { text, signatures } = parseNote(note)!;
    const own = signatures.find(({ id }) => id === log.id)!;
    expect(verifyEd25519(own.bytes, utf8(text), log.publicKey)).toBe(true);
    expect(parseCheckpointBody(text)).toMatchObject({ origin: log.name, size: 1432088532 });
    expect(openCheckpoint(note, [log])).toEqual({ ok: false, fault: 'TIME_MISSING' });
  });

  test.each([
    'remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2',
    'transparency.dev/DEV:witness-little-garden+d8042a87+BCtusOxINQNUTN5Oj8HObRkh2yHf/MwYaGX4CPdiVEPM',
  ])('has the time of %s', (vkey) => {
    const witness = parseTypedKey(vkey, signatureTypes.cosignature)!;
    const { text, signatures } = parseNote(note)!;
    const { bytes } = signatures.find(({ name, id }) => name === witness.name && id === witness.id)!;
    expect(cosignatureTime(text, bytes, witness.publicKey)).toBe(1779573024);
    expect(cosignatureTime(`${text}x\n`, bytes, witness.publicKey)).toBeUndefined();
  });
});

describe('our checkpoints', () => {
  const key = officeKey(1);
  const checkpoint: Checkpoint = { origin: 'gerbang-contoh/k/1', size: 3, root: emptyRoot };
  const trusted = parseVerifierKey(verifierKey(checkpoint.origin, key.publicKey))!;
  const note = signCheckpoint(checkpoint, 1_762_000_000, key);

  test('are opened with their time', () => {
    expect(openCheckpoint(note, [trusted])).toEqual({ ok: true, checkpoint, time: 1_762_000_000 });
    expect(parseNote(note)!.signatures).toMatchObject([
      { name: 'gerbang-contoh/k/1', id: trusted.id },
      { name: 'gerbang-contoh/k/1/time', id: keyId('gerbang-contoh/k/1/time', key.publicKey, 4) },
    ]);
  });

  test('are not opened with another key, nor with that of another log', () => {
    const other = officeKey(2).publicKey;
    expect(openCheckpoint(note, [])).toEqual({ ok: false, fault: 'WRONG_KEY' });
    expect(openCheckpoint(note, [{ ...trusted, name: 'gerbang-contoh/l/1' }])).toEqual({
      ok: false,
      fault: 'WRONG_KEY',
    });
    const others = parseVerifierKey(verifierKey(checkpoint.origin, other))!;
    expect(openCheckpoint(note, [others])).toEqual({ ok: false, fault: 'WRONG_KEY' });
    expect(openCheckpoint(note, [others, trusted]).ok).toBe(true);
    // an id that collides is no key
    expect(openCheckpoint(note, [{ ...trusted, publicKey: other }])).toEqual({ ok: false, fault: 'SIGNATURE_INVALID' });
  });

  test('no character can be another', () => {
    for (let at = 0; at < note.length; at++) {
      for (const other of [String.fromCharCode(note.charCodeAt(at) ^ 1), '', '\n', 'é']) {
        if (other === note[at]) continue;
        const changed = note.slice(0, at) + other + note.slice(at + 1);
        // an empty replacement of one of two equal neighbours changes nothing
        if (changed !== note)
          expect({ at, other, ok: openCheckpoint(changed, [trusted], once).ok }).toMatchObject({ ok: false });
      }
    }
  });

  test('the faults are told apart', () => {
    const fault = (text: string) => openCheckpoint(text, [trusted]);
    expect(fault(note.replace('\n3\n', '\n4\n'))).toEqual({ ok: false, fault: 'SIGNATURE_INVALID' });
    expect(fault(note.replace('\n3\n', '\n03\n'))).toEqual({ ok: false, fault: 'MALFORMED' });
    expect(fault(note.replace(/— \S+\/time .*\n/, ''))).toEqual({ ok: false, fault: 'TIME_MISSING' });
    const [own, timed] = parseNote(note)!.signatures;
    const text = checkpointBody(checkpoint);
    const later = { ...timed!, bytes: Uint8Array.from(timed!.bytes, (byte, at) => (at === 7 ? byte ^ 1 : byte)) };
    expect(fault(formatNote({ text, signatures: [own!, later] }))).toEqual({ ok: false, fault: 'SIGNATURE_INVALID' });
    const renamed = { ...own!, id: '00000000' };
    expect(fault(formatNote({ text, signatures: [renamed, timed!] }))).toEqual({
      ok: false,
      fault: 'SIGNATURE_INVALID',
    });
    // the signature over the text is not one over the text with a time
    const mixed = { ...timed!, bytes: new Uint8Array([...timed!.bytes.subarray(0, 8), ...own!.bytes]) };
    expect(fault(formatNote({ text, signatures: [own!, mixed] }))).toEqual({ ok: false, fault: 'SIGNATURE_INVALID' });
  });

  test('what cannot be told is not signed', () => {
    expect(() => signCheckpoint({ ...checkpoint, origin: 'with blank' }, 1, key)).toThrow(TypeError);
    expect(() => signCheckpoint({ ...checkpoint, origin: 'with+plus' }, 1, key)).toThrow(TypeError);
    expect(() => signCheckpoint({ ...checkpoint, size: 1.5 }, 1, key)).toThrow(RangeError);
    expect(() => signCheckpoint({ ...checkpoint, root: new Uint8Array(31) }, 1, key)).toThrow(TypeError);
    expect(() => signCheckpoint(checkpoint, 1.5, key)).toThrow(RangeError);
  });

  // Ed25519 in JavaScript takes its time: only what is still signed by the right text needs it
  const good = new Map<string, boolean>();
  function once(signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array): boolean {
    const name = [signature, message, publicKey].map(toBase64).join();
    if (!good.has(name)) good.set(name, verifyEd25519(signature, message, publicKey));
    return good.get(name)!;
  }
});

describe('a text that is no note', () => {
  test.each([
    ['no blank line', 'a\n— b AAAAAAA=\n'],
    ['no newline at the end', 'a\n\n— b AAAAAAA='],
    ['no signature', 'a\n\n'],
    ['another dash', 'a\n\n- b AAAAAAA=\n'],
    ['too short a signature', 'a\n\n— b AAAAAA==\n'],
    ['a plus in the name', 'a\n\n— b+c AAAAAAA=\n'],
    ['a control character', 'a\r\n\n— b AAAAAAA=\n'],
    ['a blank more', 'a\n\n— b  AAAAAAA=\n'],
    ['something behind', 'a\n\n— b AAAAAAA=\nx\n'],
    ['too many signatures', `a\n\n${'— b AAAAAAA=\n'.repeat(65)}`],
  ])('%s', (_, text) => expect(parseNote(text)).toBeUndefined());

  test('a good one, for comparison', () => {
    const note = parseNote('a\n\nb\n\n— b AAAAAAA=\n')!;
    expect(note.text).toBe('a\n\nb\n');
    expect(toHex(note.signatures[0]!.bytes)).toBe('00');
  });
});
