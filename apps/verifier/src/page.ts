import { describeReceipt, describeReport, verdict } from '#evidence';
import { describeKit, kitVerdict } from '#report';
import { type FileVerdict } from './file-check.js';
import { messages } from './messages.js';
import { checkFile, readGiven } from './page-check.js';
import { type PageDocument, type PageElement, type PageFile } from './page-parts.js';

// The page: a file is chosen or dropped, checked here, and told about. Nothing leaves the computer.

declare const document: PageDocument;
declare const window: { print(): void };

const part = (id: string): PageElement => document.getElementById(id)!;
let chosen: PageFile | undefined;
let isBusy = false;

part('bundle').addEventListener('change', () => choose(part('bundle').files?.[0]));
part('check').addEventListener('click', () => void check());
part('print').addEventListener('click', () => window.print());
// dropped anywhere: a browser would open it instead
document.addEventListener('dragover', (event) => event.preventDefault());
document.addEventListener('drop', (event) => {
  event.preventDefault();
  choose(event.dataTransfer?.files[0]);
});

function choose(file: PageFile | undefined): void {
  if (file === undefined || isBusy) return;
  chosen = file;
  part('chosen').textContent = `${file.name} (${inMegabytes(file.size)})`;
  part('check').disabled = false;
  part('check').focus();
}

async function check(): Promise<void> {
  const file = chosen;
  if (file === undefined || isBusy) return;
  isBusy = true;
  part('result').hidden = true;
  part('check').disabled = true;
  part('progress').hidden = false;
  say('Sedang memeriksa…');
  try {
    const given = await readGiven(
      String(part('keys').value),
      Array.from(part('checkpoints').files ?? []),
      Array.from(part('receipts').files ?? []),
    );
    show(await checkFile(file, given, (done) => progress(done, file.size)));
  } catch (error) {
    show((error as Error).message);
  } finally {
    isBusy = false;
    part('check').disabled = false;
    part('progress').hidden = true;
  }
}

let told = 0;

function progress(done: number, size: number): void {
  part('progress').max = size;
  part('progress').value = done;
  // a screen reader is told every tenth
  const tenth = Math.floor((done / size) * 10);
  if (tenth !== told) say(`Sedang memeriksa… ${tenth * 10}%`);
  told = tenth;
}

function show(found: FileVerdict | string): void {
  const [mood, headline, report] = typeof found === 'string' ? ['bad', found, ''] : inWords(found);
  part('result').hidden = false;
  part('result').className = mood;
  part('verdict').textContent = headline;
  part('report').textContent = report;
  say(headline);
  part('verdict').focus();
}

function inWords(found: FileVerdict): [mood: 'good' | 'unsure' | 'bad', headline: string, report: string] {
  if (found.kind === 'BUNDLE') {
    const { report } = found;
    const mood = !report.ok ? 'bad' : report.isKeyPinned ? 'good' : 'unsure';
    return [mood, verdict(report), describeReport(report)];
  }
  if (found.kind === 'KIT') {
    const { kit } = found;
    const mood = !kit.ok ? 'bad' : kit.isKeyPinned ? 'good' : 'unsure';
    return [mood, kitVerdict(kit), describeKit(kit)];
  }
  if (found.kind === 'RECEIPT') {
    const text = describeReceipt(found.checked);
    const headline = text.split('\n').find((line) => line.startsWith('HASIL')) ?? '';
    return [found.checked.ok ? 'good' : 'bad', headline, text];
  }
  return ['bad', messages.id.faults[found.kind], ''];
}

function say(text: string): void {
  part('status').textContent = text;
}

function inMegabytes(bytes: number): string {
  return `${new Intl.NumberFormat('id-ID', { maximumFractionDigits: 1 }).format(bytes / 1_000_000)} MB`;
}
