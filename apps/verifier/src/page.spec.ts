import { beforeEach, describe, expect, test } from '@jest/globals';
import { File } from 'node:buffer';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createContext, runInContext } from 'node:vm';
import { zipSync } from 'fflate';
import { OfficeKit } from '../../../libs/report/test/office-kit.js';
import { OfficeLog, opening } from '../../../libs/evidence/test/office-log.js';
import { type PageElement, type PageEvent, type PageFile } from './page-parts.js';

const page = readFileSync(new URL('../../../dist/verifier/gerbang-verify.html', import.meta.url), 'utf8');
const [script, ...moreScripts] = [...page.matchAll(/<script>(.*?)<\/script>/gs)].map(([, text]) => text!);
const [style] = [...page.matchAll(/<style>(.*?)<\/style>/gs)].map(([, text]) => text!);

describe('the page', () => {
  test('asks for nothing from outside', () => {
    expect(page).not.toMatch(/https?:/i);
    const markup = page.replace(script!, '').replace(style!, '');
    expect(markup).not.toMatch(/\b(src|href|action|srcset|data|poster|formaction)\s*=/i);
    expect(style).not.toMatch(/url\(|@import/i);
    expect(script).not.toMatch(
      /\bimport\b\s*[({"']|\bfetch\(|XMLHttpRequest|WebSocket|sendBeacon|importScripts|\beval\(/,
    );
    expect(moreScripts).toEqual([]);
  });

  test('lets nothing run but its own script and style', () => {
    const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(page)![1]!;
    const hash = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
    expect(policy).toBe(
      `default-src 'none'; script-src ${hash(script!)}; style-src ${hash(style!)}; base-uri 'none'; form-action 'none'`,
    );
    expect(page.split('</script').length).toBe(2);
  });

  test('every field has a label', () => {
    for (const [, id] of page.matchAll(/<(?:input|textarea) id="([^"]+)"/g))
      expect(page).toContain(`<label for="${id}">`);
    expect(page).toMatch(/<html lang="id">/);
    expect(page).toMatch(/role="status" aria-live="polite"/);
  });
});

describe('its script', () => {
  const log = new OfficeLog();
  [0, 100, 200].forEach((seconds) => log.lookUp(opening + seconds));
  const seen = log.sign(opening + 150, 4);
  log.sign(opening + 300);
  let parts: Map<string, FakeElement>;
  let drop: (event: PageEvent) => void;

  beforeEach(() => {
    parts = new Map([...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => [id!, new FakeElement()]));
    const document = {
      getElementById: (id: string) => parts.get(id) ?? null,
      addEventListener: (type: string, listener: (event: PageEvent) => void) => {
        if (type === 'drop') drop = listener;
      },
    };
    const window = { print: () => undefined };
    // no fetch, no require, no process: what it does not find here it does not need
    runInContext(script!, createContext({ document, window, setTimeout, TextEncoder, TextDecoder }));
  });

  const part = (id: string) => parts.get(id)!;
  const file = (text: string | Uint8Array<ArrayBuffer>, name = 'bukti.jsonl') =>
    new File([text], name) as unknown as PageFile;

  async function check(text: string | Uint8Array<ArrayBuffer>): Promise<void> {
    drop({ preventDefault: () => undefined, dataTransfer: { files: [file(text)] } });
    expect(part('check').disabled).toBe(false);
    part('check').fire('click');
    expect(part('status').textContent).toBe('Sedang memeriksa…');
    await part('verdict').focused;
    expect(part('result').hidden).toBe(false);
  }

  const zipped = (files: Iterable<readonly [string, Uint8Array]>) => zipSync(Object.fromEntries(files));

  test('finds the kit of a report good', async () => {
    const kit = OfficeKit.honest();
    part('keys').value = kit.log.verifierKey;
    await check(zipped(kit.files()));
    expect(part('result').className).toBe('good');
    expect(part('verdict').textContent).toBe('HASIL: COCOK. Semua angka laporan sama dengan catatan.');
    expect(part('report').textContent).toContain('dari catatan bertanda tangan');
  });

  test('finds what was changed in a kit', async () => {
    const kit = OfficeKit.honest();
    kit.content.figures.lookUps.total.hits += 1;
    await check(zipped(kit.files()));
    expect(part('result').className).toBe('bad');
    expect(part('report').textContent).toContain('figures.lookUps.total.hits: menurut laporan 17, menurut catatan 16.');
  });

  test('says so of another ZIP', async () => {
    await check(zipped([['lain.txt', Buffer.from('x')]]));
    expect(part('verdict').textContent).toBe('ZIP ini rusak, atau bukan paket laporan.');
  });

  test('finds a good bundle good', async () => {
    part('keys').value = `\n${log.verifierKey}\n`;
    part('checkpoints').files = [file(seen)];
    await check(log.bundle().toString());
    expect(part('result').className).toBe('good');
    expect(part('verdict').textContent).toBe('HASIL: UTUH. Tidak ditemukan perubahan.');
    expect(part('report').textContent).toContain('Kecamatan Contoh');
    expect(part('status').textContent).toBe(part('verdict').textContent);
  });

  test('says when the key was not compared', async () => {
    await check(log.bundle().toString());
    expect(part('result').className).toBe('unsure');
    expect(part('verdict').textContent).toContain('KUNCI BELUM DICOCOKKAN');
  });

  test('finds what was changed', async () => {
    const bundle = log.bundle();
    bundle.event(3).leaf.outcome = 'NOT_FOUND';
    await check(bundle.toString());
    expect(part('result').className).toBe('bad');
    expect(part('verdict').textContent).toBe('HASIL: TIDAK UTUH. Ditemukan 1 masalah.');
    expect(part('report').textContent).toContain('Isi peristiwa nomor 3 sudah diubah');
  });

  test.each([
    ['another file', 'halo', '', 'Ini bukan berkas bukti'],
    ['a key that is none', '', 'halo', 'bukan kunci kantor'],
  ])('says so of %s', async (_, text, key, message) => {
    part('keys').value = key;
    await check(text);
    expect(part('verdict').textContent).toContain(message);
    expect(part('result').className).toBe('bad');
  });

  test('says so of a checkpoint that is none', async () => {
    part('checkpoints').files = [file('halo', 'catatan.txt')];
    await check(log.bundle().toString());
    expect(part('verdict').textContent).toBe('catatan.txt tidak berisi titik periksa.');
  });

  test('checks a large file in pieces, and says how far it is', async () => {
    const large = new OfficeLog();
    for (let number = 0; number < 1000; number++) large.add(large.access('REFUSED', opening + number, `${number}`));
    large.sign(opening + 2000);
    const told: string[] = [];
    part('status').onText = (text) => told.push(text);
    await check(large.bundle().toString());
    expect(part('report').textContent).toContain('1.000');
    expect(told.filter((text) => /\d+%$/.test(text)).length).toBeGreaterThan(0);
    expect(part('progress').max).toBeGreaterThan(500_000);
    expect(part('progress').hidden).toBe(true);
  });
});

class FakeElement implements PageElement {
  className = '';
  hidden = false;
  value: string | number = '';
  max = 1;
  disabled = true;
  files: PageFile[] | null = null;
  onText: ((text: string) => void) | undefined;
  focused: Promise<void>;
  focus!: () => void;
  private text: string | null = null;
  private readonly listeners = new Map<string, (event: PageEvent) => void>();

  constructor() {
    this.focused = new Promise((resolve) => (this.focus = resolve));
  }

  get textContent(): string | null {
    return this.text;
  }

  set textContent(text: string | null) {
    this.text = text;
    this.onText?.(text ?? '');
  }

  addEventListener(type: string, listener: (event: PageEvent) => void): void {
    this.listeners.set(type, listener);
  }

  fire(type: string): void {
    this.listeners.get(type)?.({ preventDefault: () => undefined });
  }
}
