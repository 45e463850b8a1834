import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createHash } from 'node:crypto';
import { OfficeLog, officeKey, opening, signedJws } from '../test/office-log.js';
import { fromBase64url, fromUtf8, toBase64, toHex } from './bytes.js';
import { inclusionProof } from './proof.js';
import { keyId, parseVerifierKey } from './keys.js';
import { codeBits, readReceiptCode, receiptCode } from './receipt-code.js';
import { readCheckpointNotes, readReceiptProof, verifyReceiptProof } from './receipt-proof.js';
import { verifyReceipt, type ReceiptClaims } from './receipt.js';

const id = '0198c1d2-7000-7000-9000-0000000abcde';

describe('the short code', () => {
  const code = receiptCode(id);

  test('is 80 bits of the hash and a check character', () => {
    const hash = createHash('sha256').update(`gerbang-receipt-code/1\n${id}`).digest().subarray(0, 10);
    expect(toHex(codeBits(code))).toBe(hash.toString('hex'));
    expect(code).toMatch(/^([0-9A-HJKMNP-TV-Z]{4}-){4}[0-9A-HJKMNP-TV-Z*~$=U]$/);
    // Crockford's base32, worked out another way
    const bits = Array.from(hash, (byte) => byte.toString(2).padStart(8, '0')).join('');
    const digits = bits.match(/.{5}/g)!.map((five) => '0123456789ABCDEFGHJKMNPQRSTVWXYZ'[parseInt(five, 2)]);
    expect(code.replaceAll('-', '').slice(0, 16)).toBe(digits.join(''));
    const check = Number(BigInt(`0x${hash.toString('hex')}`) % 37n);
    expect(code.at(-1)).toBe('0123456789ABCDEFGHJKMNPQRSTVWXYZ*~$=U'[check]);
  });

  test('is read however it was typed', () => {
    fc.assert(
      fc.property(fc.uuid(), (uuid) => {
        const good = receiptCode(uuid);
        const typed = good.toLowerCase().replaceAll('0', 'o').replaceAll('1', 'l').replaceAll('-', ' – ');
        expect(readReceiptCode(` ${typed}\n`)).toBe(good);
        expect(readReceiptCode(good.replaceAll('-', '').replaceAll('1', 'I'))).toBe(good);
      }),
    );
  });

  test('one wrong character, or two neighbours exchanged, is found', () => {
    const plain = code.replaceAll('-', '');
    for (let at = 0; at < plain.length; at++) {
      for (const other of '0123456789ABCDEFGHJKMNPQRSTVWXYZ*~$=U') {
        if (other === plain[at]) continue;
        expect(readReceiptCode(plain.slice(0, at) + other + plain.slice(at + 1))).toBeUndefined();
      }
      const [a, b] = [plain[at], plain[at + 1]];
      if (b === undefined || a === b) continue;
      expect(readReceiptCode(plain.slice(0, at) + b + a + plain.slice(at + 2))).toBeUndefined();
    }
    for (const text of ['', '-', plain.slice(1), `${plain}0`, 'é'.repeat(17)]) {
      expect(readReceiptCode(text)).toBeUndefined();
    }
    expect(() => codeBits('x')).toThrow(TypeError);
  });

  test('every check character occurs and is read', () => {
    const seen = new Set<string>();
    for (let number = 0; seen.size < 37; number++) {
      const one = receiptCode(String(number));
      seen.add(one.at(-1)!);
      expect(readReceiptCode(one.toLowerCase())).toBe(one);
    }
  });
});

describe('a receipt', () => {
  const log = new OfficeLog();
  const answered = log.lookUp(opening);
  log.lookUp(opening + 10);
  const note = log.sign(opening + 60);
  const keys = [parseVerifierKey(log.verifierKey)!];
  const jws = log.receipt(answered);

  test('is that of the office', () => {
    const checked = verifyReceipt(jws, keys);
    expect(checked).toMatchObject({
      ok: true,
      claims: { jti: answered.verification, code: receiptCode(answered.verification) },
    });
  });

  test('is not when anything was changed', () => {
    const [header, claims, signature] = jws.split('.') as [string, string, string];
    const changed = { ...(JSON.parse(fromUtf8(fromBase64url(claims)!)!) as ReceiptClaims), outcome: 'NOT_FOUND' };
    const encoded = Buffer.from(JSON.stringify(changed)).toString('base64url');
    expect(verifyReceipt(`${header}.${encoded}.${signature}`, keys)).toEqual({ ok: false, fault: 'SIGNATURE_INVALID' });
    const none = Buffer.from('{"alg":"none","kid":"x","typ":"gerbang-receipt+jwt"}').toString('base64url');
    expect(verifyReceipt(`${none}.${claims}.`, keys)).toEqual({ ok: false, fault: 'MALFORMED' });
    expect(verifyReceipt(`${jws}.`, keys)).toEqual({ ok: false, fault: 'MALFORMED' });
    expect(verifyReceipt(`${jws}=`, keys)).toEqual({ ok: false, fault: 'MALFORMED' });
    expect(verifyReceipt('', keys)).toEqual({ ok: false, fault: 'MALFORMED' });
    expect(verifyReceipt(jws, [])).toEqual({ ok: false, fault: 'WRONG_KEY' });
    const others = new OfficeLog(officeKey(2));
    expect(verifyReceipt(others.receipt(answered), keys)).toEqual({ ok: false, fault: 'WRONG_KEY' });
  });

  test.each([
    [{ code: receiptCode(id) }],
    [{ leafHash: 'AAAA' }],
    [{ at: 'kemarin' }],
    [{ mode: 'OTHER' }],
    [{ elements: [1] }],
    [{ institution: null }],
  ])('with %j is none, though the office signed it', (changes) => {
    const wrong = log.receipt(answered, changes as unknown as Partial<ReceiptClaims>);
    expect(verifyReceipt(wrong, keys)).toEqual({ ok: false, fault: 'MALFORMED' });
  });

  test('of another type of token is none', () => {
    const token = signedJws({ alg: 'EdDSA', kid: keyId(log.origin, log.key.publicKey), typ: 'JWT' }, {}, log.key);
    expect(verifyReceipt(token, keys)).toEqual({ ok: false, fault: 'MALFORMED' });
  });

  describe('with its proof', () => {
    const hashes = inclusionProof(1, 4, log.read);
    const good = { receipt: jws, checkpoint: note, index: 1, proof: hashes };

    test('is in the log', () => {
      expect(verifyReceiptProof(good, keys)).toMatchObject({ ok: true, time: opening + 60, checkpoint: { size: 4 } });
    });

    test.each([
      ['another place', { index: 3 }, 'RECEIPT_NOT_IN_LOG'],
      ['no way', { proof: [] }, 'RECEIPT_NOT_IN_LOG'],
      ['another receipt', { receipt: log.receipt(answered, { leafHash: 'A'.repeat(43) }) }, 'RECEIPT_NOT_IN_LOG'],
      ['a forged receipt', { receipt: new OfficeLog(officeKey(2)).receipt(answered) }, 'RECEIPT_FORGED'],
      ['a changed checkpoint', { checkpoint: note.replace('\n4\n', '\n5\n') }, 'CHECKPOINT_CHANGED'],
      ['a checkpoint of another key', { checkpoint: new OfficeLog(officeKey(2)).sign(opening) }, 'WRONG_KEY'],
    ])('%s is found', (_, changes, name) => {
      expect(verifyReceiptProof({ ...good, ...changes }, keys)).toMatchObject({ ok: false, finding: { name } });
    });

    test('is read from the answer of the gateway', () => {
      const proof = { checkpoint: { note, size: 4 }, index: 1, size: 4, hashes: hashes.map(toBase64) };
      expect(readReceiptProof({ genuine: true, receipt: { jws }, proof })).toEqual(good);
      expect(readReceiptProof({ receipt: jws, proof: { ...proof, checkpoint: note } })).toEqual(good);
      expect(readReceiptProof({ receipt: { code: 'x' }, proof }, jws)).toEqual(good);
      for (const wrong of [
        null,
        {},
        { receipt: jws, proof: null },
        { receipt: {}, proof },
        { receipt: jws, proof: { ...proof, hashes: ['x'] } },
      ]) {
        expect(readReceiptProof(wrong)).toBeUndefined();
      }
    });
  });

  test('checkpoints are read however they were saved', () => {
    const bytes = (text: string) => new TextEncoder().encode(text);
    expect(readCheckpointNotes(bytes(note))).toEqual([note]);
    expect(readCheckpointNotes(bytes(note.trimEnd().replaceAll('\n', '\r\n')))).toEqual([note]);
    expect(readCheckpointNotes(bytes(JSON.stringify({ checkpoints: [{ note }, { note }] })))).toEqual([note, note]);
    expect(readCheckpointNotes(bytes(JSON.stringify({ note, size: 4 })))).toEqual([note]);
    expect(readCheckpointNotes(bytes(JSON.stringify({ checkpoint: note })))).toEqual([note]);
    for (const nothing of ['', '{}', '[]', 'x', '{"checkpoints":[1]}'])
      expect(readCheckpointNotes(bytes(nothing))).toEqual([]);
    expect(readCheckpointNotes(Uint8Array.of(255))).toEqual([]);
  });
});
